// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Clusters
internal import Numerics
package import TextKit

/// Some settings of the vault, sorted once for all paths into families that walk together.
package struct VaultPlan: Sendable {
  /// Settings that agree on everything but when a cycle ends.
  struct Family: Sendable {
    var places: [Int32]
    var settings: [VaultSettings]
    var levels: ExitLevels
  }

  let families: [Family]
  /// How many settings there are.
  package let count: Int

  package init(_ settings: [VaultSettings]) {
    var numbers: [VaultSettings: Int] = [:]
    var members: [[Int32]] = []
    for (place, own) in settings.enumerated() {
      let key = own.withoutExits
      let number = numbers[key] ?? members.count
      if number == members.count {
        members.append([])
        numbers[key] = number
      }
      members[number].append(Int32(place))
    }
    families = members.map { places in
      let own = places.map { settings[Int($0)] }
      return Family(places: places, settings: own, levels: ExitLevels(own))
    }
    count = settings.count
  }
}

/// The vault's cycles of many settings along one path, shared as long as they cannot differ.
///
/// From one deployment of a family the first passages of every stop-loss, recover and timeout level
/// are found once, settings that leave at the same step for the same reason stay together, and only
/// they go on as one.
package struct VaultRun: Sendable {
  /// Totals by place of the settings.
  package private(set) var totals: [VaultTotals]
  /// Micro-USD that the cycles made or lost beside their P&L, 0 unless we have a bug.
  package private(set) var imbalance: UInt128 = 0

  /// Runs the vault under each of some settings.
  package init(
    _ plan: VaultPlan,
    _ timeline: ClusterTimeline,
    _ lanes: AccountLanes,
    _ track: OracleTrack,
    _ flow: FlowMemory
  ) throws(Failure) {
    totals = Array(repeating: VaultTotals(), count: plan.count)
    let approaches = ApproachIndex(timeline, track, ranks: lanes.input.ranks)
    for own in plan.families {
      var family = VaultFamily(own, approaches, track, flow)
      try family.run(&totals)
      imbalance += family.imbalance
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

/// Settings that differ only in when a cycle ends, along one path.
private struct VaultFamily {
  /// Settings that have had the same cycles so far: a range of `order`.
  private struct Group {
    var variants: Range<Int>
    /// First step at which the vault may deploy.
    var start: Int
    var capital: Micro
    var totals = VaultTotals()
    var blocked: [VaultMachine.BlockedBin] = []
  }

  /// A position at a cluster, whoever holds it.
  private struct Position: Hashable {
    var step: Int
    var asset: Int
    var low: Double
    var amount: Micro
  }

  private(set) var imbalance: UInt128 = 0
  private let family: VaultPlan.Family
  private let common: VaultSettings
  private let approaches: ApproachIndex
  private let track: OracleTrack
  private let flow: FlowMemory
  /// The variants, those of a group together.
  private var order: [Int32]
  /// How the present cycle of a group's variants ends.
  private var endings: [(key: UInt64, variant: Int32)] = []
  private var stays: [Stay] = []
  private var stayOf: [Position: Int] = [:]
  /// By positions of step 0.
  private var trades: [Position: RangeTrades] = [:]
  /// By the step from which a vault looks for a cluster, where it avoids no bin and has enough
  /// capital: place of its position, −1 for none, −2 where nobody looked yet.
  private var free: [Int32]

  init(
    _ family: VaultPlan.Family,
    _ approaches: ApproachIndex,
    _ track: OracleTrack,
    _ flow: FlowMemory
  ) {
    self.family = family
    common = family.settings[0]
    self.approaches = approaches
    self.track = track
    self.flow = flow
    order = family.settings.indices.map { Int32($0) }
    free = Array(repeating: -2, count: track.stepCount)
  }

  /// Takes all cycles of all variants.
  mutating func run(_ totals: inout [VaultTotals]) throws(Failure) {
    var work = [Group(variants: 0..<order.count, start: 0, capital: common.capital)]
    while var group = work.popLast() {
      if group.variants.count == 1 {
        let variant = order[group.variants.lowerBound]
        while let stay = try stay(of: group) {
          let key = stay.ending(family.levels.numbers[Int(variant)], family.levels, track)
          try end(stay, key, variant, &group)
        }
        totals[Int(family.places[Int(variant)])] = group.totals
        continue
      }
      guard let stay = try stay(of: group) else {
        for place in group.variants {
          totals[Int(family.places[Int(order[place])])] = group.totals
        }
        continue
      }
      sort(group.variants, by: stay)
      var place = 0
      while place < endings.count {
        let (key, variant) = endings[place]
        let first = place
        while place < endings.count, endings[place].key == key { place += 1 }
        var next = group
        next.variants = group.variants.lowerBound + first..<group.variants.lowerBound + place
        try end(stay, key, variant, &next)
        work.append(next)
      }
    }
  }

  /// Ends the cycle of a group; each ending is worked out once.
  @inline(__always)
  private mutating func end(
    _ stay: Stay,
    _ key: UInt64,
    _ variant: Int32,
    _ group: inout Group
  ) throws(Failure) {
    var place = stay.cycles.find(key)
    if place < 0 { place = try settle(stay, key, variant) }
    let cycle = stay.cycles[place]
    group.start = Stay.step(of: key) + 1
    group.capital = try sum(group.capital, cycle.pnl)
    group.totals.add(cycle)
    if common.sameBinCooldownMilliseconds > 0,
      cycle.reason == .stopLoss || cycle.reason == .timeout
    {
      let cluster = stay.cluster
      group.blocked.removeAll { !$0.holds(at: cycle.exitedAt, common) }
      group.blocked.append(
        VaultMachine.BlockedBin(
          asset: cluster.asset,
          bin: cluster.bin,
          exitedAt: cycle.exitedAt
        )
      )
    }
  }

  @inline(never)
  private mutating func settle(
    _ stay: Stay,
    _ key: UInt64,
    _ variant: Int32
  ) throws(Failure) -> Int {
    let record = try stay.settled(key, family.settings[Int(variant)], track)
    let moved =
      Int128(record.proceeds) - Int128(record.spent) + Int128(record.fees)
      - Int128(record.costs) - Int128(record.performanceFee)
    imbalance += (moved - Int128(record.pnl)).magnitude
    return stay.cycles.add(CycleSums(record), as: key)
  }

  /// Puts the variants of a group in the order of how their cycle ends.
  private mutating func sort(_ variants: Range<Int>, by stay: Stay) {
    endings.removeAll(keepingCapacity: true)
    for place in variants {
      let variant = order[place]
      let key = stay.ending(family.levels.numbers[Int(variant)], family.levels, track)
      endings.append((key, variant))
    }
    endings.sort { ($0.key, $0.variant) < ($1.key, $1.variant) }
    for (place, ending) in endings.enumerated() {
      order[variants.lowerBound + place] = ending.variant
    }
  }

  /// The position that the vault of a group takes next.
  private mutating func stay(of group: Group) throws(Failure) -> Stay? {
    let amount = min(common.deploy, group.capital)
    guard amount > 0, amount >= common.minDeploy, group.start < track.stepCount else { return nil }
    let time = track.times[group.start]
    let avoids = group.blocked.contains { $0.holds(at: time, common) }
    let isFree = !avoids && amount == common.deploy
    if isFree, free[group.start] > -2 {
      return free[group.start] < 0 ? nil : stays[Int(free[group.start])]
    }
    let blocked = avoids ? group.blocked : []
    var place = -1
    if let (step, cluster) = approaches.next(from: group.start, common, blocked: blocked) {
      place = try self.place(cluster, amount: amount, from: step)
    }
    if isFree { free[group.start] = Int32(place) }
    return place < 0 ? nil : stays[place]
  }

  /// Place of the position at a cluster from a step on, made once; −1 without a price.
  private mutating func place(
    _ cluster: Cluster,
    amount: Micro,
    from step: Int
  ) throws(Failure) -> Int {
    guard let column = track.spot[cluster.asset] else { return -1 }
    var key = Position(step: step, asset: cluster.asset, low: cluster.low, amount: amount)
    if let known = stayOf[key] { return known }
    stayOf[key] = stays.count
    let position = try Deployment(
      cluster,
      amount: amount,
      time: track.times[step],
      spot: column.values[step]
    )
    key.step = 0
    let own: RangeTrades
    if let known = trades[key] {
      own = known
    } else {
      own = try RangeTrades(cluster, amount: amount, column, flow, common.flowShare)
      trades[key] = own
    }
    stays.append(Stay(position, at: step, column, track, own, family.levels))
    return stays.count - 1
  }
}
