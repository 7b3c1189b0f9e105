// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Configuration
internal import Markets
internal import TextKit

extension VenueCheck {
  /// A venue's margin tables and assets one by one, then its own keys.
  mutating func checkVenue(_ name: String, _ value: ConfigValue) {
    guard case .table(let entries) = value.kind else {
      return add(value.failure(expected: "a table"), near: value)
    }
    let word = value.text("kind")
    let kind = VenueKinds.all.first { $0.kind == word }
    let hasTables = kind?.keys.contains("margin_tables") ?? true
    var tables: [ConfigEntry] = []
    if hasTables, let list = value.member("margin_tables") { tables = checkMarginTables(list) }
    var usable: ConfigValue?
    if let kind, let assets = listedAssets(value), case .table(let listed) = assets.kind {
      let debts = DebtWeights(of: listed)
      // Tables were checked; an asset needs to see no more than a name.
      var named: [String: ConfigEntry] = [:]
      for table in tables {
        named[table.key] = ConfigEntry(table.key, VenueCheck.standIn(for: table.value))
      }
      let sound = listed.map { entry in
        var seen: [ConfigEntry] = []
        if var table = entry.value.text("margin_table") {
          if named[table] == nil, problems.count < VenueCheck.mostSuggested {
            table = nearestWord(to: table, among: named.keys.sorted()) ?? table
          }
          seen = [named[table]].compactMap { $0 }
        }
        return checkAsset(entry, debts, of: name, value, kind: kind.kind, seen)
          ? entry : ConfigEntry(entry.key, entry.value.with(.table([])))
      }
      usable = assets.with(.table(sound))
      let used = Set(listed.compactMap { $0.value.text("margin_table") })
      for table in tables where !used.contains(table.key) {
        warn(
          table.value,
          "found a margin table that no asset uses, expected it in an asset's margin_table"
        )
      }
    }
    // Other keys may name assets, but those of perps with tables do not.
    var own = entries.filter { $0.key != "assets" && !(hasTables && $0.key == "margin_tables") }
    if let usable, !hasTables { own.append(ConfigEntry("assets", usable)) }
    collect(value.with(.table(own))) { (value: ConfigValue) throws(Failure) in
      try VenueCheck.read(venue: name, value)
    }
  }

  /// The assets of a venue; nil and a problem when there are none.
  private mutating func listedAssets(_ venue: ConfigValue) -> ConfigValue? {
    guard let assets = venue.member("assets") else {
      warn(venue, "found no key 'assets', expected one; nothing can be at this venue")
      return nil
    }
    guard case .table(let listed) = assets.kind else {
      add(assets.failure(expected: "a table"), near: assets)
      return nil
    }
    if listed.isEmpty {
      warn(assets, "found no asset, expected at least one; nothing can be at this venue")
    }
    return assets
  }

  /// One asset in a venue that has nothing else.
  ///
  /// - Returns: whether nothing was refused.
  private mutating func checkAsset(
    _ entry: ConfigEntry,
    _ debts: DebtWeights,
    of name: String,
    _ venue: ConfigValue,
    kind: String,
    _ tables: [ConfigEntry]
  ) -> Bool {
    var parts = [ConfigEntry("kind", venue.with(.string(kind)))]
    if !tables.isEmpty { parts.append(ConfigEntry("margin_tables", venue.with(.table(tables)))) }
    let isClean = collect(entry.value) { (asset: ConfigValue) throws(Failure) in
      // First, because it can be read without the keys that the kind asks for.
      _ = try ConfigTable(asset).optionalNumber("penalty", in: 0...1)
      let one = ConfigEntry("assets", venue.with(.table([ConfigEntry(entry.key, asset)])))
      try VenueCheck.read(venue: name, venue.with(.table(parts + [one])))
    }
    if isClean { warnOfPenalty(entry, debts, venue: venue) }
    return isClean
  }

  /// Reads a document that consists of one venue.
  private static func read(venue name: String, _ value: ConfigValue) throws(Failure) {
    let venues = value.with(.table([ConfigEntry(name, value)]))
    _ = try VenueCatalogue(value.with(.table([ConfigEntry("venues", venues)])))
  }

  /// A liquidation takes collateral of 1 + penalty for each unit of debt that it repays; health
  /// grows only if that weighs less than the debt, at the least weight of the other assets.
  private mutating func warnOfPenalty(
    _ asset: ConfigEntry,
    _ debts: DebtWeights,
    venue: ConfigValue
  ) {
    let threshold =
      asset.value.member("liquidation_threshold") ?? asset.value.member("asset_weight")
    guard let threshold, let share = try? threshold.number() else { return }
    if let limit = asset.value.member("liquidation_max_limit"), let most = try? limit.number(),
      most <= share
    {
      warn(
        limit,
        "found \(NumberText.shortest(most)), expected more than the threshold"
          + " \(NumberText.shortest(share))"
      )
    }
    let penalty = asset.value.number(of: "penalty") ?? venue.number(of: "penalty") ?? 0
    let isWeighted = asset.value.member("asset_weight") != nil
    let debt = debts.least(isWeighted: isWeighted, but: asset.key)
    guard let debt, penalty > 0, share * (1 + penalty) >= debt else { return }
    warn(
      threshold,
      "found \(NumberText.shortest(share)) with a penalty of \(NumberText.shortest(penalty)),"
        + " expected \(isWeighted ? "weight" : "threshold") · (1 + penalty) below"
        + " \(NumberText.shortest(debt)), the least weight of a debt; a liquidation would worsen"
        + " the health"
    )
  }

  // MARK: - Margin tables

  /// Checks every tier of every table.
  ///
  /// - Returns: all tables, those that are refused with a stand-in, so that the assets that use
  ///   them can be checked too.
  private mutating func checkMarginTables(_ tables: ConfigValue) -> [ConfigEntry] {
    guard case .table(let entries) = tables.kind else {
      add(tables.failure(expected: "a table"), near: tables)
      return []
    }
    return entries.map { entry in
      checkMarginTable(entry.value)
        ? entry : ConfigEntry(entry.key, VenueCheck.standIn(for: entry.value))
    }
  }

  private static func standIn(for value: ConfigValue) -> ConfigValue {
    let tier: [ConfigEntry] = [
      ConfigEntry("lower_usd", value.with(.integer(0))),
      ConfigEntry("max_leverage", value.with(.integer(1))),
    ]
    return value.with(
      .table([ConfigEntry("tiers", value.with(.array([value.with(.table(tier))])))])
    )
  }

  private mutating func checkMarginTable(_ value: ConfigValue) -> Bool {
    let before = problems.count
    collect(value) { (value: ConfigValue) throws(Failure) in
      let table = try ConfigTable(value)
      try table.only(["tiers"])
      if try table.array("tiers").isEmpty {
        throw table.failure(at: "tiers", "found no tier, expected at least one")
      }
    }
    guard case .array(let elements)? = value.member("tiers")?.kind else { return false }
    var tiers: [(source: ConfigValue, tier: MarginTable.Tier)] = []
    for element in elements {
      var tier: MarginTable.Tier?
      collect(element) { (value: ConfigValue) throws(Failure) in
        tier = try PerpTiered.tier(ConfigTable(value))
      }
      if let tier { tiers.append((element, tier)) }
    }
    if tiers.count == elements.count { checkProgression(tiers) }
    if problems.count == before {
      do throws(Failure) {
        _ = try MarginTable(tiers: tiers.map(\.tier))
      } catch {
        add(value.failure(error.message), near: value)
      }
    }
    return problems.count == before
  }

  /// `maintenance(n) = max_k (rate_k · n − deduction_k)` needs rising bounds, rates that never fall
  /// and deductions `d_k = d_{k−1} + lower_k · (r_k − r_{k−1})`.
  private mutating func checkProgression(
    _ tiers: [(source: ConfigValue, tier: MarginTable.Tier)]
  ) {
    var deduction = 0.0
    for (position, entry) in tiers.enumerated() {
      let (source, tier) = entry
      let lower = source.member("lower_usd") ?? source
      if position == 0 {
        if tier.lowerUSD != 0 {
          add(lower.failure(expected: "0: the first tier begins there"), near: lower)
        }
      } else {
        let previous = tiers[position - 1].tier
        if tier.lowerUSD <= previous.lowerUSD {
          add(
            lower.failure(
              expected: "more than \(NumberText.shortest(previous.lowerUSD)) of the tier before"
            ),
            near: lower
          )
        }
        if tier.rate < previous.rate {
          let rate = source.member("maintenance_rate") ?? source.member("max_leverage") ?? source
          add(
            rate.failure(
              "found the rate \(NumberText.shortest(tier.rate)), expected at least"
                + " \(NumberText.shortest(previous.rate)) of the tier before; a progressive table"
                + " never falls: order the tiers by notional"
            ),
            near: rate
          )
        }
        deduction = deduction + tier.lowerUSD * (tier.rate - previous.rate)
      }
      if let given = tier.deductionUSD, let place = source.member("deduction_usd"),
        (given - deduction).magnitude > 1e-6 * max(1, deduction.magnitude)
      {
        add(
          place.failure(
            expected: "\(NumberText.shortest(deduction)), which makes the requirement continuous;"
              + " correct it or leave it out"
          ),
          near: place
        )
      }
    }
  }

  // MARK: - Summaries

  /// The venues that some files name.
  static func summaries(
    of document: ConfigValue,
    _ catalogue: VenueCatalogue,
    in files: Set<String>
  ) throws(Failure) -> [Summary] {
    let tables = try document.member("venues").map(ConfigTable.init)
    var out: [Summary] = []
    for venue in catalogue.venues {
      guard let table = tables?[venue.name], files.contains(table.file) else { continue }
      func count(_ key: String) -> Int {
        guard case .table(let entries)? = table.member(key)?.kind else { return 0 }
        return entries.count
      }
      out.append(
        Summary(
          venue: venue.name,
          kind: table.text("kind") ?? "",
          assetCount: count("assets"),
          marginTableCount: count("margin_tables"),
          liquidatesAtEquality: venue.liquidatesAtEquality,
          closeFactor: venue.closeFactor,
          liquidation: venue.liquidation.rawValue,
          penalty: venue.penalty
        )
      )
    }
    return out
  }
}

/// The least weights that debts of a venue's assets may have, each with its asset.
private struct DebtWeights {
  private var weighted: [(weight: Double, key: String)] = []
  private var factors: [(weight: Double, key: String)] = []

  init(of assets: [ConfigEntry]) {
    for asset in assets {
      if let weight = asset.value.number(of: "liability_weight") {
        DebtWeights.add(weight, asset.key, to: &weighted)
      }
      DebtWeights.add(asset.value.number(of: "borrow_factor") ?? 1, asset.key, to: &factors)
    }
  }

  /// Keeps the two least, so that one is left without any asset.
  private static func add(
    _ weight: Double,
    _ key: String,
    to least: inout [(weight: Double, key: String)]
  ) {
    guard weight >= 1 else { return }
    least = Array((least + [(weight, key)]).sorted { $0.weight < $1.weight }.prefix(2))
  }

  /// The least weight of at least 1 among the other assets.
  func least(isWeighted: Bool, but key: String) -> Double? {
    (isWeighted ? weighted : factors).first { $0.key != key }?.weight
  }
}
