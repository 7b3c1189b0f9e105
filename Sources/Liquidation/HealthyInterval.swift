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
    self.init()
    var flat = FlatLines()
    for line in lines {
      add(quantity - quantity.magnitude * line.rate, constant + line.deduction, &flat)
    }
    close(flat)
  }

  /// Some of many lines of margin tables; the same as with those lines alone.
  @inline(__always)
  init(
    slope quantity: Double,
    constant: Double,
    some range: Range<Int>,
    of lines: borrowing Span<MarginTable.Line>
  ) {
    self.init()
    var flat = FlatLines()
    for place in range {
      let line = lines[place]
      add(quantity - quantity.magnitude * line.rate, constant + line.deduction, &flat)
    }
    close(flat)
  }

  /// Lines of a row's own over a constant.
  package init(lines: [RowLine], constant: Double) {
    self.init()
    var flat = FlatLines()
    for line in lines { add(line.slope, constant + line.constant, &flat) }
    close(flat)
  }

  /// Healthy at every price.
  private init() {
    lower = -.infinity
    upper = .infinity
  }

  /// What is known of the lines without a root.
  private struct FlatLines {
    var isAll = true
    var least = Double.infinity
  }

  @inline(__always)
  private mutating func add(_ slope: Double, _ value: Double, _ flat: inout FlatLines) {
    if slope > 0 {
      flat.isAll = false
      let root = -value / slope
      lower = root > lower ? root : lower
    } else if slope < 0 {
      flat.isAll = false
      let root = -value / slope
      upper = root < upper ? root : upper
    } else {
      flat.least = min(flat.least, value)
    }
  }

  private mutating func close(_ flat: FlatLines) {
    if flat.least < 0 {
      lower = .infinity
      upper = .infinity
    } else if flat.isAll {
      isFlatZero = flat.least == 0
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
