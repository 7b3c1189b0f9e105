// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Clusters
internal import Numerics
package import TextKit

/// A setting of the vault whose levels decide when cycles end.
package enum ExitLevel: String, CaseIterable, Sendable {
  case stopLoss = "vault.stop_loss"
  case timeout = "vault.timeout_s"

  /// Settings with another level, read as `VaultSettings` reads it.
  func replaced(in settings: VaultSettings, by level: Double) -> VaultSettings {
    var settings = settings
    switch self {
    case .stopLoss: settings.stopLoss = level
    case .timeout:
      settings.timeoutMilliseconds = Int64((level * 1000).rounded(.toNearestOrEven))
    }
    return settings
  }

  /// The exit that this setting makes.
  fileprivate var reason: ExitReason {
    switch self {
    case .stopLoss: .stopLoss
    case .timeout: .timeout
    }
  }
}

/// The levels of one exit setting at which any cycle of the vault ends at another step or for
/// another reason, along one path and all else being equal.
///
/// The vault is walked with an interval of levels in place of one. From a deployment a higher
/// level is met at the same step or a later one, so the prices and times that are met cut the
/// interval into runs of equal exits, and each run is walked on by itself. Within a run every
/// cycle is the same, to the micro-dollar but for the gap loss, which measures from the level.
package struct Breakpoints: Sendable {
  /// A level belongs to the outcome above it: it is the smallest double that has it. Rising.
  package private(set) var levels: [Double] = []

  /// An interval of levels that have had the same cycles so far.
  private struct Branch {
    var range: ClosedRange<Double>
    /// First step at which the vault may deploy.
    var start: Int
    var capital: Micro
    var cycles = 0
    var blocked: [VaultMachine.BlockedBin] = []
  }

  /// A part of an interval whose levels leave a position at the same step for the same reason.
  private struct Exit {
    var range: ClosedRange<Double>
    var step: Int
    var reason: ExitReason
  }

  private let axis: ExitLevel
  private let settings: VaultSettings
  private let track: OracleTrack
  private let flow: FlowMemory
  private let approaches: ApproachIndex

  /// Finds the levels above the lower end of a range, up to its upper end.
  ///
  /// * `range`: levels above 0.
  /// * `settings`: everything but the level.
  /// - Complexity: what is left of the path for each run of levels.
  /// - Throws: a data failure for amounts that do not fit.
  package init(
    of axis: ExitLevel,
    in range: ClosedRange<Double>,
    _ settings: VaultSettings,
    _ timeline: ClusterTimeline,
    _ lanes: AccountLanes,
    _ track: OracleTrack,
    _ flow: FlowMemory
  ) throws(Failure) {
    self.axis = axis
    self.settings = settings
    self.track = track
    self.flow = flow
    approaches = ApproachIndex(timeline, track, ranks: lanes.input.ranks)
    var work = [Branch(range: range, start: 0, capital: settings.capital)]
    while let branch = work.popLast() { try advance(branch, &work) }
    levels.sort()
  }

  /// Takes one cycle of a branch; the runs that it falls into go back to the work.
  private mutating func advance(_ branch: Branch, _ work: inout [Branch]) throws(Failure) {
    let amount = min(settings.deploy, branch.capital)
    let lowest = axis.replaced(in: settings, by: branch.range.lowerBound)
    guard lowest != axis.replaced(in: settings, by: branch.range.upperBound),
      amount > 0, amount >= settings.minDeploy,
      let (step, cluster) = approaches.next(
        from: branch.start,
        settings,
        blocked: branch.blocked
      ),
      let column = track.spot[cluster.asset]
    else { return }
    var position = try Deployment(
      cluster,
      amount: amount,
      time: track.times[step],
      spot: column.values[step]
    )
    var passages = FirstPassages(position, at: step, column, track)
    let exits = exits(of: branch.range, &passages, position, column)
    levels += exits.dropFirst().map(\.range.lowerBound)
    var at = step
    for exit in exits {
      try position.move(from: &at, to: exit.step, column, flow, flowShare: settings.flowShare)
      let record = try position.settled(
        cycle: branch.cycles + 1,
        at: column.values[exit.step],
        time: track.times[exit.step],
        reason: exit.reason,
        axis.replaced(in: settings, by: exit.range.upperBound)
      )
      var next = branch
      next.range = exit.range
      next.start = exit.step + 1
      next.capital = try sum(branch.capital, record.pnl)
      next.cycles += 1
      next.blocked.removeAll { !$0.holds(at: record.exitedAt, settings) }
      if exit.reason == .stopLoss || exit.reason == .timeout {
        next.blocked.append(
          VaultMachine.BlockedBin(
            asset: cluster.asset,
            bin: cluster.bin,
            exitedAt: record.exitedAt
          )
        )
      }
      work.append(next)
    }
  }

  /// The runs of levels that leave a position together, rising.
  private func exits(
    of range: ClosedRange<Double>,
    _ passages: inout FirstPassages,
    _ position: Deployment,
    _ column: PriceColumn
  ) -> [Exit] {
    var exits: [Exit] = []
    var next: Double? = range.lowerBound
    while let level = next {
      let own = axis.replaced(in: settings, by: level)
      let (step, reason) = passages.exit(own)
      if let last = exits.last, (last.step, last.reason) == (step, reason) {
        // With a delayed crank another first passage may lead to the same exit.
        exits[exits.count - 1].range = last.range.lowerBound...range.upperBound
      } else {
        if let last = exits.last {
          exits[exits.count - 1].range = last.range.lowerBound...level.nextDown
        }
        exits.append(Exit(range: level...range.upperBound, step: step, reason: reason))
      }
      // An exit for another reason comes before this one's at every higher level too.
      next = reason == axis.reason ? change(after: own, level...range.upperBound) : nil
    }
    return exits

    /// The smallest level above the lower end at which the passage is another one.
    func change(after own: VaultSettings, _ rest: ClosedRange<Double>) -> Double? {
      switch axis {
      case .stopLoss:
        let passage = passages.stop(own)
        let price = max(column.values[passage.first], column.values[passage.exit])
        return Breakpoints.smallest(in: rest) { (level: Double) -> Bool in
          price > position.deployPrice * (1 - level)
        }
      case .timeout:
        let elapsed = track.times[passages.exit(own).step] - position.deployedAt
        return Breakpoints.smallest(in: rest) { (level: Double) -> Bool in
          let wait = axis.replaced(in: settings, by: level).timeoutMilliseconds
          return wait + settings.crankDelayMilliseconds > elapsed
        }
      }
    }
  }

  /// The smallest double of an interval for which something is true that stays true above it; nil
  /// for none.
  ///
  /// Doubles above 0 are in the order of their bits.
  private static func smallest(
    in range: ClosedRange<Double>,
    where holds: (Double) -> Bool
  ) -> Double? {
    guard holds(range.upperBound) else { return nil }
    var (low, high) = (range.lowerBound.bitPattern, range.upperBound.bitPattern)
    while low < high {
      let middle = low + (high - low) / 2
      if holds(Double(bitPattern: middle)) { high = middle } else { low = middle + 1 }
    }
    return Double(bitPattern: low)
  }
}
