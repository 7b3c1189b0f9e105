// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Configuration
package import Markets
package import TextKit

/// Makes a book of Hyperliquid's `clearinghouseState` answers.
///
/// A cross position's part in health is `q · (mark − entry)`, so that the account's collateral is
///
///     collateral_usd = totalRawUsd + Σ szi · entryPx
///
/// exactly, then rounded once; with it `collateral + Σ q · (mark − entry)` is the account value. It
/// stands in the first cross row of the user. An isolated position has `rawUsd + szi · entryPx`.
///
/// `max_leverage` is written only where the position's differs from the venue's first tier: in a
/// book it replaces the whole margin table. Source: venues.md 5.1; the venue's info endpoint.
package struct HyperliquidImport {
  private let venue: ImportVenue
  private let skipsUnknown: Bool
  private var book = ImportedBook()
  private var unknown = UnknownAssets()
  private var marks = MarkPrices()
  private var placeOfUser: [String: String] = [:]
  private var usersWithoutPosition = 0

  /// Starts an empty book.
  ///
  /// * `venue`: the venue that the positions belong to, with margin tiers.
  /// * `skipsUnknown`: leaves out positions in coins that the venue does not list.
  package init(
    catalogue: VenueCatalogue,
    venue: String = "hyperliquid",
    skipsUnknown: Bool = false
  ) throws(Failure) {
    self.venue = try ImportVenue(venue, in: catalogue)
    self.skipsUnknown = skipsUnknown
  }

  /// Adds all states of a file: one answer, an object of answers by user, an array of answers or of
  /// `{user, state}`, or several of these one after the other.
  ///
  /// - Throws: a failure with file, line, path, what was found and expected; an unknown coin is
  ///   reported by `finish`.
  package mutating func read(_ path: String) throws(Failure) {
    try HyperliquidStates.read(path) { (state: HyperliquidState) throws(Failure) in
      try add(state)
    }
  }

  /// The book of all files.
  ///
  /// - Throws: one failure that names every coin that the venue does not list.
  package consuming func finish() throws(Failure) -> ImportedBook {
    if !unknown.symbols.isEmpty && !skipsUnknown {
      throw unknown.failure(venue: venue.name, listed: venue.listed)
    }
    guard !placeOfUser.isEmpty else {
      throw Failure(.data, "found no account, expected at least one clearinghouseState answer")
    }
    book.prices = marks.prices
    book.warnings += marks.warnings
    if usersWithoutPosition > 0 {
      book.counts.append(
        "\(usersWithoutPosition) user\(usersWithoutPosition == 1 ? "" : "s") without a position"
      )
    }
    if let count = unknown.count { book.counts.append(count) }
    return book
  }

  private mutating func add(_ state: HyperliquidState) throws(Failure) {
    if let other = placeOfUser.updateValue(state.place, forKey: state.user) {
      throw Failure(
        .data,
        "\(state.place): found the user '\(Failure.shown(state.user))' again, expected each user"
          + " once; the first is at \(other); give every state of a file a 'user'"
      )
    }
    let known = state.positions.filter { venue.asset($0.coin) != nil }
    for position in state.positions where venue.asset(position.coin) == nil {
      unknown.add(position.coin)
    }
    for position in known { try marks.add(position, time: state.time) }
    let cross = known.filter { !$0.isIsolated }
    var collateral: Double? = nil
    if !cross.isEmpty { collateral = try crossCollateral(state, of: cross) }
    let before = book.legs.count
    for position in known {
      var own = 0.0
      if let raw = position.isolatedRawUSD {
        own = try position.rounded(
          raw + position.size * position.entry,
          "collateral",
          BookLimits.collateral
        )
      } else if let first = collateral {
        own = first
        collateral = 0
      }
      book.legs.append(try leg(position, of: state.user, collateral: own))
    }
    if state.positions.isEmpty { usersWithoutPosition += 1 }
    book.accountCount +=
      book.legs.count == before ? 0 : known.count - cross.count + (cross.isEmpty ? 0 : 1)
  }

  /// The collateral of the cross positions, with what unknown ones are worth at their mark.
  private mutating func crossCollateral(
    _ state: HyperliquidState,
    of kept: [HyperliquidPosition]
  ) throws(Failure) -> Double {
    let all = state.positions.filter { !$0.isIsolated }
    let left = all.filter { venue.asset($0.coin) == nil }
    let worth = state.rawUSD + all.map(\.signedValue).reduce(.zero, +)
    if let off = (worth - state.accountValue).double, let value = state.accountValue.double,
      off.magnitude > max(0.01, 1e-6 * value.magnitude)
    {
      book.warnings.append(
        "\(state.place): totalRawUsd and the positions of '\(Failure.shown(state.user))' add up"
          + " to \(NumberText.shortest(off)) more than accountValue; the collateral follows"
          + " totalRawUsd"
      )
    }
    if !left.isEmpty {
      book.warnings.append(
        "\(state.place): \(left.count) position\(left.count == 1 ? "" : "s") of"
          + " '\(Failure.shown(state.user))' left out; collateral_usd holds their value at the"
          + " mark, their margin requirement is not counted"
      )
    }
    let entries = kept.map { $0.size * $0.entry }.reduce(state.rawUSD, +)
    return try state.rounded(
      entries + left.map(\.signedValue).reduce(.zero, +),
      "collateral",
      BookLimits.collateral
    )
  }

  private func leg(
    _ position: HyperliquidPosition,
    of user: String,
    collateral: Double
  ) throws(Failure) -> ImportedBook.Leg {
    var leverage = position.maxLeverage
    if let given = leverage, let asset = venue.asset(position.coin),
      let rate = venue.rule.firstMaintenanceRate(asset), 1 / (2 * given) == rate
    {
      leverage = nil
    }
    return ImportedBook.Leg(
      account: user,
      venue: venue.name,
      asset: position.coin,
      leg: "perp",
      quantity: try position.rounded(position.size, "size", BookLimits.quantity),
      entryPrice: try position.rounded(position.entry, "entry price", BookLimits.price),
      collateralUSD: collateral,
      maxLeverage: leverage,
      marginMode: (position.isIsolated ? MarginMode.isolated : .cross).rawValue,
      liquidationPrice: position.liquidationPrice
    )
  }
}

/// One price for each coin: of the latest state, then of the largest position, which has most
/// digits, then of the first.
private struct MarkPrices {
  private struct Mark {
    var price: Double
    var value: Double
    var time: Int
  }

  private var marks: [String: Mark] = [:]
  private var conflicts: Set<String> = []

  mutating func add(_ position: HyperliquidPosition, time: Int?) throws(Failure) {
    guard let price = position.signedValue.magnitude.divided(by: position.size.magnitude),
      let value = position.signedValue.magnitude.double, price > 0,
      price <= BookLimits.price.upperBound
    else {
      throw position.source.failure(
        "found a position of no value, expected positionValue and szi that give a price"
      )
    }
    let mark = Mark(price: price, value: value, time: time ?? 0)
    guard let other = marks[position.coin] else {
      marks[position.coin] = mark
      return
    }
    // Values have six decimals: a small position's price is not exact.
    let slack = 1e-6 * price + 1e-6 * (price / value + other.price / other.value)
    if (price - other.price).magnitude > slack { conflicts.insert(position.coin) }
    if (mark.time, mark.value) > (other.time, other.value) { marks[position.coin] = mark }
  }

  var prices: [(asset: String, price: Double)] {
    marks.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      .map { ($0.key, $0.value.price) }
  }

  var warnings: [String] {
    guard !conflicts.isEmpty else { return [] }
    let names = conflicts.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.prefix(5)
    return [
      "\(conflicts.count) coin\(conflicts.count == 1 ? " has" : "s have") different prices in"
        + " different states (\(names.joined(separator: ", "))\(conflicts.count > 5 ? ", …" : ""));"
        + " taken is the latest state's, among equals the largest position's"
    ]
  }
}
