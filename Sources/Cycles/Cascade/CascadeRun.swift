// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Clusters
internal import Liquidation
internal import Markets
internal import Numerics
package import TextKit

/// One cell in cascade mode along one path, from event to event: equal to the reference world.
///
/// Between flows an impact only fades, and who has fallen is two counts an asset. So a step needs
/// looking at only where the oracle may pass the next level, the mark may leave the range in which
/// the vault does nothing, or a clock ends (`CascadeWatch`); `take` then does what the reference
/// does, with the vault's own machine.
package struct CascadeRun {
  package private(set) var vaultTotals = VaultTotals()
  package private(set) var liquidations = LiquidationTotals()
  package private(set) var totals = CascadeTotals()
  /// Micro-USD that cycles made or lost beside their P&L, 0 unless we have a bug.
  package private(set) var imbalance: UInt128 = 0
  /// How many steps were taken one by one.
  package private(set) var steps = 0

  let ground: CascadeGround
  let times: [Int64]
  let settings: VaultSettings
  let cascade: CascadeSettings
  /// By place of the asset in the ground.
  let columns: [PriceColumn]
  var impacts: [CascadeImpact]
  /// How many have fallen, and how many had at the last refresh.
  var below: [Int]
  var above: [Int]
  var standing: [Int]
  var marks: [Double]
  var vault: VaultMachine
  let refreshes: [Int]
  var nextRefresh = 1
  private let tracks: OracleTrack
  /// Prices by asset.
  private var oracle: [Double]
  private var seen: VaultInput
  private var flows: [Int128]

  /// Runs a cell whose book and settings have no obstacle (`CascadeGround.obstacle`), along a path
  /// without stale prices.
  package init(
    _ ground: CascadeGround,
    _ track: OracleTrack,
    _ vault: VaultSettings,
    _ cascade: CascadeSettings
  ) throws(Failure) {
    self.ground = ground
    self.cascade = cascade
    settings = vault
    tracks = track
    times = track.times
    let table = ground.lanes.input.catalogue.assets
    columns = ground.assets.compactMap { track.spot[$0] }
    impacts = columns.map { _ in CascadeImpact() }
    below = columns.map { _ in 0 }
    boughtBack = columns.map { _ in 0 }
    (above, standing, marks) = (below, below, columns.map { $0.values[0] })
    refreshes = ClusterTimeline.refreshes(ground.settings, times)
    self.vault = VaultMachine(capital: vault.capital)
    oracle = table.assets.indices.map { track.spot[$0]?.values[0] ?? .nan }
    flows = oracle.map { _ in 0 }
    seen = VaultInput(
      time: 0,
      isLast: false,
      spots: oracle,
      isStale: oracle.map { _ in false },
      candidates: [],
      ranks: ground.lanes.input.ranks
    )
    for place in columns.indices {
      let (low, high) = (columns[place].lowest, columns[place].highest)
      totals.forcedAlone += ground.below[place].flow[ground.fallen(below: place, at: low, from: 0)]
      totals.forcedAlone += ground.above[place].flow[ground.fallen(above: place, at: high, from: 0)]
    }
    var step = 0
    while step < times.count {
      try take(step)
      step = nextStep(after: step)
    }
  }

  /// Takes one step as the reference world does.
  private mutating func take(_ step: Int) throws(Failure) {
    steps += 1
    let time = times[step]
    // Clusters of an earlier refresh stand on what had fallen by then.
    while nextRefresh < refreshes.count, refreshes[nextRefresh] < step {
      standing = below
      nextRefresh += 1
    }
    var hasFlow = false
    for place in columns.indices {
      let asset = ground.assets[place]
      let external = columns[place].values[step]
      let impact = impacts[place].value(at: time, cascade)
      let (mark, seenByOracle) = CascadeMark.prices(external, impact, cascade)
      marks[place] = mark
      seen.spots[asset] = mark
      oracle[asset] = seenByOracle
      flows[asset] = 0
      let falling = ground.fallen(below: place, at: seenByOracle, from: below[place])
      let rising = ground.fallen(above: place, at: seenByOracle, from: above[place])
      guard falling > below[place] || rising > above[place] else { continue }
      hasFlow = true
      try close(ground.below[place].accounts[below[place]..<falling])
      try close(ground.above[place].accounts[above[place]..<rising])
      let sold = ground.below[place].flow[falling] - ground.below[place].flow[below[place]]
      let bought = ground.above[place].flow[rising] - ground.above[place].flow[above[place]]
      flows[asset] = sold
      boughtBack[place] = bought
      (below[place], above[place]) = (falling, rising)
    }
    if step == 0 { standing = below }
    try moveVault(step)
    if hasFlow { try absorb(time) }
  }

  /// What was bought by force in this step, by place; read where something was.
  private var boughtBack: [Int128] = []

  private mutating func close(_ accounts: ArraySlice<Int32>) throws(Failure) {
    let lanes = ground.lanes
    let table = lanes.input.catalogue.assets
    for entry in accounts {
      let account = Int(entry)
      let close = try lanes.close(account, deposited: lanes.carried[account]) { leg in
        let asset = table[leg]
        let price = oracle[asset.underlying]
        return asset.underlying == leg ? price : asset.ratio * price
      }
      liquidations.count += 1
      liquidations.liquidated += close.liquidated
      if close.equity < 0 { liquidations.badDebt -= Int128(close.equity) }
    }
  }

  private mutating func moveVault(_ step: Int) throws(Failure) {
    seen.time = times[step]
    seen.isLast = step == times.count - 1
    if vault.deployment == nil { fillCandidates() }
    let flows = flows
    guard let cycle = try vault.step(seen, settings: settings, flow: { flows[$0] }) else { return }
    vaultTotals.add(cycle)
    let moved =
      Int128(cycle.proceeds) - Int128(cycle.spent) + Int128(cycle.fees)
      - Int128(cycle.costs) - Int128(cycle.performanceFee)
    imbalance += (moved - Int128(cycle.pnl)).magnitude
  }

  /// The clusters that are near enough; the vault would pass over all others.
  private mutating func fillCandidates() {
    seen.candidates.removeAll(keepingCapacity: true)
    for place in columns.indices {
      let clusters = ground.clusters[place]
      var bin = clusters.count(below: marks[place]) - 1
      while bin >= 0, marks[place] <= clusters.highs[bin] * (1 + settings.approach) {
        if let cluster = clusters.cluster(bin, fallen: standing[place]) {
          seen.candidates.append(cluster)
        }
        bin -= 1
      }
    }
  }

  private mutating func absorb(_ time: Int64) throws(Failure) {
    for place in columns.indices {
      let asset = ground.assets[place]
      let sold = flows[asset]
      let bought = boughtBack[place]
      boughtBack[place] = 0
      guard sold != 0 || bought != 0 else { continue }
      totals.forced += sold + bought
      let (next, gain) = try impacts[place].absorbing(
        sold: sold,
        bought: bought,
        holds: vault.deployment.map { $0.cluster.asset == asset && $0.holds(marks[place]) }
          ?? false,
        density: settings.density,
        time: time,
        cascade
      )
      impacts[place] = next
      totals.improvement += Int128(gain)
    }
  }
}
