// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// A limit on a value, checked before the command runs and shown in its help.
///
///     @Option("Worker threads", short: "j", bound: .within(1...256)) var threads = 4
package struct Bound<Value: ArgumentValue>: Sendable {
  /// The limit in words, such as `from 1 to 256`.
  package let text: String
  /// Tells whether a value keeps within the limit.
  package let holds: @Sendable (Value) -> Bool

  /// Makes a limit; its text follows what the type expects: `a whole number` + `from 1 to 256`.
  package init(_ text: String, holds: @escaping @Sendable (Value) -> Bool) {
    self.text = text
    self.holds = holds
  }
}

extension Bound where Value: Comparable {
  /// Allows both ends and what lies between them.
  package static func within(_ range: ClosedRange<Value>) -> Bound {
    Bound("from \(range.lowerBound.argumentText) to \(range.upperBound.argumentText)") {
      range.contains($0)
    }
  }

  /// Allows the value and everything larger.
  package static func atLeast(_ least: Value) -> Bound {
    Bound("of at least \(least.argumentText)") { $0 >= least }
  }

  /// Allows everything larger than the value.
  package static func above(_ limit: Value) -> Bound {
    Bound("above \(limit.argumentText)") { $0 > limit }
  }
}
