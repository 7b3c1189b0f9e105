// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Clusters
internal import Numerics
package import TextKit

/// The vault's cycles of many settings along one path, shared as long as they cannot differ.
///
/// Settings that agree on everything but when a cycle ends walk together: from one deployment the
/// first passages of every stop-loss, recover and timeout level are found once, settings that leave
/// at the same step for the same reason stay together, and only they go on as one.
package struct VaultRun: Sendable {
  /// Totals by place of the settings.
  package private(set) var totals: [VaultTotals]
  /// Micro-USD that the cycles made or lost beside their P&L, 0 unless we have a bug.
  package private(set) var imbalance: UInt128 = 0

  /// Settings that have had the same cycles so far.
  private struct Group {
    var variants: [Int32]
    /// First step at which the vault may deploy.
    var start: Int
    var capital: Micro
    var totals = VaultTotals()
    var blocked: [VaultMachine.BlockedBin] = []
  }

  /// An exit that some settings share.
  private struct Exit {
    var step: Int
    var reason: ExitReason
    var variants: [Int32]
  }

  private let settings: [VaultSettings]
  private let track: OracleTrack
  private let approaches: ApproachIndex
  private let flow: FlowMemory

  /// Runs the vault under each of some settings.
  package init(
    _ settings: [VaultSettings],
    _ timeline: ClusterTimeline,
    _ lanes: AccountLanes,
    _ track: OracleTrack,
    _ flow: FlowMemory
  ) throws(Failure) {
    self.settings = settings
    self.track = track
    self.flow = flow
    approaches = ApproachIndex(timeline, track, ranks: lanes.input.ranks)
    totals = Array(repeating: VaultTotals(), count: settings.count)
    var groups: [VaultSettings: Int] = [:]
    var work: [Group] = []
    for (variant, own) in settings.enumerated() {
      let key = own.withoutExits
      if let place = groups[key] {
        work[place].variants.append(Int32(variant))
      } else {
        groups[key] = work.count
        work.append(Group(variants: [Int32(variant)], start: 0, capital: own.capital))
      }
    }
    while let group = work.popLast() {
      try advance(group, &work)
    }
  }

  /// Takes one cycle of a group; what remains of it goes back to the work.
  private mutating func advance(_ group: Group, _ work: inout [Group]) throws(Failure) {
    let common = settings[Int(group.variants[0])]
    let amount = min(common.deploy, group.capital)
    guard amount > 0, amount >= common.minDeploy,
      let (step, cluster) = approaches.next(from: group.start, common, blocked: group.blocked),
      let column = track.spot[cluster.asset]
    else {
      for variant in group.variants { totals[Int(variant)] = group.totals }
      return
    }
    var position = try Deployment(
      cluster,
      amount: amount,
      time: track.times[step],
      spot: column.values[step]
    )
    var at = step
    for exit in exits(of: group.variants, position, at: step, column) {
      try move(&position, from: &at, to: exit.step, column, common.flowShare)
      var left = exit.variants
      while let variant = left.first {
        let own = settings[Int(variant)]
        let record = try position.settled(
          cycle: group.totals.cycles + 1,
          at: column.values[exit.step],
          time: track.times[exit.step],
          reason: exit.reason,
          own
        )
        var same: [Int32] = []
        var others: [Int32] = []
        for candidate in left {
          let stop = settings[Int(candidate)].stopLoss
          let gap =
            stop == own.stopLoss
            ? record.gapLoss : try position.gapLoss(exitPrice: record.exitPrice, stopLoss: stop)
          if gap == record.gapLoss { same.append(candidate) } else { others.append(candidate) }
        }
        left = others
        work.append(try next(group, same, record, exit, cluster))
      }
    }
  }

  /// The group after a cycle.
  private mutating func next(
    _ group: Group,
    _ variants: [Int32],
    _ record: CycleRecord,
    _ exit: Exit,
    _ cluster: Cluster
  ) throws(Failure) -> Group {
    var next = group
    next.variants = variants
    next.start = exit.step + 1
    next.capital = try sum(group.capital, record.pnl)
    next.totals.add(record)
    if exit.reason == .stopLoss || exit.reason == .timeout {
      next.blocked.append(
        VaultMachine.BlockedBin(
          asset: cluster.asset,
          bin: cluster.bin,
          exitedAt: record.exitedAt
        )
      )
    }
    let moved =
      Int128(record.proceeds) - Int128(record.spent) + Int128(record.fees)
      - Int128(record.costs) - Int128(record.performanceFee)
    imbalance += (moved - Int128(record.pnl)).magnitude
    return next
  }

  /// Lets a position live through the steps up to one, those above its range at once.
  private func move(
    _ position: inout Deployment,
    from at: inout Int,
    to end: Int,
    _ column: PriceColumn,
    _ flowShare: Double
  ) throws(Failure) {
    let cluster = position.cluster
    while at < end {
      if column.values[at] > cluster.high {
        // The next step at which the range is touched.
        let touched = column.first(
          outside: cluster.high.nextUp,
          .infinity,
          from: at + 1,
          before: end + 1
        )
        let last = (touched ?? end + 1) - 1
        if last > at {
          position.pass(to: column.values[last])
          at = last
          continue
        }
      }
      at += 1
      let step = at
      try position.move(
        to: column.values[step],
        flow: { () throws(Failure) in try flow.amount(asset: cluster.asset, at: step) },
        flowShare: flowShare
      )
    }
  }

  // MARK: - Exits

  /// When and why each of some settings leaves a position, by step.
  private func exits(
    of variants: [Int32],
    _ position: Deployment,
    at step: Int,
    _ column: PriceColumn
  ) -> [Exit] {
    var passages = FirstPassages(position, at: step, column, track)
    var exits: [Exit] = []
    var places: [Int: Int] = [:]
    for variant in variants {
      let (end, reason) = passages.exit(settings[Int(variant)])
      let key = end * 4 + reason.rank
      if let place = places[key] {
        exits[place].variants.append(variant)
      } else {
        places[key] = exits.count
        exits.append(Exit(step: end, reason: reason, variants: [variant]))
      }
    }
    return exits.sorted { ($0.step, $0.reason.rank) < ($1.step, $1.reason.rank) }
  }
}

extension ExitReason {
  /// Which of two exits of the same step comes first.
  fileprivate var rank: Int {
    switch self {
    case .recover: 0
    case .stopLoss: 1
    case .timeout: 2
    case .end: 3
    }
  }
}

extension VaultSettings {
  /// These settings without what decides when a cycle ends.
  fileprivate var withoutExits: VaultSettings {
    var common = self
    common.stopLoss = 0
    common.recoverBPS = 0
    common.timeoutMilliseconds = 0
    common.crankDelayMilliseconds = 0
    return common
  }
}
