// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Configuration
internal import Markets
internal import Tables
internal import TextKit

/// Pieces of a spec that are plain text: files, words, options of paths.
enum SpecText {
  static func load(_ path: String) throws(Failure) -> [UInt8] {
    try TextSource.contents(of: path, limit: ConfigValue.mostBytes)
  }

  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return String(path[...slash])
  }

  static func path(_ name: String, relativeTo folder: String) -> String {
    name.hasPrefix("/") || name == "-" || name.hasPrefix("query:") ? name : folder + name
  }

  /// One string or a list of strings, none when the key is missing.
  static func strings(_ table: ConfigTable, _ key: String) throws(Failure) -> [String] {
    guard let value = table[key] else { return [] }
    if case .string(let text) = value.kind { return [text] }
    return try table.strings(key)
  }

  static func pathOptions(_ table: ConfigTable) throws(Failure) -> PathOptions {
    var options = PathOptions()
    let stamps = BarStamp.allCases.map(\.rawValue)
    let orders = BarOrder.allCases.map(\.rawValue)
    options.stamp =
      BarStamp(rawValue: try table.choice("bar_stamp", among: stamps, default: "start")) ?? .start
    options.order =
      BarOrder(rawValue: try table.choice("bar_path", among: orders, default: "auto")) ?? .auto
    options.barSeconds = try table.optionalNumber("bar_seconds", in: 0.004...1e9)
    options.fromMilliseconds = try table.optionalInteger("from_ms").map(Int64.init)
    options.toMilliseconds = try table.optionalInteger("to_ms").map(Int64.init)
    return options
  }

  /// `none`, `best N` or `all`.
  static func details(_ table: ConfigTable?) throws(Failure) -> Details {
    guard let table, let text = try table.optionalString("details") else { return .none }
    let words = text.split(separator: " ")
    if text == "none" { return .none }
    if text == "all" { return .all }
    if words.count == 2, words[0] == "best", let count = Int(words[1]), count >= 0 {
      return .best(count)
    }
    throw table.failure(
      at: "details",
      "found '\(Failure.shown(text))', expected 'none', 'best N' or 'all'"
    )
  }
}
