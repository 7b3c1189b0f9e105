// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The inputs of a published case: names with numbers, texts, lists and records.
struct CaseInputs: Decodable, Sendable {
  /// One value, numbers as the text that they were written with where it is exact.
  enum Value: Decodable, Sendable {
    case number(String)
    case text(String)
    case flag(Bool)
    case list([Value])
    case record(CaseInputs)
    case null

    init(from decoder: any Decoder) throws {
      if let record = try? CaseInputs(from: decoder) {
        self = .record(record)
        return
      }
      if let list = try? [Value](from: decoder) {
        self = .list(list)
        return
      }
      let value = try decoder.singleValueContainer()
      if value.decodeNil() {
        self = .null
      } else if let flag = try? value.decode(Bool.self) {
        self = .flag(flag)
      } else if let whole = try? value.decode(Int64.self) {
        self = .number("\(whole)")
      } else if let large = try? value.decode(UInt64.self) {
        self = .number("\(large)")
      } else if let decimal = try? value.decode(Decimal.self) {
        self = .number("\(decimal)")
      } else {
        self = .text(try value.decode(String.self))
      }
    }

    /// What was written, for numbers and texts alike.
    var written: String? {
      switch self {
      case .number(let text), .text(let text): text
      default: nil
      }
    }
  }

  let values: [String: Value]

  private struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    var values: [String: Value] = [:]
    for key in container.allKeys {
      values[key.stringValue] = try container.decode(Value.self, forKey: key)
    }
    self.values = values
  }

  init(_ json: String) throws {
    self = try JSONDecoder().decode(CaseInputs.self, from: Data(json.utf8))
  }

  /// Whether any of the names is there.
  func has(_ names: String...) -> Bool { names.contains { values[$0] != nil } }

  /// The text of the first name that is there, nil without one.
  func text(_ names: String...) -> String? { text(names) }

  private func text(_ names: [String]) -> String? {
    for name in names { if let text = values[name]?.written { return text } }
    return nil
  }

  /// The number of the first name that is there.
  func number(_ names: String...) throws -> Double {
    let found = try #require(text(names), "expected one of \(names) in \(values.keys.sorted())")
    return try #require(Double(found), "\(found)")
  }

  /// The number of the first name that is there, else a default.
  func number(_ names: String..., orElse other: Double) throws -> Double {
    guard let found = text(names) else { return other }
    return try #require(Double(found), "\(found)")
  }

  /// The whole number of the first name that is there, else a default.
  func whole(_ names: String..., orElse other: Int128? = nil) throws -> Int128 {
    guard let found = text(names) else {
      return try #require(other, "expected one of \(names) in \(values.keys.sorted())")
    }
    return try CaseInputs.scaled(found, 0)
  }

  /// The number of the first name that is there, in units of `10^-decimals`.
  func scaled(_ names: String..., decimals: Int, orElse other: Int128? = nil) throws -> Int128 {
    guard let found = text(names) else {
      return try #require(other, "expected one of \(names) in \(values.keys.sorted())")
    }
    return try CaseInputs.scaled(found, decimals)
  }

  /// The number of the one name that contains all parts, nil without such a name.
  func number(like parts: String...) -> Double? {
    let names = values.keys.sorted().filter { name in parts.allSatisfy(name.contains) }
    return names.lazy.compactMap { values[$0]?.written.flatMap(Double.init) }.first
  }

  func flag(_ names: String...) -> Bool {
    for name in names {
      if case .flag(let flag)? = values[name] { return flag }
      if let text = values[name]?.written { return text == "true" || text == "1" }
    }
    return false
  }

  /// The records of a list, empty without it.
  func records(_ names: String...) -> [CaseInputs] {
    for name in names {
      guard case .list(let list)? = values[name] else { continue }
      return list.compactMap { if case .record(let record) = $0 { record } else { nil } }
    }
    return []
  }

  /// The numbers of a list.
  func numbers(_ name: String) throws -> [Double] {
    guard case .list(let list)? = values[name] else { return [] }
    return try list.map { value in
      try #require(value.written.flatMap(Double.init), "\(name)")
    }
  }

  /// A decimal in units of `10^-decimals`, further digits cut off.
  static func scaled(_ text: String, _ decimals: Int) throws -> Int128 {
    if text.contains("e") || text.contains("E") {
      let value = try #require(Decimal(string: text), "\(text)")
      return try scaled("\(value)", decimals)
    }
    let isNegative = text.hasPrefix("-")
    let parts = (isNegative ? text.dropFirst() : text[...]).split(
      separator: ".",
      omittingEmptySubsequences: false
    )
    try #require(parts.count <= 2, "\(text)")
    let fraction = (parts.count == 2 ? String(parts[1]) : "").prefix(decimals)
    let digits =
      String(parts[0]) + fraction + String(repeating: "0", count: decimals - fraction.count)
    let value = try #require(Int128(digits), "\(text)")
    return isNegative ? -value : value
  }
}
