// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import TextKit

/// A value that is written as JSON, keys in the order given.
package indirect enum JSONValue: Sendable {
  case object([(String, JSONValue)])
  case array([JSONValue])
  case text(String)
  case integer(Int)
  case number(Double)
  case flag(Bool)
  case null

  /// The text with two spaces of indentation and a line break at the end of the outermost value.
  package var text: String { render(indent: "") + "\n" }

  private func render(indent: String) -> String {
    let inner = indent + "  "
    switch self {
    case .object(let entries):
      if entries.isEmpty { return "{}" }
      let lines = entries.map { inner + JSONValue.quoted($0.0) + ": " + $0.1.render(indent: inner) }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
    case .array(let items):
      if items.isEmpty { return "[]" }
      return "[\n" + items.map { inner + $0.render(indent: inner) }.joined(separator: ",\n")
        + "\n\(indent)]"
    case .text(let text): return JSONValue.quoted(text)
    case .integer(let value): return String(value)
    case .number(let value): return value.isFinite ? NumberText.shortest(value) : "null"
    case .flag(let value): return value ? "true" : "false"
    case .null: return "null"
    }
  }

  private static func quoted(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      case "\r": out += "\\r"
      case "\t": out += "\\t"
      default:
        if scalar.value < 32 {
          let digits = String(scalar.value, radix: 16)
          out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        } else {
          out.unicodeScalars.append(scalar)
        }
      }
    }
    return out + "\""
  }
}
