// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Markets
internal import TextKit

/// Columns of a path file beside the market's prices: `BTC@pyth`, what one source says.
struct PathExtras {
  /// Columns of the reader, in the order of the file.
  let columns: [Int]
  /// Names that nobody knows.
  let unknown: [String]
  private let names: [(asset: Int, name: String)]
  private var values: [[Double]]
  private var next = 0

  /// Looks for such columns among those that were not asked for.
  init(_ names: [String], after first: Int, _ table: AssetTable) {
    var columns: [Int] = []
    var unknown: [String] = []
    var found: [(asset: Int, name: String)] = []
    for column in names.indices.dropFirst(first) {
      let parts = names[column].split(separator: "@", omittingEmptySubsequences: false)
      if parts.count == 2, !parts[1].isEmpty, let asset = table.index(of: String(parts[0])),
        !table[asset].isQuote, table[asset].underlying == asset
      {
        columns.append(column)
        found.append((asset, names[column]))
      } else {
        unknown.append(names[column])
      }
    }
    (self.columns, self.unknown, self.names) = (columns, unknown, found)
    values = found.map { _ in [] }
  }

  /// Takes the next value of a row, column after column.
  mutating func append(_ value: Double) {
    values[next].append(value)
    next = (next + 1) % values.count
  }

  /// The sources of a path.
  ///
  /// - Throws: a data failure for a source of an asset that the path has no price of.
  func sources(of path: PricePath) throws(Failure) -> [PathSource] {
    var list: [PathSource] = []
    for (place, entry) in names.enumerated() {
      guard path.assets.contains(entry.asset) else {
        throw Failure.data(
          file: path.name,
          line: 1,
          column: entry.name,
          found: "a source without the market's price",
          expected: "the asset's own column too"
        )
      }
      list.append(PathSource(asset: entry.asset, name: entry.name, values: values[place]))
    }
    return list
  }
}
