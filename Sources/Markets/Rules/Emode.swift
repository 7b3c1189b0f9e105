// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Configuration
internal import TextKit

/// Pairs of assets that are lent against each other at better weights (marginfi emode).
///
///     effective weight = max(bank weight, min over all borrowed banks of their weight for the tag)
///
/// The weights sit on the borrowed bank, by the tag of the collateral. A tag that any borrowed bank
/// does not name has none, so one more borrow can move every other asset's liquidation price.
/// Source: venues.md 2.2.
struct Emode: Sendable {
  static let assetKeys = ["emode_tag", "emode"]

  private var tags: [Int: String] = [:]
  private var weights: [Int: [String: Double]] = [:]

  /// Reads `emode_tag` and `emode` of every asset of a venue table.
  init(_ table: ConfigTable, assets: AssetTable) throws(Failure) {
    guard let entries = try table.optionalTable("assets") else { return }
    for symbol in entries.keys {
      guard let asset = assets.index(of: symbol) else { continue }
      let entry = try entries.table(symbol)
      tags[asset] = try entry.optionalString("emode_tag")
      guard let pairs = try entry.optionalTable("emode") else { continue }
      for tag in pairs.keys {
        weights[asset, default: [:]][tag] = try pairs.number(tag, in: 0...2)
      }
    }
  }

  /// The weight of a deposit, given its bank's and the assets that the account borrows.
  func weight(of asset: Int, bank: Double, borrowed: [Int]) -> Double {
    guard let tag = tags[asset], !borrowed.isEmpty else { return bank }
    var least = Double.infinity
    for debt in borrowed {
      guard let weight = weights[debt]?[tag] else { return bank }
      least = min(least, weight)
    }
    return max(bank, least)
  }

  /// Whether there is any pair at all.
  var isEmpty: Bool { weights.isEmpty || tags.isEmpty }
}
