// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// The types of number that `.npy` columns hold, by the text of NumPy's `dtype.str`.
package enum NPYType: String, CaseIterable, Sendable {
  case float64 = "<f8"
  case float32 = "<f4"
  case int64 = "<i8"
  case int32 = "<i4"
  case int16 = "<i2"
  case int8 = "|i1"
  case uint8 = "|u1"
  case bool = "|b1"

  /// Bytes of one value.
  package var size: Int {
    switch self {
    case .float64, .int64: 8
    case .float32, .int32: 4
    case .int16: 2
    case .int8, .uint8, .bool: 1
    }
  }

  /// Whether values are whole numbers or truth values.
  package var isWhole: Bool { self != .float64 && self != .float32 }

  /// All types in words, for messages.
  static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
