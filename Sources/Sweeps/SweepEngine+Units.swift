// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Cycles
internal import Markets
internal import Numerics
package import TextKit

/// Which cells agree on the venue file, so that they share a compiled book.
struct VenueGroups: Sendable {
  private let grid: Grid
  private let keys: StageKeys
  /// The cells of each group, ascending; none where there is one group alone.
  private let members: [[UInt32]]
  /// Number of groups.
  var count: Int { keys.count }

  init(_ grid: Grid) {
    self.grid = grid
    keys = StageKeys(grid, reading: [])
    var members: [[UInt32]] = []
    if keys.count > 1 {
      members = Array(repeating: [], count: keys.count)
      for cell in 0..<grid.count {
        members[keys.key(of: grid.point(of: cell))].append(UInt32(cell))
      }
    }
    self.members = members
  }

  /// Points of those of some cells that belong to a group; a constraint may leave a group none.
  func cells(of group: Int, in cells: Range<Int>) -> [Int] {
    guard count > 1 else { return grid.isProduct ? Array(cells) : cells.map(grid.point(of:)) }
    let own = members[group]
    let found = first(of: own, from: cells.lowerBound)..<first(of: own, from: cells.upperBound)
    return own[found].map { grid.point(of: Int($0)) }
  }

  /// Place of the first cell of an ascending list that is not below another.
  private func first(of list: [UInt32], from cell: Int) -> Int {
    var (low, high) = (0, list.count)
    while low < high {
      let middle = (low + high) / 2
      if Int(list[middle]) < cell { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The point of a cell.
  func point(of cell: Int) -> Int { grid.point(of: cell) }

  /// The group of a point.
  func group(of point: Int) -> Int { count == 1 ? 0 : keys.key(of: point) }
}

extension SweepEngine {
  /// Runs units of work, sharing the work of cells that cannot differ (DESIGN 9).
  ///
  /// Results equal those of the reference world for every cell, to the last micro-USD. The bytes of
  /// a unit are the same on every run and any number of threads.
  ///
  /// * `units`: numbers from 0; work is shared best when they are in order.
  /// * `log`: learns how often each stage ran and how long.
  /// * `isCancelled`: asked before each batch; nothing is begun once it says yes.
  /// * `progress`: called with the number of cells that were finished, times their scenarios, from
  ///   any thread.
  /// * `done`: gets each finished unit with its bytes, one call at a time on the calling thread.
  /// - Throws: what a unit fails with, or `done`; units that were handed over stay good.
  package func run(
    units: [Int],
    threads: Int,
    log: StageLog = StageLog(),
    isCancelled: @Sendable () -> Bool,
    progress: @Sendable (_ cellScenarios: Int) -> Void,
    done: (Int, [UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    let unitPlan = self.units
    let groups = VenueGroups(grid)
    var books = BookShelf()
    var rest = units[...]
    while !rest.isEmpty, !isCancelled() {
      let batch = UnitBatch(of: rest, unitPlan, atMost: max(1, threads))
      rest = rest.dropFirst(batch.units.count)
      var bytes = batch.units.map { _ in ByteWriter() }
      for group in 0..<groups.count {
        let cells = batch.blocks.flatMap { groups.cells(of: group, in: unitPlan.cells(of: $0)) }
        guard !cells.isEmpty else { continue }
        let filter = try walks(at: cells[0])
        let plan = StagePlan(grid, cells, filter)
        let parts = try parts(plan, cells[0], batch, group, groups, &books, log, threads: threads) {
          progress(cells.count)
        }
        for (place, unit) in batch.units.enumerated() {
          let own = groups.cells(of: group, in: unitPlan.cells(of: unit))
          guard !own.isEmpty else { continue }
          let made = parts[place / batch.blocks.count]
          bytes[place].put(
            own.count == cells.count
              ? made : made.restricted(from: plan, to: StagePlan(grid, own, filter))
          )
        }
      }
      for (unit, writer) in zip(batch.units, bytes) { try done(unit, writer.sealed) }
    }
  }

  /// Runs the scenarios of a batch for cells that agree on the venue file.
  private func parts(
    _ plan: StagePlan,
    _ some: Int,
    _ batch: UnitBatch,
    _ group: Int,
    _ groups: VenueGroups,
    _ books: inout BookShelf,
    _ log: StageLog,
    threads: Int,
    finished: @Sendable () -> Void
  ) throws(Failure) -> [ScenarioParts] {
    let scenarios = batch.scenarios
    let outer = min(threads, scenarios.count)
    let inner = max(1, threads / max(1, outer))
    let known: BookShelf.Entry
    if let kept = books.entry(of: group) {
      known = kept
    } else {
      let all = groups.cells(of: group, in: 0..<grid.count)
      let venues = try venues(grid.venueValues(of: some))
      let input = try world(venues, scenario: scenarios[0])
      let whole =
        all.count == grid.count && batch.isWhole
        ? plan : StagePlan(grid, all, try walks(at: some))
      known = BookShelf.Entry(
        venues: venues,
        input: input,
        plan: whole,
        book: try log.measure("book") { () throws(Failure) in
          try BookStages(whole, input, threads: threads)
        }
      )
      books.keep(known, of: group)
    }
    return try Parallel.map(scenarios.count, threads: outer) {
      (index: Int) throws(Failure) -> ScenarioParts in
      let scenario = scenarios[index]
      let made: ScenarioParts
      let path = try inputs.paths.path(scenario)
      if let same = WorldInput(known.input, path: path, scenario: scenario) {
        made = try ScenarioParts(plan, known.book, path: same, log, threads: inner)
      } else {
        // Another start is another compiled book.
        let own = try world(known.venues, path, scenario: scenario)
        let book = try BookStages(known.plan, own, threads: inner)
        made = try ScenarioParts(plan, book, path: own, log, threads: inner)
      }
      finished()
      return made
    }
  }

  /// A scenario compiled for some venues.
  func world(
    _ venues: VenueCatalogue,
    scenario: Int
  ) throws(Failure) -> WorldInput {
    try world(venues, try inputs.paths.path(scenario), scenario: scenario)
  }

  /// The same of a path that is at hand.
  func world(
    _ venues: VenueCatalogue,
    _ path: PricePath,
    scenario: Int
  ) throws(Failure) -> WorldInput {
    try WorldInput(
      book: inputs.book,
      catalogue: venues,
      path: path,
      confidenceRatios: inputs.confidenceRatios,
      slot0: inputs.slot0,
      seed: inputs.seed,
      scenario: scenario
    )
  }
}

/// Units that are run together: some scenarios with the same blocks of cells.
private struct UnitBatch {
  private(set) var units: [Int] = []
  private(set) var scenarios: [Int] = []
  private(set) var blocks: [Int] = []
  let isWhole: Bool

  /// The first units of a list that belong to at most so many scenarios with equal blocks.
  init(of list: ArraySlice<Int>, _ plan: UnitPlan, atMost count: Int) {
    var own: [Int] = []
    var place = list.startIndex
    while place < list.endIndex, scenarios.count < count {
      let scenario = plan.scenario(of: list[place])
      own = []
      var end = place
      while end < list.endIndex, plan.scenario(of: list[end]) == scenario {
        own.append(list[end] % plan.blockCount)
        end += 1
      }
      if scenarios.isEmpty { blocks = own } else if own != blocks { break }
      units += list[place..<end]
      scenarios.append(scenario)
      place = end
    }
    isWhole = blocks.count == plan.blockCount
  }
}

/// The compiled books of the venue groups that were run last.
private struct BookShelf {
  /// A compiled book with what every scenario shares.
  struct Entry: Sendable {
    let venues: VenueCatalogue
    let input: WorldInput
    let plan: StagePlan
    let book: BookStages
  }

  /// More books than these would fill the memory.
  private static let most = 4
  private var entries: [(group: Int, entry: Entry)] = []

  func entry(of group: Int) -> Entry? { entries.first { $0.group == group }?.entry }

  mutating func keep(_ entry: Entry, of group: Int) {
    if entries.count == BookShelf.most { entries.removeFirst() }
    entries.append((group, entry))
  }
}
