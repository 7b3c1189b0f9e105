// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import TextKit

extension ConfigValue {
  /// The value on one line, much as TOML writes it: `[{ lower_usd = 0, max_leverage = 40 }]`.
  ///
  /// A whole number is the same with and without a decimal point.
  package var written: String {
    switch kind {
    case .table(let entries):
      "{ " + entries.map { "\($0.key) = \($0.value.written)" }.joined(separator: ", ") + " }"
    case .array(let elements):
      "[" + elements.map(\.written).joined(separator: ", ") + "]"
    case .string(let text): "\"\(text)\""
    case .integer(let value): "\(value)"
    case .number(let value): NumberText.shortest(value)
    case .boolean(let value): "\(value)"
    }
  }
}
