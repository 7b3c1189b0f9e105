// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Clusters
internal import Liquidation
internal import Markets
internal import Numerics
internal import TextKit

/// Cells in cascade mode that have done the same so far, along one path.
///
/// Between flows an impact only fades, and who has fallen is two counts an asset. So a step needs
/// looking at only where the oracle may pass the next level, the mark may leave the range in which
/// the vault does nothing, or a clock ends (`CascadeWatch`); `take` then does what the reference
/// does, with the vault's own machine.
struct CascadeWalk: Sendable {
  let family: CascadeFamily
  let path: CascadePath
  let cascade: CascadeSettings
  /// Numbers of the settings in their family.
  private(set) var variants: [Int32]
  /// The settings of one of them, and those that act the soonest of all.
  private(set) var settings: VaultSettings
  private(set) var soonest: VaultSettings
  /// What all of them came to; of losses beyond the stop-loss each has its own.
  private var shared = CascadeOutcome()
  private var gapLosses: [Int128]

  /// What happened to one asset.
  struct Asset: Sendable {
    var impact = CascadeImpact()
    /// The step with the last flow.
    var flowStep = 0
    /// The impact at the step that is taken.
    var present = 0.0
    var mark: Double
    /// How many have fallen, and how many below had at the last refresh.
    var below = 0
    var above = 0
    var standing = 0
    /// Bought by force in the step that is taken, micro-USD.
    var bought: Int128 = 0
  }

  private(set) var assets: [Asset]
  private(set) var vault: VaultMachine
  private(set) var nextRefresh = 1
  /// The step that is taken next.
  private var step = 0
  /// Prices by asset, and what was sold by force.
  private var oracle: [Double]
  private var flows: [Int128]
  private var seen: VaultInput
  private var hasFlow = false

  /// Begins with settings of one family.
  init(_ family: CascadeFamily, _ variants: [Int32]) {
    self.family = family
    path = family.path
    cascade = family.cascade
    self.variants = variants
    settings = family.settings[Int(variants[0])]
    soonest = settings
    gapLosses = variants.map { _ in 0 }
    assets = path.columns.map { Asset(mark: $0.values[0]) }
    vault = VaultMachine(capital: settings.capital)
    oracle = path.first
    flows = oracle.map { _ in 0 }
    seen = VaultInput(
      time: 0,
      isLast: false,
      spots: oracle,
      isStale: oracle.map { _ in false },
      candidates: [],
      ranks: path.ground.lanes.input.ranks
    )
    shared.totals.forcedAlone = path.forcedAlone
    findSoonest()
  }

  /// Whether the path has ended.
  var isOver: Bool { step >= path.times.count }

  /// What every variant came to.
  var outcomes: [(variant: Int32, outcome: CascadeOutcome)] {
    variants.indices.map { place in
      var outcome = shared
      outcome.vault.gapLoss = gapLosses[place]
      return (variants[place], outcome)
    }
  }

  private mutating func findSoonest() {
    settings = family.settings[Int(variants[0])]
    soonest = settings
    for variant in variants {
      let own = family.settings[Int(variant)]
      soonest.stopLoss = min(soonest.stopLoss, own.stopLoss)
      soonest.recoverBPS = min(soonest.recoverBPS, own.recoverBPS)
      soonest.timeoutMilliseconds = min(soonest.timeoutMilliseconds, own.timeoutMilliseconds)
      soonest.crankDelayMilliseconds = min(
        soonest.crankDelayMilliseconds,
        own.crankDelayMilliseconds
      )
    }
  }

  /// Appends the numbers whose exponentials the next step needs.
  mutating func prepare(_ exponents: inout [Double]) {
    for place in assets.indices {
      var present = 0.0
      if assets[place].impact.amount != 0 {
        let rest = path.fading.share(from: assets[place].flowStep, to: step)
        present = CascadeImpact.noticed(assets[place].impact.amount * rest)
      }
      assets[place].present = present
      guard present != 0 else { continue }
      exponents.append(-present)
      // The same factor where the whole impact reaches the oracle.
      if cascade.oraclePassthrough != 1 { exponents.append(-(cascade.oraclePassthrough * present)) }
    }
  }

  /// Takes one step as the reference world does, and moves to the next that may change something.
  ///
  /// * `factors`: exponentials of what `prepare` appended, from `next` on.
  /// * `others`: gets the variants that no longer do the same, in walks of their own.
  mutating func take(
    _ factors: [Double],
    _ next: inout Int,
    _ others: inout [CascadeWalk]
  ) throws(Failure) {
    shared.steps += 1
    while nextRefresh < path.refreshes.count, path.refreshes[nextRefresh] < step {
      // Clusters of an earlier refresh stand on what had fallen by then.
      for place in assets.indices { assets[place].standing = assets[place].below }
      nextRefresh += 1
    }
    hasFlow = false
    for place in assets.indices {
      var (mark, atOracle) = (path.columns[place].values[step], path.columns[place].values[step])
      if assets[place].present != 0 {
        mark *= factors[next]
        next += 1
        if cascade.oraclePassthrough == 1 {
          atOracle = mark
        } else {
          atOracle *= factors[next]
          next += 1
        }
      }
      try fall(place, mark, atOracle)
      if step == 0 { assets[place].standing = assets[place].below }
    }
    try part(&others)
    try settle()
  }

  /// Takes the prices of one asset and closes who falls at them.
  private mutating func fall(_ place: Int, _ mark: Double, _ price: Double) throws(Failure) {
    let ground = path.ground
    let lanes = ground.lanes
    let asset = ground.assets[place]
    assets[place].mark = mark
    seen.spots[asset] = mark
    oracle[asset] = price
    flows[asset] = 0
    let (below, above) = (assets[place].below, assets[place].above)
    let falling = ground.below[place].fallen(at: price, from: below)
    let rising = ground.above[place].fallen(at: price, from: above)
    guard falling > below || rising > above else { return }
    hasFlow = true
    try ground.below[place].close(
      below..<falling,
      at: oracle,
      of: lanes,
      into: &shared.liquidations
    )
    try ground.above[place].close(above..<rising, at: oracle, of: lanes, into: &shared.liquidations)
    flows[asset] = ground.below[place].flow[falling] - ground.below[place].flow[below]
    assets[place].bought = ground.above[place].flow[rising] - ground.above[place].flow[above]
    (assets[place].below, assets[place].above) = (falling, rising)
  }

  /// Leaves the variants that show the same signs of an end as the first; the others part.
  private mutating func part(_ others: inout [CascadeWalk]) throws(Failure) {
    guard variants.count > 1, vault.isDeployed else { return }
    let (spot, time) = (seen.spots[vault.position.cluster.asset], path.times[step])
    // Who acts the soonest shows every sign that any other does.
    let signs = vault.position.exitSigns(spot, time: time, seen: spot, soonest)
    if signs.isSubset(of: .isFilled) { return }
    var groups: [(signs: ExitSigns, places: [Int])] = []
    for place in variants.indices {
      let own = family.settings[Int(variants[place])]
      let signs = vault.position.exitSigns(spot, time: time, seen: spot, own)
      if let group = groups.firstIndex(where: { $0.signs == signs }) {
        groups[group].places.append(place)
      } else {
        groups.append((signs, [place]))
      }
    }
    for group in groups.dropFirst() {
      var other = self
      other.keep(group.places)
      try other.settle()
      others.append(other)
    }
    if groups.count > 1 { keep(groups[0].places) }
  }

  private mutating func keep(_ places: [Int]) {
    variants = places.map { variants[$0] }
    gapLosses = places.map { gapLosses[$0] }
    findSoonest()
  }

  /// Lets the vault act and the flow of the step move prices.
  private mutating func settle() throws(Failure) {
    try moveVault()
    if hasFlow { try absorb() }
    step = nextStep(after: step)
  }

  private mutating func moveVault() throws(Failure) {
    seen.time = path.times[step]
    seen.isLast = step == path.times.count - 1
    if !vault.isDeployed { fillCandidates() }
    let flow = vault.isDeployed ? flows[vault.position.cluster.asset] : 0
    guard let cycle = try vault.step(seen, settings: settings, flow: { _ in flow }) else { return }
    shared.vault.add(cycle)
    for place in variants.indices {
      let stopLoss = family.settings[Int(variants[place])].stopLoss
      gapLosses[place] += Int128(try cycle.gapLoss(stopLoss: stopLoss))
    }
    let moved =
      Int128(cycle.proceeds) - Int128(cycle.spent) + Int128(cycle.fees)
      - Int128(cycle.costs) - Int128(cycle.performanceFee)
    shared.imbalance += (moved - Int128(cycle.pnl)).magnitude
  }

  /// The clusters that are near enough; the vault would pass over all others.
  private mutating func fillCandidates() {
    seen.candidates.removeAll(keepingCapacity: true)
    for place in assets.indices {
      let clusters = path.ground.clusters[place]
      let mark = assets[place].mark
      var bin = clusters.count(below: mark) - 1
      while bin >= 0, mark <= clusters.highs[bin] * (1 + settings.approach) {
        if let cluster = clusters.cluster(bin, fallen: assets[place].standing) {
          seen.candidates.append(cluster)
        }
        bin -= 1
      }
    }
  }

  private mutating func absorb() throws(Failure) {
    for place in assets.indices {
      let asset = path.ground.assets[place]
      let sold = flows[asset]
      let bought = assets[place].bought
      assets[place].bought = 0
      guard sold != 0 || bought != 0 else { continue }
      shared.totals.forced += sold + bought
      let mark = assets[place].mark
      let (next, gain) = try assets[place].impact.absorbing(
        sold: sold,
        bought: bought,
        onto: assets[place].present,
        holds: vault.isDeployed && vault.position.cluster.asset == asset
          && vault.position.holds(mark),
        density: settings.density,
        time: path.times[step],
        cascade
      )
      if next != assets[place].impact { assets[place].flowStep = step }
      assets[place].impact = next
      shared.totals.improvement += Int128(gain)
    }
  }
}
