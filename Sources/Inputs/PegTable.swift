// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Configuration
package import Markets
internal import TextKit

/// Reads `[pegs]` of a sweep spec: how assets that are priced from another break away from it.
package enum PegTable {
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

  /// What to say of a path that has prices of an asset whose peg is to break: they are taken.
  static func unasked(_ path: String, assets: [Int], _ table: AssetTable) -> [String] {
    assets.filter { table[$0].peg?.breaking.depth ?? 0 != 0 }.map { asset in
      let symbol = Failure.shown(table[asset].symbol)
      return "\(path): has prices of \(symbol) of its own, so the break of pegs.\(symbol) is not"
        + " asked; leave the column out to see it"
    }
  }

  /// What to say of breaks that can change nothing, since the book has no such asset.
  ///
  /// * `used`: assets by whose prices the book's accounts stand.
  package static func unheld(
    _ breaks: [String: PegBreak],
    used: [Int],
    _ table: AssetTable
  ) -> [String] {
    let symbols = Set(used.map { table[$0].symbol })
    return breaks.keys.sorted().filter { !symbols.contains($0) }.map { symbol in
      "pegs.\(Failure.shown(symbol)): no account of the book has it, so its break changes nothing"
    }
  }
}
