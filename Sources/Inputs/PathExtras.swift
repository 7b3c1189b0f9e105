// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Markets
internal import TextKit

/// Columns of a path file beside the market's prices: `BTC@pyth`, what one source says, and
/// `JITOSOL/SOL`, the price of an asset in units of the one that it is priced from.
struct PathExtras {
  /// Columns of the reader, in the order of the file.
  let columns: [Int]
  /// Names that nobody knows.
  let unknown: [String]
  private let names: [(asset: Int, name: String, isPeg: Bool)]
  private var values: [[Double]]
  private var next = 0

  /// Looks for such columns among those that were not asked for.
  init(_ names: [String], after first: Int, _ table: AssetTable) {
    var columns: [Int] = []
    var unknown: [String] = []
    var found: [(asset: Int, name: String, isPeg: Bool)] = []
    for column in names.indices.dropFirst(first) {
      if let asset = PathExtras.source(names[column], table) {
        columns.append(column)
        found.append((asset, names[column], false))
      } else if let asset = PathExtras.peg(names[column], table) {
        columns.append(column)
        found.append((asset, names[column], true))
      } else {
        unknown.append(names[column])
      }
    }
    (self.columns, self.unknown, self.names) = (columns, unknown, found)
    values = found.map { _ in [] }
  }

  /// The asset of `ASSET@name`.
  private static func source(_ name: String, _ table: AssetTable) -> Int? {
    let parts = name.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[1].isEmpty, let asset = table.index(of: String(parts[0])),
      !table[asset].isQuote, table[asset].underlying == asset
    else { return nil }
    return asset
  }

  /// The asset of `ASSET/UNDERLYING` where the run gives it a price of its own.
  private static func peg(_ name: String, _ table: AssetTable) -> Int? {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let asset = table.index(of: String(parts[0])),
      let underlying = table.index(of: String(parts[1])), table[asset].peg?.underlying == underlying
    else { return nil }
    return asset
  }

  /// Takes the next value of a row, column after column.
  mutating func append(_ value: Double) {
    values[next].append(value)
    next = (next + 1) % values.count
  }

  /// A path with these columns.
  ///
  /// - Throws: a data failure for a column of an asset that the path has no price for.
  func adding(to path: PricePath, _ table: AssetTable) throws(Failure) -> PricePath {
    var lists: (sources: [PathSource], pegs: [PathSource]) = ([], [])
    for (place, entry) in names.enumerated() {
      let market = entry.isPeg ? table[entry.asset].peg?.underlying ?? entry.asset : entry.asset
      guard path.assets.contains(market) else {
        throw Failure.data(
          file: path.name,
          line: 1,
          column: entry.name,
          found: "no column for \(table[market].symbol)",
          expected: "the market's price too"
        )
      }
      let made = PathSource(asset: entry.asset, name: entry.name, values: values[place])
      if entry.isPeg { lists.pegs.append(made) } else { lists.sources.append(made) }
    }
    return try path.adding(lists.sources, pegs: lists.pegs).pegging(in: table)
  }
}
