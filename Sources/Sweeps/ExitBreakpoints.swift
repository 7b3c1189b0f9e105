// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Cycles
internal import Numerics
internal import Settings
package import TextKit

/// A level of an exit setting at which the outcome of some scenarios changes.
package struct ExitBreakpoint: Sendable, Equatable {
  package let axis: ExitLevel
  /// The smallest double that has the outcome of the levels above.
  package let level: Double
  /// How many scenarios change there.
  package let scenarios: Int
}

extension SweepEngine {
  /// The finitely many stop-loss and timeout levels at which any cycle of a cell ends at another
  /// step or for another reason, by axis and level.
  ///
  /// Each axis is varied alone, the other settings are the cell's: between the lowest and the
  /// highest value of the grid, over everything that may be set where the grid has less than two.
  ///
  /// * `threads`: no influence on the result.
  package func breakpoints(of cell: Cell, threads: Int) throws(Failure) -> [ExitBreakpoint] {
    var found: [ExitBreakpoint] = []
    let lists = try exitLevels(of: cell, threads: threads)
    for axis in ExitLevel.allCases {
      let levels = lists.flatMap { $0[axis] ?? [] }.sorted()
      var start = 0
      while start < levels.count {
        let end = levels[start...].firstIndex { $0 > levels[start] } ?? levels.count
        found.append(
          ExitBreakpoint(axis: axis, level: levels[start], scenarios: end - start)
        )
        start = end
      }
    }
    return found
  }

  /// The levels of each scenario at which a cell's cycles change, rising.
  package func exitLevels(
    of cell: Cell,
    threads: Int
  ) throws(Failure) -> [[ExitLevel: [Double]]] {
    let grid = try grid.narrowed(to: cell.values)
    let settings = try WorldSettings(cell.settings)
    let venues = try venues(cell.venueValues)
    let filter = try WalkFilter(grid, venues)
    guard filter.reasons.isEmpty else {
      throw Failure(
        .data,
        "breakpoints are not known of cells with " + filter.reasons.joined(separator: ", ")
          + "; leave out --exact-breakpoints"
      )
    }
    let plan = StagePlan(grid, [0], filter)
    guard inputs.paths.count > 0 else { return [] }
    let input = try world(venues, scenario: 0)
    let book = try BookStages(plan, input, threads: threads)
    return try Parallel.map(inputs.paths.count, threads: threads) {
      (scenario: Int) throws(Failure) -> [ExitLevel: [Double]] in
      let path = try inputs.paths.path(scenario)
      if let same = WorldInput(input, path: path, scenario: scenario) {
        return try exitLevels(settings, book, same)
      }
      // Another start is another compiled book.
      let own = try world(venues, path, scenario: scenario)
      return try exitLevels(settings, try BookStages(plan, own, threads: 1), own)
    }
  }

  private func exitLevels(
    _ settings: WorldSettings,
    _ book: BookStages,
    _ input: WorldInput
  ) throws(Failure) -> [ExitLevel: [Double]] {
    let lanes = book.lanes
    let track = OracleTrack(settings.oracle, input)
    let bare = BareFalls(lanes, track)
    let run = ProtectionRun(book.protection(of: 0), lanes, track, bare)
    let flow = FlowMemory(FlowMemory(lanes, track, bare), run)
    var levels: [ExitLevel: [Double]] = [:]
    for timeline in try ClusterTimeline.of(book.ground(of: 0), track, bare, [run]) {
      for axis in ExitLevel.allCases {
        levels[axis] =
          try Breakpoints(
            of: axis,
            in: range(of: axis),
            settings.vault,
            timeline,
            lanes,
            track,
            flow
          ).levels
      }
    }
    return levels
  }

  /// The levels that are looked at.
  package func range(of axis: ExitLevel) -> ClosedRange<Double> {
    if let values = grid.axes.first(where: { $0.name == axis.rawValue })?.values,
      let low = values.min(), let high = values.max(), low < high
    {
      return low...high
    }
    let setting = Setting.all.first { $0.name == axis.rawValue }
    guard case .number(let bounds)? = setting?.kind else { return 1...1 }
    return
      (bounds.excludesLow ? bounds.low.nextUp : bounds.low)...(bounds.excludesHigh
      ? bounds.high.nextDown : bounds.high)
  }
}
