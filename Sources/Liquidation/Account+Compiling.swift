// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Markets
internal import Numerics
internal import TextKit

extension Account {
  /// Whether SEMANTICS B1 writes out its arithmetic: one leg, or one deposit against one borrow.
  var isSimple: Bool {
    if legs.count == 1 { return true }
    guard legs.count == 2 else { return false }
    return legs[0].kind == .deposit && legs[1].kind == .borrow
      || legs[0].kind == .borrow && legs[1].kind == .deposit
  }

  /// Refuses what no venue has: legs at two venues, and two perps of one asset.
  ///
  /// - Throws: a data failure that names account and lines.
  func check(_ catalogue: VenueCatalogue) throws(Failure) {
    for leg in legs where leg.venue != venue {
      throw Failure(
        .data,
        "account '\(Failure.shown(name))' has legs at"
          + " \(catalogue.venues[venue].name) and \(catalogue.venues[leg.venue].name)"
          + " (line \(leg.line)), expected one venue; give the legs accounts of their own"
      )
    }
    guard legs.count > 1 else {
      try catalogue.venues[venue].rule.check(self, catalogue.assets)
      return
    }
    var lineOfPerp: [Int: Int] = [:]
    for leg in legs where leg.kind == .perp {
      if let line = lineOfPerp[leg.asset] {
        throw Failure(
          .data,
          "account '\(Failure.shown(name))' has two perps of"
            + " \(catalogue.assets[leg.asset].symbol) (lines \(line) and \(leg.line)), expected one"
            + " position for each asset; give isolated positions margin_mode = isolated"
        )
      }
      lineOfPerp[leg.asset] = leg.line
    }
    try catalogue.venues[venue].rule.check(self, catalogue.assets)
  }

  /// Unweighted value that no price moves, USD: collateral, entry values, quote legs.
  func unweightedFixed(_ assets: AssetTable) -> Double {
    var sum = DoubleDouble.zero
    for leg in legs {
      sum = sum + DoubleDouble(high: leg.collateralUSD, low: 0)
      if leg.kind == .perp {
        sum = sum + DoubleDouble.exactProduct(-leg.quantity, leg.entryPrice)
      } else if assets[leg.asset].isQuote {
        let value = leg.kind == .deposit ? leg.quantity : -leg.quantity
        sum = sum + DoubleDouble(high: value, low: 0)
      }
    }
    return sum.rounded
  }
}

extension Venue {
  /// What one leg adds to its account, with the place and the names of a refusal.
  ///
  /// * `context`: the account's, for each of its legs.
  func health(
    of leg: Leg,
    in context: LegContext,
    _ assets: AssetTable,
    _ snapshot: PriceSnapshot
  ) throws(Failure) -> LegHealth {
    var context = context
    context.confidenceRatio = snapshot.confidenceRatios[assets[leg.asset].underlying]
    do throws(Failure) {
      return try rule.health(of: leg, in: context)
    } catch {
      throw Failure(
        .data,
        "found \(leg.kind) of \(assets[leg.asset].symbol) at \(name), expected \(error.message)"
      )
    }
  }
}
