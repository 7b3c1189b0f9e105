// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// A number that a configuration file can hold.
package protocol ConfigNumber: Comparable, Sendable {
  /// The number as messages show it.
  var numeral: String { get }
}

extension Double: ConfigNumber {
  package var numeral: String {
    let text = description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}

extension Int: ConfigNumber {
  package var numeral: String { description }
}

/// The numbers that a setting may take, with the words for them.
///
/// The ranges of Swift do, and `.above(0)` where the bound itself is not allowed:
///
///     try table.number("share", in: 0...1)
///     try table.number("price", in: .above(0))
package protocol ConfigRange<Bound>: Sendable {
  associatedtype Bound: ConfigNumber
  /// Whether a number is in the range.
  func holds(_ value: Bound) -> Bool
  /// What follows "a number", such as ` from 0 to 1`.
  var words: String { get }
}

extension ClosedRange: ConfigRange where Bound: ConfigNumber {
  package func holds(_ value: Bound) -> Bool { contains(value) }
  package var words: String { " from \(lowerBound.numeral) to \(upperBound.numeral)" }
}

extension Range: ConfigRange where Bound: ConfigNumber {
  package func holds(_ value: Bound) -> Bool { contains(value) }
  package var words: String {
    " of at least \(lowerBound.numeral) and below \(upperBound.numeral)"
  }
}

extension PartialRangeFrom: ConfigRange where Bound: ConfigNumber {
  package func holds(_ value: Bound) -> Bool { contains(value) }
  package var words: String { " of at least \(lowerBound.numeral)" }
}

extension PartialRangeThrough: ConfigRange where Bound: ConfigNumber {
  package func holds(_ value: Bound) -> Bool { contains(value) }
  package var words: String { " of at most \(upperBound.numeral)" }
}

extension PartialRangeUpTo: ConfigRange where Bound: ConfigNumber {
  package func holds(_ value: Bound) -> Bool { contains(value) }
  package var words: String { " below \(upperBound.numeral)" }
}

/// All numbers above a bound, and at most another one where it is given.
package struct ConfigRangeAbove<Bound: ConfigNumber>: ConfigRange {
  let lower: Bound
  let upper: Bound?

  package func holds(_ value: Bound) -> Bool {
    guard value > lower else { return false }
    guard let upper else { return true }
    return value <= upper
  }

  package var words: String {
    " above \(lower.numeral)" + (upper.map { " and at most \($0.numeral)" } ?? "")
  }
}

extension ConfigRange {
  /// The numbers above a bound.
  package static func above<Number>(_ lower: Number) -> ConfigRangeAbove<Number>
  where Self == ConfigRangeAbove<Number> {
    ConfigRangeAbove(lower: lower, upper: nil)
  }

  /// The numbers above a bound and at most another.
  package static func above<Number>(
    _ lower: Number,
    through upper: Number
  ) -> ConfigRangeAbove<Number>
  where Self == ConfigRangeAbove<Number> {
    ConfigRangeAbove(lower: lower, upper: upper)
  }
}

/// Every number of a type.
package struct ConfigRangeAny<Bound: ConfigNumber>: ConfigRange {
  package init() {}
  package func holds(_ value: Bound) -> Bool { true }
  package var words: String { "" }
}

extension ConfigRange {
  /// Every number.
  package static func any<Number>() -> ConfigRangeAny<Number>
  where Self == ConfigRangeAny<Number> {
    ConfigRangeAny()
  }
}
