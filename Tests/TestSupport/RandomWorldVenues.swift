// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// A venue file with one venue of every kind and random terms.
///
/// `BTC`, `ETH`, `SOL` and `EVT` have prices of their own, `JITOSOL` and `WBTC` are priced from
/// them, `USDC` and `USDT` are quotes.
struct RandomWorldVenues: Sendable {
  /// A number of the file that a grid may sweep, and values that are legal there.
  struct Number: Sendable {
    var path: String
    var values: [Double]
  }

  private(set) var text = ""
  /// Every number that `numbers` names, as it stands in the file.
  private(set) var defaults: [String: Double] = [:]
  private(set) var numbers: [Number] = []
  private var random: SplitMix64
  private var table = ""

  static let names = ["tiered", "sized", "weighted", "ltv", "ticked", "events"]
  static let perps = ["BTC", "ETH", "SOL", "JITOSOL"]
  static let lending = ["BTC", "ETH", "SOL", "JITOSOL", "WBTC", "USDC", "USDT"]
  static let events = ["EVT", "SOL", "USDC"]
  /// Collateral and the one debt of each elevation group of the venue `ltv`.
  static let groups: [(name: String, assets: [String], debt: String)] = [
    ("lst", ["SOL", "JITOSOL"], "SOL"), ("stable", ["BTC", "ETH", "SOL", "JITOSOL"], "USDC"),
  ]

  /// Random numbers of the waterfall's lines; nil for venues without.
  private var waterfall: SplitMix64?
  private let isFull: Bool

  /// Draws a file.
  ///
  /// * `hasWaterfall`: whether venues may have the full waterfall, `isFull` whether all have it.
  init(seed: UInt64, hasWaterfall: Bool = false, isFull: Bool = false) {
    random = SplitMix64(seed: seed)
    self.isFull = isFull
    if hasWaterfall { waterfall = SplitMix64(seed: seed &+ 0xFA11) }
    open("assets")
    line("USDC = { quote = true }\nUSDT = { quote = true }")
    line("JITOSOL = { priced_from = \"SOL\", ratio = \(random.pick([1.21, 1.0, 1.0873])) }")
    line("WBTC = { priced_from = \"BTC\", ratio = \(random.pick([1.0, 0.998])) }")
    addTiered()
    addSized()
    addWeighted()
    addLTV()
    addTicked()
    addEvent()
    if var dice = waterfall { line(RandomWorldMechanisms.thinMarkets(&dice)) }
  }

  private mutating func open(_ path: String) {
    table = path
    line("[\(path)]")
  }

  private mutating func line(_ words: String) { text += words + "\n" }

  private mutating func put(_ key: String, _ value: Double, or others: [Double] = []) {
    line("\(key) = \(value)")
    guard !others.isEmpty else { return }
    let path = "\(table).\(key)"
    defaults[path] = value
    numbers.append(Number(path: path, values: others))
  }

  /// Adds a number, or leaves the default of the kind, once in `rarity`.
  private mutating func maybe(_ key: String, _ values: [Double], rarity: Int = 4) {
    if !random.once(in: rarity) { put(key, random.pick(values), or: values) }
  }

  private mutating func openVenue(_ name: String, kind: String, equality: Bool) {
    open("venues.\(name)")
    line(
      "kind = \"\(kind)\"\nliquidates_at_equality = \(random.once(in: 5) ? !equality : equality)"
    )
    if !kind.hasPrefix("perp") && !random.once(in: 3) {
      line("liquidation = \"\(random.once(in: 3) ? "market" : "auction")\"")
    }
    maybe("penalty", [0, 0.01, 0.1], rarity: 2)
    if kind.hasPrefix("perp") { line("funding = { interval_s = 60, cap = 0.05 }") }
    if var dice = waterfall {
      line(RandomWorldMechanisms.venueLines(&dice, isFull: isFull))
      waterfall = dice
    }
  }

  /// Rates so high that minutes of them matter.
  private mutating func addInterest(_ venue: String) {
    open("venues.\(venue).interest")
    line("SOL = { base = 1, kink_rate = 60, max_rate = 900, reserve = 0.1 }")
    line("USDC = { points = [[0, 0], [0.5, 50], [0.9, 400], [1, 1000]], reserve = 0.25 }")
  }

  private mutating func addTiered() {
    openVenue("tiered", kind: "perp_tiered", equality: false)
    maybe("partial_share", [0.2, 0.2, 0.5, 1, 0.03])
    maybe("partial_above_usd", [0, 1_000.5, 10_000, 100_000])
    let first = random.pick([2_000, 20_000.5])
    let second = random.pick([40_000.0, 400_000])
    open("venues.tiered.margin_tables")
    line(
      "BTC = { tiers = [ { lower_usd = 0, max_leverage = 40 }, { lower_usd = \(first),"
        + " max_leverage = 20 }, { lower_usd = \(second), max_leverage = 5 } ] }"
    )
    line(
      "ETH = { tiers = [ { lower_usd = 0, maintenance_rate = 0.02 }, { lower_usd = \(first),"
        + " maintenance_rate = 0.0333 } ] }"
    )
    line("SOL = { tiers = [ { lower_usd = 0, max_leverage = 20 } ] }")
    open("venues.tiered.assets")
    line("BTC = { margin_table = \"BTC\" }\nETH = { margin_table = \"ETH\" }")
    line("SOL = { margin_table = \"SOL\" }")
    open("venues.tiered.assets.JITOSOL")
    put("maintenance_rate", random.pick([0.03, 0.05]), or: [0.02, 0.03, 0.05, 0.2])
  }

  private mutating func addSized() {
    openVenue("sized", kind: "perp_sized", equality: false)
    maybe("liquidation_margin_buffer", [0.02, 0.01, 0.05, 0.001, 0])
    maybe("initial_liquidation_share", [1, 1, 0.1, 0.5])
    maybe("full_liquidation_below_usd", [50, 0, 500, 20_000])
    for symbol in RandomWorldVenues.lending {
      open("venues.sized.assets.\(symbol)")
      if symbol.hasPrefix("USD") {
        line("asset_weight = 1.0\nliability_weight = 1.0")
        continue
      }
      put("maintenance_ratio", random.pick([0.03, 0.05, 0.1]), or: [0.02, 0.03, 0.05, 0.1])
      put("asset_weight", random.pick([0.8, 0.9]), or: [0.5, 0.8, 0.9, 1])
      put("liability_weight", random.pick([1.1, 1.2]))
      maybe("imf_factor", [0, 0.0002, 0.02], rarity: 2)
      maybe("spot_imf_factor", [0, 0.0005, 0.1], rarity: 2)
      maybe("liquidator_fee", [0, 0.005, 0.04], rarity: 2)
      maybe("spot_liquidator_fee", [0, 0.005, 0.06], rarity: 2)
    }
    addInterest("sized")
  }

  private mutating func addWeighted() {
    openVenue("weighted", kind: "lending_weighted", equality: true)
    maybe("confidence_multiplier", [2.12, 1, 0])
    maybe("confidence_cap", [0.05, 0.005])
    maybe("liquidator_fee", [0.025, 0.01, 0, 0.1])
    // An isolated debt is the only one of its account: accounts of this venue owe one asset.
    let isolated = random.once(in: 3) ? random.pick(["BTC", "ETH", "SOL"]) : nil
    for symbol in RandomWorldVenues.lending {
      open("venues.weighted.assets.\(symbol)")
      let isQuote = symbol.hasPrefix("USD")
      put("asset_weight", isQuote ? 1 : random.pick([0.8, 0.9]), or: [0.6, 0.8, 0.9, 1])
      put("liability_weight", isQuote ? 1 : random.pick([1.1, 1.2]), or: [1, 1.1, 1.3])
      if random.once(in: 3) { line("emode_tag = \"\(random.pick(["LST", "MAJOR"]))\"") }
      if random.once(in: 3) { line("emode = { LST = 0.95, MAJOR = 0.93 }") }
      if symbol == isolated { line("isolated = true") }
    }
    addInterest("weighted")
  }

  private mutating func addLTV() {
    openVenue("ltv", kind: "lending_ltv", equality: true)
    maybe("close_factor", [0.2, 0.1, 0.5, 1])
    maybe("insolvency_ltv", [0.95, 0.8, 1.5], rarity: 2)
    maybe("full_liquidation_below_usd", [2, 0, 1_000, 30_000], rarity: 2)
    maybe("max_liquidatable_at_once_usd", [500_000, 2_000.25, 50_000], rarity: 2)
    for symbol in RandomWorldVenues.lending {
      open("venues.ltv.assets.\(symbol)")
      put("liquidation_threshold", random.pick([0.72, 0.8, 0.9]), or: [0.5, 0.72, 0.8, 0.9])
      put("borrow_factor", symbol.hasPrefix("USD") ? 1 : random.pick([1, 1.1, 1.3]))
      if random.once(in: 2) {
        line("min_bonus_bps = \(random.pick([0, 100, 500]))\nmax_bonus_bps = 1000")
        line("bad_debt_bonus_bps = \(random.pick([99, 10, 0]))")
      }
    }
    for group in RandomWorldVenues.groups {
      open("venues.ltv.elevation_groups.\(group.name)")
      line("assets = [\(group.assets.map { "\"\($0)\"" }.joined(separator: ", "))]")
      line("debt = \"\(group.debt)\"")
      put("liquidation_threshold", 0.9, or: [0.8, 0.9, 0.95])
    }
    addInterest("ltv")
  }

  private mutating func addTicked() {
    openVenue("ticked", kind: "lending_ticked", equality: false)
    maybe("tick_base", [1.0015, 1.001])
    for symbol in RandomWorldVenues.lending {
      open("venues.ticked.assets.\(symbol)")
      put("liquidation_threshold", random.pick([0.84, 0.88]), or: [0.6, 0.84, 0.88, 0.95])
      maybe("penalty", [0.01, 0.1, 0.3], rarity: 2)
      maybe("supply_exchange_price", [1, 1.0123, 1.3], rarity: 2)
      maybe("borrow_exchange_price", [1.05, 1.2], rarity: 2)
    }
    addInterest("ticked")
  }

  private mutating func addEvent() {
    openVenue("events", kind: "event", equality: false)
    for symbol in RandomWorldVenues.events {
      open("venues.events.assets.\(symbol)")
      put("liquidation_threshold", random.pick([0.7, 0.8]), or: [0.5, 0.7, 0.8])
      if symbol != "USDC" { maybe("resolves_at_ms", [1_750_000_900_000, 3_000_000], rarity: 2) }
    }
  }
}
