// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Which way the price must move for the account to fall.
package enum Direction: String, CaseIterable, Sendable {
  case above
  case below

  /// Signed distance of a price from a root as a share of the root.
  @inline(__always)
  package func distance(of price: Double, from root: Double) -> Double {
    switch self {
    case .below: (price - root) / root
    case .above: (root - price) / root
    }
  }
}

/// How an account stands toward one price (DESIGN 3).
package enum LiquidationStatus: String, CaseIterable, Sendable {
  case atRisk = "at_risk"
  case unreachable
  case liquidatable
  case empty
}

/// The liquidation price of one row with its status and direction (SEMANTICS B2).
package struct Assessment: Sendable, Equatable {
  package var status: LiquidationStatus
  package var direction: Direction?
  /// The root, nil when there is none above 0.
  package var price: Double?

  /// Decides the status, first rule that applies: empty, liquidatable, at risk, unreachable.
  ///
  /// - Parameters:
  ///   - interval: healthy prices of the row.
  ///   - price: current price of the row's asset.
  ///   - isEmpty: every quantity of the account is 0.
  ///   - hasDebt: the account owes something or holds a perp; without debt nothing can fall.
  ///   - atEquality: the venue liquidates exactly at the root.
  @inline(__always)
  package init(
    _ interval: HealthyInterval,
    price: Double,
    isEmpty: Bool,
    hasDebt: Bool,
    atEquality: Bool
  ) {
    self.init(status: .unreachable, direction: nil, price: nil)
    if isEmpty {
      status = .empty
    } else if !hasDebt {
      return
    } else if interval.isViolated(at: price, atEquality: atEquality) {
      status = .liquidatable
      let isBelow = atEquality ? price <= interval.lower : price < interval.lower
      let isAbove = atEquality ? price >= interval.upper : price > interval.upper
      if isBelow && isAbove || interval.lower == .infinity { return }
      guard isBelow || isAbove else { return }
      direction = isBelow ? .below : .above
      let root = isBelow ? interval.lower : interval.upper
      if root > 0 && root < .infinity { self.price = root }
    } else {
      let hasLower = interval.lower > 0
      let hasUpper = interval.upper > 0 && interval.upper < .infinity
      guard hasLower || hasUpper else { return }
      status = .atRisk
      let isNearerBelow =
        hasLower
        && (!hasUpper || (price - interval.lower).magnitude <= (price - interval.upper).magnitude)
      direction = isNearerBelow ? .below : .above
      self.price = isNearerBelow ? interval.lower : interval.upper
    }
  }

  private init(status: LiquidationStatus, direction: Direction?, price: Double?) {
    self.status = status
    self.direction = direction
    self.price = price
  }

  /// Signed distance of a price from the root, as a share of the root (SEMANTICS B13).
  ///
  /// `(price − root)/root` for `below`, `(root − price)/root` for `above`; at or under 0 the
  /// account is past its root.
  @inline(__always)
  package func distance(at price: Double) -> Double? {
    guard let root = self.price, let direction else { return nil }
    return direction.distance(of: price, from: root)
  }
}
