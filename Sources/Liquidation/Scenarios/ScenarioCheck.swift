// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CSIMD
internal import Numerics
package import TextKit

extension ScenarioEngine {
  /// Recomputes health and equity of a block as dense products of matrices and compares.
  ///
  /// Health of every account without a row that changes its tier, by `dgemm` of its lines with the
  /// prices, must be on the side of 0 on which the scan saw it; equity must be that of the plain
  /// sum in order of the rows. Both within the bounds of their roundings.
  /// * `prices`: for each asset of `assets` one after the other, `count` prices.
  /// - Throws: an internal failure naming account and scenario where they disagree.
  /// - Complexity: accounts · assets · scenarios; for checks, not for speed.
  package func check(prices: [Double], count: Int) throws(Failure) {
    guard count > 0 else { return }
    let memory = PanelMemory(assets: assets.count, panels: (count + 31) / 32)
    memory.pack(prices, count: count)
    try Parallel.forEach(chunks.count, threads: threads) { (index: Int) throws(Failure) in
      let scratch = ChunkMemory(chunkSize, mostRows: mostRows)
      let chunk = chunks[index]
      level.fold(tables, chunk: chunk, prices: memory, into: scratch)
      try checkHealth(chunk, scratch, memory, prices, count)
      try checkEquity(chunk, prices, count)
    }
  }

  private func checkHealth(
    _ chunk: Range<Int>,
    _ scratch: ChunkMemory,
    _ memory: PanelMemory,
    _ prices: [Double],
    _ count: Int
  ) throws(Failure) {
    let folded = unsafe scratch.folded.pointee
    var slopes = Array(repeating: 0.0, count: chunk.count * assets.count)
    for account in 0..<chunk.count {
      for term in unsafe Int(folded.firstTerm[account])..<Int(folded.firstTerm[account + 1]) {
        let place = unsafe Int(folded.offset[term]) / 32
        unsafe slopes[account * assets.count + place] += folded.slope[term]
      }
    }
    let health = try LinearAlgebra.product(
      slopes,
      prices,
      rows: chunk.count,
      inner: assets.count,
      columns: count
    )
    for panel in 0..<(count + 31) / 32 {
      var below = Array(repeating: UInt32(0), count: chunk.count)
      var near = below
      for index in 0..<level.scan(panel: panel, prices: memory, in: scratch) {
        let hit = unsafe scratch.hits[index]
        below[Int(hit.account)] = hit.below
        near[Int(hit.account)] = hit.near
      }
      for account in 0..<chunk.count
      where unsafe folded.firstBend[account] == folded.firstBend[account + 1] {
        let (constant, bound) = unsafe (folded.constant[account], folded.bound[account])
        for lane in 0..<min(32, count - panel * 32) where near[account] >> UInt32(lane) & 1 == 0 {
          let value = health[account * count + panel * 32 + lane] + constant
          let isBelow = below[account] >> UInt32(lane) & 1 == 1
          guard isBelow ? value < bound : value > -bound else {
            throw disagreement("health", chunk.lowerBound + account, panel * 32 + lane)
          }
        }
      }
    }
  }

  private func checkEquity(
    _ chunk: Range<Int>,
    _ prices: [Double],
    _ count: Int
  ) throws(Failure) {
    var quantities = Array(repeating: 0.0, count: chunk.count * assets.count)
    for account in chunk where book.canFall(account) {
      for row in book.rows(of: account) {
        let place = Int(map.placeOfAsset[Int(book.asset[row])])
        quantities[(account - chunk.lowerBound) * assets.count + place] += book.quantity[row]
      }
    }
    let values = try LinearAlgebra.product(
      quantities,
      prices,
      rows: chunk.count,
      inner: assets.count,
      columns: count
    )
    for account in chunk where book.canFall(account) {
      for scenario in 0..<count {
        var sum = 0.0
        var magnitude = 0.0
        for row in book.rows(of: account) {
          let place = Int(map.placeOfAsset[Int(book.asset[row])])
          let value = book.quantity[row] * prices[place * count + scenario]
          sum += value
          magnitude += value.magnitude
        }
        let bound = Double(book.rows(of: account).count + 16) * 0x1p-52 * magnitude
        let dense = values[(account - chunk.lowerBound) * count + scenario]
        guard (dense - sum).magnitude <= bound else {
          throw disagreement("equity", account, scenario)
        }
      }
    }
  }

  private func disagreement(_ what: String, _ account: Int, _ scenario: Int) -> Failure {
    Failure(
      .internalError,
      "check: \(what) of account \(account + 1) of the book in scenario \(scenario + 1) of its"
        + " block differs from the dense product; please report this"
    )
  }
}
