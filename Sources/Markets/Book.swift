// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Numerics

/// What one row of a book is.
package enum LegKind: UInt8, Sendable {
  case perp
  case deposit
  case borrow
}

/// How a perp position is margined (seed 2).
package enum MarginMode: String, CaseIterable, Sendable {
  case cross
  case isolated
  case strictIsolated = "strict_isolated"
  case noCross = "no_cross"

  /// Whether a leg is an account of its own.
  package var isIsolated: Bool {
    switch self {
    case .cross: false
    case .isolated, .strictIsolated, .noCross: true
    }
  }
}

/// One row of a book.
package struct Leg: Sendable {
  package var venue: Int
  package var asset: Int
  package var kind: LegKind
  /// Base units; perps signed, others at least 0.
  package var quantity: Double
  /// USD; perps only.
  package var entryPrice: Double
  /// Quote collateral of this row, USD.
  package var collateralUSD: Double
  /// The leverage the position was opened with; replaces the venue's table by one tier.
  package var maxLeverage: Double?
  /// The maintenance weight or threshold that the position has; replaces the asset's.
  package var liquidationThreshold: Double?
  /// When this row was read.
  package var observedSlot: Int64?
  /// The venue's own liquidation price.
  package var statedLiquidationPrice: Double?
  /// Row of the book from 0, and its line in the file.
  package var row: Int
  package var line: Int

  package init(
    venue: Int,
    asset: Int,
    kind: LegKind,
    quantity: Double,
    entryPrice: Double = 0,
    collateralUSD: Double = 0,
    maxLeverage: Double? = nil,
    liquidationThreshold: Double? = nil,
    observedSlot: Int64? = nil,
    statedLiquidationPrice: Double? = nil,
    row: Int = 0,
    line: Int = 0
  ) {
    self.venue = venue
    self.asset = asset
    self.kind = kind
    self.quantity = quantity
    self.entryPrice = entryPrice
    self.collateralUSD = collateralUSD
    self.maxLeverage = maxLeverage
    self.liquidationThreshold = liquidationThreshold
    self.observedSlot = observedSlot
    self.statedLiquidationPrice = statedLiquidationPrice
    self.row = row
    self.line = line
  }
}

/// The price at which an owner closes an account (seed 1).
package struct StopLoss: Sendable, Equatable {
  package var asset: Int
  package var price: Double
  /// Fires at or below its price, else at or above.
  package var isBelow: Bool

  /// The stop of a leg: below for a long or a deposit, above for a short or a borrow.
  package init(of leg: Leg, at price: Double) {
    asset = leg.asset
    self.price = price
    isBelow = leg.kind == .deposit || (leg.kind == .perp && leg.quantity > 0)
  }

  /// Whether the stop is reached at a price, itself included.
  package func fires(at price: Double) -> Bool {
    isBelow ? price <= self.price : price >= self.price
  }
}

extension [Leg] {
  /// The assets that are owed, each once, in row order.
  var borrowedAssets: [Int] {
    var found: [Int] = []
    var known: Set<Int> = []
    for leg in self where leg.kind == .borrow && leg.quantity > 0 {
      if known.insert(leg.asset).inserted { found.append(leg.asset) }
    }
    return found
  }
}

/// Protection of one account: settings of its own and state carried in (DESIGN 4).
package struct ProtectionTerms: Sendable, Equatable {
  package var isProtected = false
  /// Deposited before the run.
  package var deposited: Micro = 0
  package var cap: Micro?
  package var triggerDistance: Double?
  package var safeDistance: Double?
  /// Where the owner closes the account, whether it is protected or not.
  package var stopLosses: [StopLoss] = []

  package init() {}
}

/// Legs that share collateral and are liquidated together.
package struct Account: Sendable {
  /// The text of the book, empty for an isolated account without a name.
  package var name: String
  package var legs: [Leg]
  package var marginMode: MarginMode
  /// The elevation group that the account chose at a lending venue, empty for none.
  package var elevationGroup: String
  package var protection: ProtectionTerms

  package init(
    name: String,
    legs: [Leg],
    marginMode: MarginMode = .cross,
    elevationGroup: String = "",
    protection: ProtectionTerms = ProtectionTerms()
  ) {
    self.name = name
    self.legs = legs
    self.marginMode = marginMode
    self.elevationGroup = elevationGroup
    self.protection = protection
  }

  /// Quote collateral of all rows, USD, added in row order.
  package var collateralUSD: Double { legs.reduce(0) { $0 + $1.collateralUSD } }

  /// When the account was last read completely: its oldest row, nil when no row says.
  package var observedSlot: Int64? { legs.compactMap(\.observedSlot).min() }

  package var venue: Int { legs[0].venue }
}

/// All accounts at one slot.
package struct Book: Sendable {
  package var accounts: [Account]
  /// Text by which messages name the book.
  package var file: String
  package var legCount: Int

  package init(accounts: [Account], file: String = "book") {
    self.accounts = accounts
    self.file = file
    self.legCount = accounts.reduce(0) { $0 + $1.legs.count }
  }

  /// The order of accounts wherever risk is equal: by the bytes of their text, those without a text
  /// last by row.
  package func precedes(_ left: Int, _ right: Int) -> Bool {
    let (a, b) = (accounts[left].name, accounts[right].name)
    if a == b { return left < right }
    if a.isEmpty || b.isEmpty { return b.isEmpty }
    return a.utf8.lexicographicallyPrecedes(b.utf8)
  }

  /// The largest slot at which any row was read.
  package var newestSlot: Int64? {
    accounts.lazy.flatMap(\.legs).compactMap(\.observedSlot).max()
  }
}
