// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// A unit in which the numbers of a picture are short: USD become thousand or million USD.
struct UnitScale {
  /// What numbers are divided by.
  let factor: Double
  let unit: String

  init(_ unit: String, of values: some Sequence<Double>) {
    var largest = 0.0
    for value in values where value.isFinite { largest = max(largest, value.magnitude) }
    guard unit == "USD", largest >= 10_000 else {
      (factor, self.unit) = (1, unit)
      return
    }
    (factor, self.unit) =
      largest >= 1e9
      ? (1e9, "billion USD") : largest >= 1e6 ? (1e6, "million USD") : (1e3, "thousand USD")
  }

  /// A number of a picture.
  func text(_ value: Double) -> String { Figures.text(value / factor) }

  /// A name with the unit.
  func title(_ name: String) -> String { "\(name) (\(unit))" }
}
