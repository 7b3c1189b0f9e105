// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Numerics
package import Settings
package import TextKit

/// What an axis of a grid sweeps.
package enum AxisTarget: Sendable, Equatable {
  case setting(SettingKey)
  /// A number of the venue file, by dotted path from `venues`.
  case venue(path: String)
}

/// One swept number with its values in order (SEMANTICS B22).
package struct Axis: Sendable, Equatable {
  package let name: String
  package let target: AxisTarget
  package let values: [Double]

  package init(name: String, target: AxisTarget, values: [Double]) throws(Failure) {
    self.name = name
    self.target = target
    self.values = values
    guard !values.isEmpty else {
      throw Failure(.data, "grid.\(name): found no values, expected at least one")
    }
    var seen: Set<Double> = []
    for value in values where !seen.insert(value).inserted {
      throw Failure(
        .data,
        "grid.\(name): found \(NumberText.shortest(value)) twice, expected different values;"
          + " values of a range are rounded to 6 significant digits"
      )
    }
  }

  /// The values of a range, rounded to 6 significant decimals; the last is `to`.
  ///
  ///     linear  from + (to − from) · i / (steps − 1)
  ///     log     from · (to / from)^(i / (steps − 1))
  ///
  /// - Edge cases: one step gives `from`.
  /// - Throws: a data failure when a log range does not lie above 0.
  package static func range(
    name: String,
    from: Double,
    to: Double,
    steps: Int,
    isLogarithmic: Bool
  ) throws(Failure) -> [Double] {
    guard !isLogarithmic || (from > 0 && to > 0) else {
      throw Failure(.data, "grid.\(name): a log scale needs from and to above 0")
    }
    return (0..<steps).map { (i: Int) in
      if i == 0 { return rounded(from) }
      if i == steps - 1 { return rounded(to) }
      let share = Double(i) / Double(steps - 1)
      return rounded(
        isLogarithmic
          ? from * ExactMath.exp(share * ExactMath.ln(to / from))
          : from + (to - from) * Double(i) / Double(steps - 1)
      )
    }
  }

  /// A double rounded to 6 significant decimals, correctly and to even.
  static func rounded(_ value: Double) -> Double {
    var buffer = [CChar](repeating: 0, count: 32)
    _ = unsafe withVaList([value]) { unsafe vsnprintf(&buffer, buffer.count, "%.5e", $0) }
    return unsafe strtod(buffer, nil)
  }
}
