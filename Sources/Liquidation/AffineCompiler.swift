// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Markets
package import TextKit

extension AffineBook {
  /// Compiles every account by its venue's rule (DESIGN 3, SEMANTICS B1).
  ///
  /// Legs of one underlying asset are summed first; each asset that is not a quote currency gives a
  /// row, an account of quote currencies alone gives one row of slope 0.
  /// * `book`: accounts of one perp, one deposit, one borrow, or one deposit against one borrow.
  /// * `snapshot`: current prices and confidences; every asset of the book must have a price.
  /// - Throws: a data failure naming the row of the book.
  package init(
    compiling book: Book,
    catalogue: VenueCatalogue,
    snapshot: PriceSnapshot
  ) throws(Failure) {
    self.init(margins: catalogue.margins)
    for (index, account) in book.accounts.enumerated() {
      do throws(Failure) {
        try add(account, index: index, catalogue: catalogue, snapshot: snapshot)
      } catch {
        throw Failure(error.kind, "\(book.file):\(account.legs[0].line): \(error.message)")
      }
    }
  }

  private mutating func add(
    _ account: Account,
    index: Int,
    catalogue: VenueCatalogue,
    snapshot: PriceSnapshot
  ) throws(Failure) {
    try AffineBook.checkShape(account, catalogue)
    let assets = catalogue.assets
    let venue = catalogue.venues[account.venue]
    var parts: [Part] = []
    var quoteValue = 0.0
    for leg in account.legs {
      let context = LegContext(
        legs: account.legs,
        confidenceRatio: snapshot.confidenceRatios[assets[leg.asset].underlying]
      )
      let health: LegHealth
      do throws(Failure) {
        health = try venue.rule.health(of: leg, in: context)
      } catch {
        throw Failure(
          .data,
          "found \(leg.kind) of \(assets[leg.asset].symbol) at \(venue.name),"
            + " expected \(error.message)"
        )
      }
      if assets[leg.asset].isQuote {
        quoteValue = quoteValue + (health.slope + health.constant)
      } else {
        Part.merge(health, of: leg, in: assets, into: &parts)
      }
    }
    parts.sort {
      assets[$0.asset].symbol.utf8.lexicographicallyPrecedes(assets[$1.asset].symbol.utf8)
    }
    let fixed = quoteValue + account.collateralUSD
    if parts.isEmpty {
      let leg = account.legs[0]
      append(
        Part(asset: leg.asset, slope: 0, quantity: leg.quantity),
        base: fixed,
        account: index
      )
    }
    for part in parts {
      let others = parts.filter { $0.asset != part.asset }
      append(part, base: fixed + part.constant, account: index)
      if let other = others.first ?? (part.markdownQuantity != 0 ? part : nil) {
        couple(row: rowCount - 1, part, to: others.isEmpty ? nil : other, fixed: fixed)
      }
    }
    firstRow.append(Int32(rowCount))
    isEmpty.append(account.legs.allSatisfy { $0.quantity == 0 })
    hasDebt.append(account.legs.contains { $0.kind != .deposit && $0.quantity != 0 })
    tripsAtEquality.append(venue.liquidatesAtEquality)
    var equity = account.collateralUSD
    for leg in account.legs {
      if leg.kind == .perp {
        equity -= leg.quantity * leg.entryPrice
      } else if assets[leg.asset].isQuote && !parts.isEmpty {
        equity += leg.kind == .deposit ? leg.quantity : -leg.quantity
      }
    }
    equityBase.append(equity)
  }

  private mutating func append(_ part: Part, base value: Double, account index: Int) {
    account.append(Int32(index))
    asset.append(Int32(part.asset))
    table.append(Int32(part.table))
    slope.append(part.slope)
    quantity.append(part.quantity)
    base.append(value)
    coupling.append(-1)
  }

  private mutating func couple(row: Int, _ part: Part, to other: Part?, fixed: Double) {
    // The mark-down belongs to the deposit, whichever of the two rows is solved.
    let marked = part.markdownQuantity != 0 ? part : other ?? part
    coupling[row] = Int32(couplings.count)
    couplings.append(
      Coupling(
        asset: other?.asset ?? -1,
        slope: other?.slope ?? 0,
        fixed: fixed,
        markdownQuantity: marked.markdownQuantity,
        markdownWeight: marked.markdownWeight,
        markdownAsset: marked.asset
      )
    )
  }

  /// What the legs of one underlying asset add up to.
  private struct Part {
    var asset: Int
    var slope: Double
    var quantity: Double
    var constant = 0.0
    var table = 0
    var markdownQuantity = 0.0
    var markdownWeight = 0.0

    static func merge(
      _ health: LegHealth,
      of leg: Leg,
      in assets: AssetTable,
      into parts: inout [Part]
    ) {
      let entry = assets[leg.asset]
      let slope = entry.underlying == leg.asset ? health.slope : health.slope * entry.ratio
      let units = entry.underlying == leg.asset ? leg.quantity : leg.quantity * entry.ratio
      let signed = leg.kind == .borrow ? -units : units
      var part = Part(asset: entry.underlying, slope: slope, quantity: signed)
      part.constant = health.constant
      part.table = health.table
      if let markdown = health.markdown {
        part.markdownQuantity =
          markdown.quantity * (entry.underlying == leg.asset ? 1 : entry.ratio)
        part.markdownWeight = markdown.weight
      }
      guard let position = parts.firstIndex(where: { $0.asset == part.asset }) else {
        parts.append(part)
        return
      }
      parts[position].slope = parts[position].slope + part.slope
      parts[position].quantity = parts[position].quantity + part.quantity
      parts[position].constant = parts[position].constant + part.constant
      if part.markdownQuantity != 0 {
        parts[position].markdownQuantity = part.markdownQuantity
        parts[position].markdownWeight = part.markdownWeight
      }
    }
  }

  /// Refuses the accounts that need the solver of many legs.
  private static func checkShape(
    _ account: Account,
    _ catalogue: VenueCatalogue
  ) throws(Failure) {
    for leg in account.legs where leg.venue != account.venue {
      throw Failure(
        .data,
        "account '\(Failure.shown(account.name))' has legs at"
          + " \(catalogue.venues[account.venue].name) and \(catalogue.venues[leg.venue].name)"
          + " (line \(leg.line)), expected one venue; give the legs accounts of their own"
      )
    }
    let kinds = account.legs.map(\.kind)
    let isSingle = kinds.count == 1
    let isPair = kinds.count == 2 && kinds.contains(.deposit) && kinds.contains(.borrow)
    guard isSingle || isPair else {
      throw Failure(
        .data,
        "account '\(Failure.shown(account.name))' has \(kinds.count) legs"
          + " (\(kinds.map { "\($0)" }.joined(separator: ", "))), expected one perp, one deposit,"
          + " one borrow, or one deposit against one borrow; cross accounts of many legs are not"
          + " supported by this version"
      )
    }
  }
}
