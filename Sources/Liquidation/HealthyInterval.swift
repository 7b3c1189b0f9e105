// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Markets

/// The prices of one asset between which an account is healthy, all else held fixed.
///
///     lower = max over the lines with positive slope of −constant_k / slope_k
///     upper = min over the lines with negative slope of −constant_k / slope_k
///
/// - Edge cases: no line of a sign gives −infinity or +infinity. Lines of zero slope have no root:
///   when all are flat and the lowest is below 0, `lower` is +infinity (liquidatable at every
///   price); exactly 0 is told by `isFlatZero`, because venues differ on equality.
/// - Rounding: one product, one difference and one quotient for each line, as written.
package struct HealthyInterval: Sendable, Equatable {
  package var lower: Double
  package var upper: Double
  /// All slopes are 0 and health is exactly 0.
  package var isFlatZero = false

  /// One line with rate and deduction folded in.
  @inline(__always)
  package init(slope: Double, constant: Double) {
    lower = -.infinity
    upper = .infinity
    if slope > 0 {
      lower = -constant / slope
    } else if slope < 0 {
      upper = -constant / slope
    } else if constant < 0 {
      lower = .infinity
    } else {
      isFlatZero = constant == 0
    }
  }

  /// Several lines of a margin table; `slope` is the signed quantity.
  package init(slope quantity: Double, constant: Double, lines: [MarginTable.Line]) {
    lower = -.infinity
    upper = .infinity
    var isFlat = true
    var leastFlat = Double.infinity
    for line in lines {
      let slope = quantity - quantity.magnitude * line.rate
      let value = constant + line.deduction
      if slope > 0 {
        isFlat = false
        let root = -value / slope
        if root > lower { lower = root }
      } else if slope < 0 {
        isFlat = false
        let root = -value / slope
        if root < upper { upper = root }
      } else {
        leastFlat = min(leastFlat, value)
      }
    }
    if leastFlat < 0 {
      lower = .infinity
      upper = .infinity
    } else if isFlat {
      isFlatZero = leastFlat == 0
    }
  }

  /// Whether the account is liquidatable at a price: the comparison that decides everywhere.
  @inline(__always)
  package func isViolated(at price: Double, atEquality: Bool) -> Bool {
    atEquality
      ? price <= lower || price >= upper || isFlatZero
      : price < lower || price > upper
  }
}
