// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Numerics
package import Settings
package import TextKit

/// What an axis of a grid sweeps.
package enum AxisTarget: Sendable, Hashable {
  case setting(SettingKey)
  /// A number of the venue file, by dotted path from `venues`.
  case venue(path: String)

  /// The setting; nil for a number of the venue file.
  var setting: SettingKey? {
    if case .setting(let key) = self { return key }
    return nil
  }

  /// What an identity calls it.
  var name: String {
    switch self {
    case .setting(let key): key.name
    case .venue(let path): path
    }
  }
}

/// The ends of an axis that was given as a range, between which a sample may draw.
package struct AxisRange: Sendable, Equatable {
  package let from: Double
  package let to: Double
  /// Whether equal ratios, not equal differences, are equally likely; both ends are above 0 then.
  package let isLogarithmic: Bool

  package init(from: Double, to: Double, isLogarithmic: Bool) {
    self.from = from
    self.to = to
    self.isLogarithmic = isLogarithmic
  }
}

/// One swept number with its values in order (SEMANTICS B22).
package struct Axis: Sendable, Equatable {
  package let name: String
  package let target: AxisTarget
  package let values: [Double]
  /// Nil for an axis that was given as a list.
  package let range: AxisRange?

  /// Makes an axis.
  ///
  /// * `allowsRepeats`: a column of a zip group may have a value twice, as rows differ elsewhere.
  /// - Throws: a data failure for no values, or the same one twice.
  package init(
    name: String,
    target: AxisTarget,
    values: [Double],
    range: AxisRange? = nil,
    allowsRepeats: Bool = false
  ) throws(Failure) {
    self.name = name
    self.target = target
    self.values = values
    self.range = range
    guard !values.isEmpty else {
      throw Failure(.data, "grid.\(name): found no values, expected at least one")
    }
    var seen: Set<Double> = []
    for value in values where !allowsRepeats && !seen.insert(value).inserted {
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
    let range = AxisRange(from: from, to: to, isLogarithmic: isLogarithmic)
    return (0..<steps).map { (i: Int) in
      if i == 0 { return rounded(from) }
      if i == steps - 1 { return rounded(to) }
      guard isLogarithmic else {
        return rounded(from + (to - from) * Double(i) / Double(steps - 1))
      }
      return range.value(at: Double(i) / Double(steps - 1))
    }
  }

  /// A double rounded to 6 significant decimals, correctly and to even.
  static func rounded(_ value: Double) -> Double {
    var buffer = [CChar](repeating: 0, count: 32)
    _ = unsafe withVaList([value]) { unsafe vsnprintf(&buffer, buffer.count, "%.5e", $0) }
    return unsafe strtod(buffer, nil)
  }
}

extension AxisRange {
  /// The value at a share of the way from one end to the other, rounded to 6 significant decimals.
  ///
  ///     linear  from + (to − from) · share
  ///     log     from · (to / from)^share
  func value(at share: Double) -> Double {
    Axis.rounded(
      isLogarithmic
        ? from * ExactMath.exp(share * ExactMath.ln(to / from))
        : from + (to - from) * share
    )
  }
}
