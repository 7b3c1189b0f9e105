// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Markets

/// One line of what a row adds to its account's health: `slope · price + constant`.
///
/// A row's value at a price is the least of its lines, because health is concave in every price.
package struct RowLine: Sendable, Equatable {
  package var slope: Double
  package var constant: Double

  package init(slope: Double, constant: Double) {
    self.slope = slope
    self.constant = constant
  }
}

extension RowLine {
  /// The lines of a perp of some quantity under a margin table.
  ///
  ///     slope_k = quantity − |quantity| · rate_k        constant_k = deduction_k
  static func lines(of quantity: Double, under table: MarginTable) -> [RowLine] {
    table.lines.map {
      RowLine(slope: quantity - quantity.magnitude * $0.rate, constant: $0.deduction)
    }
  }

  /// The lines of the sum of two values, each the least of its own lines in order of price.
  ///
  /// Between two neighbouring kinks one line of each is active, and their sum is a line of the
  /// result; every other sum of two lines lies above, so a kink that rounding misplaces changes
  /// nothing. At most one line fewer than both have together.
  static func sum(_ first: [RowLine], _ second: [RowLine]) -> [RowLine] {
    var result: [RowLine] = []
    var i = 0
    var j = 0
    while true {
      result.append(
        RowLine(
          slope: first[i].slope + second[j].slope,
          constant: first[i].constant + second[j].constant
        )
      )
      let next = i + 1 < first.count ? kink(first[i], first[i + 1]) : .infinity
      let other = j + 1 < second.count ? kink(second[j], second[j + 1]) : .infinity
      if next == .infinity && other == .infinity { return result }
      if next <= other { i += 1 }
      if other <= next { j += 1 }
    }
  }

  /// The price at which one line takes over from another; of parallel lines at once.
  private static func kink(_ line: RowLine, _ next: RowLine) -> Double {
    let fall = line.slope - next.slope
    return fall > 0 ? (next.constant - line.constant) / fall : 0
  }

  /// The value at a price.
  @inline(__always)
  package func value(at price: Double) -> Double { slope * price + constant }
}

extension [RowLine] {
  /// The line that is least at a price, the first of equals.
  package func active(at price: Double) -> RowLine {
    var best = self[0]
    for line in dropFirst() where line.value(at: price) < best.value(at: price) { best = line }
    return best
  }
}
