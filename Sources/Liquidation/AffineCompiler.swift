// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Markets
internal import Numerics
package import TextKit

extension AffineBook {
  /// Compiles every account by its venue's rule (DESIGN 3, SEMANTICS B1).
  ///
  /// Legs of one underlying asset are summed first; each asset that is not a quote currency gives a
  /// row, an account of quote currencies alone gives one row of slope 0.
  /// * `book`: accounts of any number of legs at one venue each.
  /// * `snapshot`: current prices and confidences; every asset of the book must have a price.
  /// - Throws: a data failure naming the row of the book.
  package init(
    compiling book: Book,
    catalogue: VenueCatalogue,
    snapshot: PriceSnapshot
  ) throws(Failure) {
    self.init(margins: catalogue.margins)
    for account in book.accounts {
      do throws(Failure) {
        try add(account, catalogue: catalogue, snapshot: snapshot)
      } catch {
        throw Failure(error.kind, "\(book.file):\(account.legs[0].line): \(error.message)")
      }
    }
  }

  private mutating func add(
    _ account: Account,
    catalogue: VenueCatalogue,
    snapshot: PriceSnapshot
  ) throws(Failure) {
    try account.check(catalogue)
    let assets = catalogue.assets
    let venue = catalogue.venues[account.venue]
    let isSimple = account.isSimple
    var parts: [RowPart] = []
    var quoteValue = DoubleDouble.zero
    var entryValue = DoubleDouble.zero
    var positionOfAsset: [Int: Int] = [:]
    let context = LegContext(forEachOf: account.legs, group: account.elevationGroup)
    for leg in account.legs {
      let health = try venue.health(of: leg, in: context, assets, snapshot)
      if assets[leg.asset].isQuote {
        quoteValue = quoteValue + DoubleDouble(high: health.slope, low: 0)
        quoteValue = quoteValue + DoubleDouble(high: health.constant, low: 0)
        continue
      }
      let part = RowPart(health, of: leg, in: assets, margins: margins)
      if let position = positionOfAsset[part.asset] {
        parts[position].add(part)
      } else {
        positionOfAsset[part.asset] = parts.count
        parts.append(part)
      }
      entryValue = entryValue + RowPart.exactConstant(health, of: leg)
    }
    guard parts.count <= AffineBook.mostAssets else {
      throw Failure(
        .data,
        "account '\(Failure.shown(account.name))' holds \(parts.count) assets, expected at most"
          + " \(AffineBook.mostAssets); each of its prices is solved with all others"
      )
    }
    if parts.count > 1 {
      parts.sort {
        assets[$0.asset].symbol.utf8.lexicographicallyPrecedes(assets[$1.asset].symbol.utf8)
      }
    }
    if parts.isEmpty {
      parts.append(RowPart(asset: account.legs[0].asset, quantity: account.legs[0].quantity))
    }
    if isSimple {
      appendSimple(parts, fixed: quoteValue.rounded + account.collateralUSD)
    } else {
      var fixed = quoteValue + entryValue
      for leg in account.legs { fixed = fixed + DoubleDouble(high: leg.collateralUSD, low: 0) }
      appendWide(parts, fixed: fixed)
    }
    firstRow.append(Int32(rowCount))
    isEmpty.append(account.legs.allSatisfy { $0.quantity == 0 })
    hasDebt.append(account.legs.contains { $0.kind != .deposit && $0.quantity != 0 })
    tripsAtEquality.append(venue.liquidatesAtEquality)
    wholeUpToUSD.append(venue.closeFactor < 1 ? 0 : venue.rule.wholeUpToUSD)
    let fixed = account.unweightedFixed(assets)
    // The only row of an account of quotes counts the first of them.
    equityFixed.append(positionOfAsset.isEmpty ? fixed - account.legs[0].quantity : fixed)
  }

  /// One row of its own constant, or two that move with each other.
  private mutating func appendSimple(_ parts: [RowPart], fixed: Double) {
    let isPair = parts.count > 1 || parts[0].markdown != nil
    for part in parts { append(part, base: isPair ? fixed : fixed + part.constant) }
    shape.append(isPair ? .pair : .single)
    fixedLow.append(0)
  }

  private mutating func appendWide(_ parts: [RowPart], fixed: DoubleDouble) {
    for part in parts { append(part, base: fixed.high) }
    shape.append(.wide)
    fixedLow.append(fixed.low)
  }

  private mutating func append(_ part: RowPart, base value: Double) {
    account.append(Int32(accountCount))
    asset.append(Int32(part.asset))
    slope.append(part.slope.rounded)
    quantity.append(part.quantity.rounded)
    base.append(value)
    if part.hasSpot, let perp = part.perp {
      tradedOfRow[Int32(rowCount - 1)] = perp.magnitude
    }
    if let lines = part.lines {
      ownLines.append(lines.map { $0.shifted(by: part.slope.rounded) })
      table.append(Int32(-ownLines.count))
    } else {
      table.append(Int32(part.table))
    }
    guard let mark = part.markdown else {
      markdown.append(-1)
      return
    }
    markdown.append(Int32(markdowns.count))
    markdowns.append(mark)
  }
}

/// What the legs of one underlying asset add up to.
private struct RowPart {
  var asset: Int
  var slope = DoubleDouble.zero
  var quantity: DoubleDouble
  var constant = 0.0
  /// The margin table of the only leg, 0 for none.
  var table = 0
  /// Lines of the tabled legs, once the row has more than that one leg.
  var lines: [RowLine]?
  var markdown: AffineBook.Markdown?
  /// Net quantity of the perps among the legs, and whether there are others.
  var perp: Double?
  var hasSpot = false
  private var tabled: [RowLine]?

  init(asset: Int, quantity: Double) {
    self.asset = asset
    self.quantity = DoubleDouble(high: quantity, low: 0)
  }

  init(_ health: LegHealth, of leg: Leg, in assets: AssetTable, margins: MarginTableSet) {
    let entry = assets[leg.asset]
    let isDerived = entry.underlying != leg.asset
    let ratio = isDerived ? entry.ratio : 1
    let units = leg.quantity * ratio
    asset = entry.underlying
    quantity = DoubleDouble(high: leg.kind == .borrow ? -units : units, low: 0)
    if leg.kind == .perp { perp = units } else { hasSpot = true }
    slope = DoubleDouble(high: health.slope * ratio, low: 0)
    constant = health.constant
    // A position of nothing needs no margin, and its table's deductions are nobody's.
    table = leg.quantity == 0 ? 0 : health.table
    if table > 0 {
      tabled = RowLine.lines(of: health.slope * ratio, under: margins[health.table])
    }
    if let mark = health.markdown {
      markdown = AffineBook.Markdown(
        asset: asset,
        quantity: mark.quantity * ratio,
        weight: mark.weight
      )
    }
  }

  /// Adds another leg of the same underlying asset.
  mutating func add(_ other: RowPart) {
    let flat = (tabled == nil ? slope : .zero) + (other.tabled == nil ? other.slope : .zero)
    quantity = quantity + other.quantity
    if let theirs = other.perp { perp = (perp ?? 0) + theirs }
    hasSpot = hasSpot || other.hasSpot
    constant = constant + other.constant
    if let own = tabled, let theirs = other.tabled {
      tabled = RowLine.sum(own, theirs)
    } else {
      tabled = tabled ?? other.tabled
    }
    table = 0
    // Once tables and plain slopes meet, `slope` keeps the plain ones and the lines the rest.
    slope = lines == nil ? flat : slope + (other.tabled == nil ? other.slope : .zero)
    lines = tabled
    if let mark = other.markdown {
      let sum = (markdown?.quantity ?? 0) * (markdown?.weight ?? 0) + mark.quantity * mark.weight
      markdown =
        markdown == nil ? mark : AffineBook.Markdown(asset: asset, quantity: sum, weight: 1)
    }
  }

  /// What a leg adds to the constant, without rounding: `−quantity · entry` of a perp.
  static func exactConstant(_ health: LegHealth, of leg: Leg) -> DoubleDouble {
    if leg.kind == .perp, health.constant == -leg.quantity * leg.entryPrice {
      return DoubleDouble.exactProduct(-leg.quantity, leg.entryPrice)
    }
    return DoubleDouble(high: health.constant, low: 0)
  }
}

extension RowLine {
  /// The line with the slope of untabled legs of the same asset.
  fileprivate func shifted(by slope: Double) -> RowLine {
    RowLine(slope: slope + self.slope, constant: constant)
  }
}
