// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Configuration
package import TextKit

/// What happens to an account of a venue that falls (DESIGN 7).
package enum WaterfallMode: String, CaseIterable, Sendable {
  /// Closed whole at the mark, at once (SEMANTICS B11).
  case mark
  /// Market order, backstop, insurance, auto-deleveraging, socialised loss.
  case full
}

/// A liquidator vault that a venue allows to take over positions (seed 2, sections 3 and 9).
package struct LiquidatorTerms: Sendable, Equatable {
  package var name: String
  /// The assets that are assigned to it; empty for the default one, which takes the others.
  package var assets: [Int]
  /// Capital at the start, USD; nil stands for `backstop.capital_usd`.
  package var capitalUSD: Double?
  /// Whether its positions share one margin; without that it may take nothing.
  package var isCross = true
}

/// What a venue says of one asset with little depth (seed 2, HIP-3).
package struct ThinMarket: Sendable, Equatable {
  /// How far one step's orders may move the mark; nil stands for `waterfall.max_slippage`.
  package var maxSlippage: Double?
  /// Time in which half of a position is sold, seconds; 0 sells all at once.
  package var halfLifeSeconds = 0.0
  /// Positions of the asset are isolated only, so that no liquidator can take them.
  package var isIsolatedOnly = false
}

/// The waterfall of one venue, as its file has it.
package struct WaterfallTerms: Sendable, Equatable {
  package var mode = WaterfallMode.mark
  /// The default liquidator first, then those with assets of their own.
  package var liquidators = [LiquidatorTerms(name: "liquidator", assets: [])]
  package var thinMarkets: [Int: ThinMarket] = [:]

  package static let keys = [
    "waterfall", "default_liquidator", "allowed_liquidators", "liquidators", "thin_markets",
  ]

  package init() {}

  /// Place of the liquidator that takes an asset.
  package func liquidator(of asset: Int) -> Int {
    liquidators.firstIndex { $0.assets.contains(asset) } ?? 0
  }

  /// Reads the keys of a venue's table; refusals have the wording of seed 2.
  ///
  /// - Throws: a data failure with file, line and key.
  package init(reading table: ConfigTable, _ assets: AssetTable) throws(Failure) {
    let word = try table.choice(
      "waterfall",
      among: WaterfallMode.allCases.map(\.rawValue),
      default: WaterfallMode.mark.rawValue
    )
    mode = WaterfallMode(rawValue: word) ?? .mark
    let name = try table.string("default_liquidator", default: "liquidator")
    let allowed = try table.strings("allowed_liquidators", default: [name])
    liquidators = [LiquidatorTerms(name: name, assets: [])]
    guard allowed.contains(name) else {
      throw table.failure(
        "allowed_liquidators",
        expected: "the default liquidator '\(name)' among them (Invalid liquidator)"
      )
    }
    try readLiquidators(table, allowed, assets)
    try readThinMarkets(table, assets)
  }

  private mutating func readLiquidators(
    _ table: ConfigTable,
    _ allowed: [String],
    _ assets: AssetTable
  ) throws(Failure) {
    guard let listed = try table.optionalTable("liquidators") else { return }
    var owners: Set<Int> = []
    for name in listed.keys {
      guard allowed.contains(name) else {
        throw listed.failure(
          name,
          expected: "one of allowed_liquidators (Invalid liquidator)"
        )
      }
      let entry = try listed.table(name)
      try entry.only(["assets", "capital_usd", "cross"])
      var terms = LiquidatorTerms(name: name, assets: [])
      terms.capitalUSD = try entry.optionalNumber("capital_usd", in: 0...1e12)
      terms.isCross = try entry.boolean("cross", default: true)
      for symbol in try entry.strings("assets", default: []) {
        let asset = try WaterfallTerms.asset(symbol, "assets", entry, assets)
        guard owners.insert(asset).inserted else {
          throw entry.failure(
            "assets",
            expected: "assets of one liquidator only: \(symbol) is assigned to liquidator twice"
          )
        }
        terms.assets.append(asset)
      }
      if name == liquidators[0].name {
        guard terms.assets.isEmpty else {
          throw entry.failure(
            "assets",
            expected: "none (Default liquidator included as additional liquidator)"
          )
        }
        liquidators[0] = terms
      } else {
        liquidators.append(terms)
      }
    }
  }

  private mutating func readThinMarkets(
    _ table: ConfigTable,
    _ assets: AssetTable
  ) throws(Failure) {
    guard let listed = try table.optionalTable("thin_markets") else { return }
    for symbol in listed.keys {
      let entry = try listed.table(symbol)
      try entry.only(["max_slippage", "half_life_s", "only_isolated"])
      let asset = try WaterfallTerms.asset(symbol, symbol, listed, assets)
      thinMarkets[asset] = ThinMarket(
        maxSlippage: try entry.optionalNumber("max_slippage", in: 0...1),
        halfLifeSeconds: try entry.number("half_life_s", default: 0, in: 0...1e9),
        isIsolatedOnly: try entry.boolean("only_isolated", default: false)
      )
    }
  }

  private static func asset(
    _ symbol: String,
    _ key: String,
    _ table: ConfigTable,
    _ assets: AssetTable
  ) throws(Failure) -> Int {
    guard let asset = assets.index(of: symbol) else {
      throw table.failure(key, expected: "assets that the venue lists, found '\(symbol)'")
    }
    return asset
  }
}
