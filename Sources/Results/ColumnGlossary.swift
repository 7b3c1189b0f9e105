// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Settings

/// What every column of our files means, from its name: exact entries first, then the rules that
/// names follow (unit at the end, mechanism at the start, quantile behind the unit).
package enum ColumnGlossary {
  /// The unit of a column, such as `USD`, `s` or `count`; that of a setting is in its definition.
  package static func unit(of column: String) -> String {
    if column.contains("."), let setting = try? Setting.named(column) { return setting.unit }
    let name = withoutQuantile(column)
    if name.contains("usd") { return name.hasSuffix("usd_per_s") ? "USD/s" : "USD" }
    for (ending, unit) in [
      ("_bps", "bps"), ("_s", "s"), ("_ratio", "ratio"), ("_share", "ratio"), ("_return", "ratio"),
      ("_roi", "ratio"), ("_price", "USD"), ("_slot", "slot"), ("_at", "ms UTC"),
      ("_gain", "ratio"),
    ] where name.hasSuffix(ending) { return unit }
    if ["time", "liquidatable_since"].contains(name) { return "ms UTC" }
    if [
      "cluster_low", "cluster_high", "mark", "spot", "price", "trigger_price_low",
      "trigger_price_high",
    ].contains(name) {
      return "USD"
    }
    if texts.contains(name) { return "text" }
    return column.contains(".") ? "as in the venue file" : "count"
  }

  /// One sentence on a column; nil for a name that no rule knows.
  package static func meaning(of column: String) -> String {
    if column.contains(".") {
      if let setting = try? Setting.named(column) {
        return setting.help + "; swept, default \(setting.text(of: setting.defaultValue))"
      }
      return "Swept number of the venue file"
    }
    let name = withoutQuantile(column)
    let rule = quantile(of: column)
    let plain = exact[name] ?? derived(name)
    guard let rule else { return plain }
    return plain + "; " + rule
  }

  private static let texts: Set<String> = [
    "cell_id", "asset", "account", "venue", "event", "message", "exit_reason", "outcome", "kind",
    "direction",
  ]

  private static func withoutQuantile(_ column: String) -> String {
    for ending in ["_p05", "_p50", "_p95"] where column.hasSuffix(ending) {
      return String(column.dropLast(4))
    }
    return column
  }

  private static func quantile(of column: String) -> String? {
    if column.hasSuffix("_p05") { return "only one scenario in twenty is lower" }
    if column.hasSuffix("_p50") { return "half of the scenarios are lower" }
    if column.hasSuffix("_p95") { return "only one scenario in twenty is higher" }
    return nil
  }

  /// What the parts of a name say, for columns that have no entry of their own.
  private static func derived(_ name: String) -> String {
    var words = name.split(separator: "_").map(String.init)
    let mechanism = words.count > 1 ? words.removeFirst() : ""
    if words.count > 1, ["usd", "s", "bps", "ratio"].contains(words[words.count - 1]) {
      words.removeLast()
    }
    let what = words.joined(separator: " ")
    return mechanism.isEmpty ? what : "\(what) of \(mechanism), mean over scenarios"
  }
}
