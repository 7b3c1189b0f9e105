// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Markets
package import Numerics
package import TextKit

/// A whole book under many price vectors: who falls, for how much, and what is lacking.
///
/// A fast sum of every account in 32 scenarios at a time says who surely falls and who surely
/// stands (within a proven bound); the few in between are decided by `AffineBook.isLiquidatable`,
/// and amounts whose rounding is not sure by `AffineBook.health`. So the result is that of the
/// plain definition, whatever the threads, blocks and vector instructions.
///
/// - Complexity: memory of 24 bytes a row and about 40 an account beside the book, and 32 KiB for
///   each thread and each pair of venue and asset; independent of the number of scenarios.
package struct ScenarioEngine: Sendable {
  /// Scenarios that are worked on together; fixed, so that it cannot change anything.
  package static let blockSize = 1024
  /// Accounts and rows that one thread takes at a time.
  private static let chunkAccounts = 2_048
  private static let chunkRows = 16_384

  let book: AffineBook
  let deposited: [Micro]
  let snapshot: PriceSnapshot
  let map: ScenarioMap
  let tables: ScenarioTables
  let chunks: [Range<Int>]
  let chunkSize: TableSize
  let mostRows: Int
  let threads: Int
  let level: VectorLevel
  /// Sums over the book by which a block is known to fit 64 bits.
  private let gross: GrossSize

  /// Prepares a book.
  ///
  /// * `venues`: venue of each account.
  /// * `deposited`: protection of each account, which is part of health and of equity.
  /// * `snapshot`: confidences as shares of the price, and prices of assets that no scenario moves.
  /// * `level`: vector instructions; without influence on any result.
  /// - Throws: a data failure for a book of more than 2³¹ rows or lines.
  package init(
    _ book: AffineBook,
    venues: [Int32],
    deposited: [Micro],
    snapshot: PriceSnapshot,
    threads: Int,
    level: VectorLevel = .strongest
  ) throws(Failure) {
    precondition(
      venues.count == book.accountCount && deposited.count == book.accountCount,
      "Invariant: one venue and one deposit for each account"
    )
    (self.book, self.deposited, self.snapshot) = (book, deposited, snapshot)
    (self.threads, self.level) = (max(1, threads), level)
    let map = ScenarioMap(book, venues: venues, snapshot: snapshot)
    self.map = map
    let count = book.accountCount
    let part = 16_384
    let ranges = stride(from: 0, to: count, by: part).map { $0..<min(count, $0 + part) }
    let sizes = try Parallel.map(ranges.count, threads: threads) {
      (index: Int) throws(Failure) in book.tableSize(of: ranges[index])
    }
    var starts = [TableSize()]
    for size in sizes { starts.append(starts[starts.count - 1] + size) }
    let total = starts[starts.count - 1]
    guard max(total.rows, total.terms, total.lines) < Int(Int32.max) else {
      throw Failure(.data, "found a book of more than 2,147,483,646 rows; split it")
    }
    let tables = ScenarioTables(total, slots: map.slots.count)
    for (slot, entry) in map.slots.enumerated() {
      let place = entry.asset.map { map.placeOfAsset[$0] } ?? 0
      unsafe tables.slotOffset[slot] = place * 32
    }
    let begins = starts
    try Parallel.forEach(ranges.count, threads: threads) { (index: Int) throws(Failure) in
      tables.fill(
        ranges[index],
        from: book,
        venues: venues,
        deposited: deposited,
        snapshot: snapshot,
        map: map,
        start: begins[index]
      )
    }
    tables.close(total)
    self.tables = tables
    (chunks, chunkSize, mostRows) = ScenarioEngine.chunks(of: tables, accounts: count)
    gross = GrossSize(tables, total, assets: map)
  }

  /// Cuts the accounts into chunks, and says how large the largest is.
  private static func chunks(
    of tables: ScenarioTables,
    accounts: Int
  ) -> (chunks: [Range<Int>], size: TableSize, mostRows: Int) {
    var chunks: [Range<Int>] = []
    var size = TableSize()
    var mostRows = 0
    var first = 0
    for account in 0..<accounts {
      let next = account + 1
      mostRows = unsafe max(
        mostRows,
        Int(tables.firstRow[next] - tables.firstRow[account])
      )
      let rows = unsafe Int(tables.firstRow[next] - tables.firstRow[first])
      guard next == accounts || next - first == chunkAccounts || rows >= chunkRows else {
        continue
      }
      chunks.append(first..<next)
      let terms = unsafe Int(tables.firstTerm[next] - tables.firstTerm[first])
      let (tiered, end) = unsafe (tables.firstTiered[first], tables.firstTiered[next])
      let lines = unsafe Int(tables.firstLine[Int(end)] - tables.firstLine[Int(tiered)])
      size.accounts = max(size.accounts, next - first)
      size.rows = max(size.rows, rows)
      size.terms = max(size.terms, terms)
      size.tiered = max(size.tiered, Int(end - tiered))
      size.lines = max(size.lines, lines)
      first = next
    }
    return (chunks, size, mostRows)
  }

  /// The assets whose prices a scenario gives, in the order in which they are asked for.
  package var assets: [Int] { map.assets }

  /// Venue and asset of each place of sums; those of a venue as a whole come first, without asset.
  package var places: [(venue: Int, asset: Int?)] { map.slots }

  /// Runs scenarios block by block.
  ///
  /// * `count`: how many.
  /// * `prices`: fills prices of a range of scenarios, for each asset of `assets` one after the
  ///   other `range.count` prices, each finite and above 0.
  /// * `consume`: takes the sums of each block, in order.
  /// - Returns: when each account falls first and how often.
  /// - Throws: what the closures throw; a data failure when an amount cannot be held.
  package func run(
    count: Int,
    prices: (Range<Int>, inout [Double]) throws(Failure) -> Void,
    consume: (ScenarioBlock) throws(Failure) -> Void
  ) throws(Failure) -> ScenarioFalls {
    let panels = (min(count, ScenarioEngine.blockSize) + 31) / 32
    let memory = PanelMemory(assets: map.assets.count, panels: panels)
    let falls = FallMemory(accounts: book.accountCount)
    let workers = (0..<min(threads, max(1, chunks.count))).map { _ in
      ScenarioWorker(self, panels: panels, prices: memory, falls: falls)
    }
    var values: [Double] = []
    for first in stride(from: 0, to: count, by: ScenarioEngine.blockSize) {
      let range = first..<min(count, first + ScenarioEngine.blockSize)
      values.removeAll(keepingCapacity: true)
      values.reserveCapacity(map.assets.count * range.count)
      try prices(range, &values)
      precondition(
        values.count == map.assets.count * range.count,
        "Invariant: one price for each asset and scenario"
      )
      memory.pack(values, count: range.count)
      try solve(range, workers: workers, isWide: gross.isWide(memory))
      try consume(ScenarioBlock(scenarios: range, map: map, workers: workers))
    }
    return ScenarioFalls(first: falls.firstScenarios, falls: falls.falls)
  }
}

/// When accounts fall.
package struct ScenarioFalls: Sendable, Equatable {
  /// Index of the first scenario in which each account falls, −1 for never.
  package var first: [Int32]
  /// In how many scenarios each account falls.
  package var falls: [Int32]

  package init(first: [Int32], falls: [Int32]) { (self.first, self.falls) = (first, falls) }
}

/// Sums over a book that bound every sum of a block.
private struct GrossSize: Sendable {
  /// Σ |quantity| and Σ of the largest |slope|, by place of the asset.
  private var quantity: [Double]
  private var slope: [Double]
  private var constant = 0.0

  init(_ tables: ScenarioTables, _ size: TableSize, assets map: ScenarioMap) {
    quantity = Array(repeating: 0, count: map.assets.count)
    slope = quantity
    for row in 0..<size.rows where !map.slots.isEmpty {
      let offset = unsafe Int(tables.slotOffset[Int(tables.slot[row])])
      unsafe quantity[offset / 32] += tables.quantity[row].magnitude
    }
    for term in 0..<size.terms {
      unsafe slope[Int(tables.offset[term]) / 32] += tables.slope[term].magnitude
    }
    for row in 0..<size.tiered {
      let place = unsafe Int(tables.tieredOffset[row]) / 32
      let lines = unsafe Int(tables.firstLine[row])..<Int(tables.firstLine[row + 1])
      let constants = unsafe Int(tables.firstConstant[row]) - lines.lowerBound
      for line in lines {
        unsafe slope[place] += tables.lineSlope[line].magnitude
        unsafe constant += tables.lineConstant[constants + line].magnitude
      }
    }
    for account in 0..<size.accounts {
      unsafe constant += tables.magnitude[account] + tables.equity[account].magnitude
    }
  }

  /// Whether sums of a block may not fit 64 bits of micro-USD.
  func isWide(_ prices: PanelMemory) -> Bool {
    var sum = constant
    for place in quantity.indices {
      unsafe sum += (quantity[place] + slope[place]) * prices.highest[place]
    }
    return !(sum * 1e6 < 0x1p61)
  }
}
