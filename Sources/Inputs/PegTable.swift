// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Configuration
internal import Markets
internal import TextKit

/// Reads `[pegs]` of a sweep spec: how assets that are priced from another break away from it.
enum PegTable {
  /// The breaks by symbol.
  static func read(_ table: ConfigTable) throws(Failure) -> [String: PegBreak] {
    var breaks: [String: PegBreak] = [:]
    for symbol in table.keys {
      let entry = try table.table(symbol)
      try entry.only(["depth", "at_s", "fall_s", "recovery_s", "recovered"])
      var broken = PegBreak()
      broken.depth = try entry.number("depth", default: broken.depth, in: -10...0.999)
      broken.startSeconds = try entry.number("at_s", default: 0, in: 0...1e9)
      broken.fallSeconds = try entry.number("fall_s", default: broken.fallSeconds, in: 0.001...1e9)
      broken.recoverySeconds = try entry.number(
        "recovery_s",
        default: broken.recoverySeconds,
        in: 0.001...1e9
      )
      broken.recovered = try entry.number("recovered", default: broken.recovered, in: 0...1)
      breaks[symbol] = broken
    }
    return breaks
  }
}
