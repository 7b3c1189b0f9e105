// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Dotted paths such as `venues.drift.assets.SOL.tiers[0]`, as text and as steps.
///
/// A key that is not made of letters, digits, `_` and `-` alone stands in double quotes, in which
/// a backslash takes the next character as it is.
enum ConfigPath {
  /// One step from a value to a value in it.
  enum Step: Equatable {
    case key(String)
    case index(Int)
  }

  /// The path of a key in the table at a path.
  static func joined(_ path: String, key: String) -> String {
    path.isEmpty ? quoted(key) : path + "." + quoted(key)
  }

  /// The path of an element of the array at a path.
  static func joined(_ path: String, index: Int) -> String {
    path + "[\(index)]"
  }

  /// The path as messages show it: control characters replaced, cut after 200 characters.
  static func shown(_ path: String) -> String {
    var out = String.UnicodeScalarView()
    for (position, scalar) in path.unicodeScalars.enumerated() {
      if position == 200 { return String(out) + "…" }
      out.append(scalar.value < 32 || scalar.value == 127 ? "\u{FFFD}" : scalar)
    }
    return String(out)
  }

  /// The steps of a path.
  ///
  /// - Returns: nil when the text is no path.
  static func steps(_ text: String) -> [Step]? {
    var steps: [Step] = []
    var rest = text[...]
    while !rest.isEmpty {
      if !steps.isEmpty, rest.first == "[" {
        guard let end = rest.firstIndex(of: "]"),
          let index = Int(rest[rest.index(after: rest.startIndex)..<end]), index >= 0
        else { return nil }
        steps.append(.index(index))
        rest = rest[rest.index(after: end)...]
        continue
      }
      if !steps.isEmpty {
        guard rest.removeFirst() == "." else { return nil }
      }
      guard let key = takeKey(&rest) else { return nil }
      steps.append(.key(key))
    }
    return steps.isEmpty ? nil : steps
  }

  // MARK: - Keys

  private static func quoted(_ key: String) -> String {
    let isBare = key.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
        true
      default: false
      }
    }
    if isBare && !key.isEmpty { return key }
    var out = "\""
    for scalar in key.unicodeScalars {
      if scalar == "\"" || scalar == "\\" { out += "\\" }
      out.unicodeScalars.append(scalar)
    }
    return out + "\""
  }

  private static func takeKey(_ rest: inout Substring) -> String? {
    guard rest.first == "\"" else {
      let key = rest.prefix { $0 != "." && $0 != "[" }
      rest = rest[key.endIndex...]
      return key.isEmpty ? nil : String(key)
    }
    var key = String.UnicodeScalarView()
    var scalars = rest.unicodeScalars.dropFirst()
    while let scalar = scalars.popFirst() {
      if scalar == "\"" {
        rest = Substring(scalars)
        return String(key)
      }
      if scalar == "\\" {
        guard let next = scalars.popFirst() else { return nil }
        key.append(next)
      } else {
        key.append(scalar)
      }
    }
    return nil
  }
}
