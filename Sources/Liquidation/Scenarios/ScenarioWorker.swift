// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CSIMD
internal import Markets
internal import Numerics
internal import Synchronization
internal import TextKit

/// What is added up for accounts that fall.
enum SumKind: Int, CaseIterable {
  case accounts, size, shortfall, badDebt
}

/// One thread's share of a block: scratch and sums of its own.
final class ScenarioWorker: Sendable {
  private let engine: ScenarioEngine
  private let prices: PanelMemory
  private let falls: FallMemory
  private let scratch: ChunkMemory
  let sums: SumMemory

  init(_ engine: ScenarioEngine, panels: Int, prices: PanelMemory, falls: FallMemory) {
    (self.engine, self.prices, self.falls) = (engine, prices, falls)
    scratch = ChunkMemory(engine.chunkSize, mostRows: engine.mostRows)
    sums = SumMemory(slots: engine.map.slots.count, panels: panels)
  }

  /// Takes one chunk of accounts through all scenarios of a block.
  func solve(_ chunk: Range<Int>, block: Range<Int>, isWide: Bool) throws(Failure) {
    let level = engine.level
    level.fold(engine.tables, chunk: chunk, prices: prices, into: scratch)
    var scenario = ScenarioPrices(engine.snapshot)
    for panel in 0..<(block.count + 31) / 32 {
      let found = level.scan(panel: panel, prices: prices, in: scratch)
      guard found > 0 else { continue }
      let lanes = block.count - panel * 32
      let valid = lanes >= 32 ? UInt32.max : (1 << UInt32(lanes)) - 1
      var fallen = 0
      for index in 0..<found {
        var hit = unsafe scratch.hits[index]
        hit.below &= valid
        hit.near &= valid
        let account = chunk.lowerBound + Int(hit.account)
        if hit.near != 0 { hit.below |= decide(account, hit.near, panel: panel, &scenario) }
        guard hit.below != 0 else { continue }
        falls.add(account, lanes: hit.below, firstScenario: block.lowerBound + panel * 32)
        hit.near = hit.below
        unsafe scratch.hits[fallen] = hit
        fallen += 1
      }
      let left =
        isWide
        ? fallen
        : level.settle(
          engine.tables,
          first: chunk.lowerBound,
          hitCount: fallen,
          panel: panel,
          prices: prices,
          in: scratch,
          sums: sums
        )
      for index in 0..<left {
        let hit = unsafe scratch.hits[index]
        let account = chunk.lowerBound + Int(hit.account)
        var rest = hit.near
        while rest != 0 {
          let place = panel * 32 + rest.trailingZeroBitCount
          scenario.go(to: place, engine.map, prices)
          try settle(account, place: place, scenario, isWide: isWide)
          rest &= rest - 1
        }
      }
    }
  }

  /// Decides the lanes that the sum leaves open.
  private func decide(
    _ account: Int,
    _ near: UInt32,
    panel: Int,
    _ scenario: inout ScenarioPrices
  ) -> UInt32 {
    var fallen: UInt32 = 0
    var rest = near
    while rest != 0 {
      let lane = rest.trailingZeroBitCount
      scenario.go(to: panel * 32 + lane, engine.map, prices)
      let falls = engine.book.isLiquidatable(
        account: account,
        deposited: engine.deposited[account],
        prices: scenario.prices,
        confidences: scenario.confidences
      )
      if falls { fallen |= 1 << UInt32(lane) }
      rest &= rest - 1
    }
    return fallen
  }

  /// Adds one fallen account in one scenario by exact arithmetic.
  private func settle(
    _ account: Int,
    place: Int,
    _ scenario: borrowing ScenarioPrices,
    isWide: Bool
  ) throws(Failure) {
    let book = engine.book
    var equity = DoubleDouble(high: book.equityFixed(of: account), low: 0)
    equity = equity + DoubleDouble(high: usd(engine.deposited[account]), low: 0)
    var sizes: [Micro] = []
    for row in book.rows(of: account) {
      let price = scenario.prices[Int(book.asset[row])]
      sizes.append(try micro(book.quantity[row].magnitude * price))
      equity = equity + DoubleDouble.exactProduct(book.quantity[row], price)
    }
    let health = book.health(
      of: account,
      deposited: engine.deposited[account],
      prices: scenario.prices,
      confidences: scenario.confidences
    )
    let lacking = ScenarioWorker.parts(of: max(0, try micro(-health)), by: sizes)
    let debts = ScenarioWorker.parts(of: max(0, try micro(-equity.rounded)), by: sizes)
    let venue = unsafe Int(engine.tables.venueSlot[account])
    let firstRow = unsafe Int(engine.tables.firstRow[account])
    sums.add(1, .accounts, slot: venue, scenario: place, isWide: isWide)
    for index in sizes.indices {
      let slot = unsafe Int(engine.tables.slot[firstRow + index])
      sums.add(1, .accounts, slot: slot, scenario: place, isWide: isWide)
      sums.add(sizes[index], .size, slot: slot, scenario: place, isWide: isWide)
      sums.add(lacking[index], .shortfall, slot: slot, scenario: place, isWide: isWide)
      sums.add(debts[index], .badDebt, slot: slot, scenario: place, isWide: isWide)
    }
  }

  /// Splits an amount in proportion to sizes; the last part takes the rest.
  ///
  ///     part_i = min(rint(size_i · (amount / Σ size)), rest)
  ///
  /// - Edge cases: all of it is the first part when every size is 0.
  static func parts(of amount: Micro, by sizes: [Micro]) -> [Micro] {
    var parts = Array(repeating: Micro(0), count: sizes.count)
    guard amount > 0, let last = sizes.indices.last else { return parts }
    let total = sizes.reduce(Int128(0)) { $0 + Int128($1) }
    guard total > 0 else {
      parts[0] = amount
      return parts
    }
    let rate = Double(amount) / nearestDouble(total)
    var rest = amount
    for index in sizes.indices.dropLast() {
      let part = (Double(sizes[index]) * rate).rounded(.toNearestOrEven)
      parts[index] = part < Double(rest) ? Micro(part) : rest
      rest -= parts[index]
    }
    parts[last] = rest
    return parts
  }
}

/// Prices and confidences of one scenario by asset, for exact arithmetic.
struct ScenarioPrices {
  private(set) var prices: [Double]
  private(set) var confidences: [Double]
  private let ratios: [Double]
  private var present = -1

  init(_ snapshot: PriceSnapshot) {
    (prices, confidences) = (snapshot.prices, snapshot.confidences)
    ratios = snapshot.confidenceRatios
  }

  /// Takes the prices of a scenario of the block; confidence stays a share of the price.
  mutating func go(to scenario: Int, _ map: ScenarioMap, _ panels: PanelMemory) {
    guard scenario != present else { return }
    present = scenario
    for (place, asset) in map.assets.enumerated() {
      prices[asset] = panels.price(asset: place, scenario: scenario)
      confidences[asset] = ratios[asset] * prices[asset]
    }
  }
}

extension ScenarioEngine {
  /// Takes every chunk through a block; threads take chunks as they come, sums do not depend on it.
  func solve(_ block: Range<Int>, workers: [ScenarioWorker], isWide: Bool) throws(Failure) {
    let next = Atomic<Int>(0)
    let failed = Mutex<(chunk: Int, failure: Failure)?>(nil)
    try Parallel.forEach(workers.count, threads: workers.count) {
      (index: Int) throws(Failure) in
      let worker = workers[index]
      worker.sums.clear()
      while true {
        let chunk = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard chunk < chunks.count, failed.withLock({ ($0?.chunk ?? .max) > chunk }) else {
          return
        }
        do throws(Failure) {
          try worker.solve(chunks[chunk], block: block, isWide: isWide)
        } catch {
          let failure = error
          failed.withLock { (kept: inout (chunk: Int, failure: Failure)?) in
            if chunk < (kept?.chunk ?? .max) { kept = (chunk, failure) }
          }
        }
      }
    }
    if let failed = failed.withLock({ $0 }) { throw failed.failure }
  }
}
