// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Markets
internal import Tables
package import TextKit

/// Reads scenarios: a column for each asset with its relative move, −0.3 being −30 %, and
/// optionally `scenario`, the name.
package enum ShockFile {
  /// The scenarios of a file, with warnings for the user.
  ///
  /// An empty cell and an asset without a column mean no move; rows without the column `scenario`
  /// are numbered from 1. Columns of assets that no venue prices by itself are ignored with a
  /// warning.
  /// - Throws: a data failure with file, line and column for a move of −1 or less, something else
  ///   than a finite number, or a name that is empty or repeated.
  package static func read(
    _ path: String,
    assets: AssetTable,
    start: PriceSnapshot
  ) throws(Failure) -> (shocks: Shocks, warnings: [String]) {
    let priced = assets.assets.indices.filter {
      !assets[$0].isQuote && assets[$0].underlying == $0
    }
    var reader = try CSVReader(
      path: path,
      required: [],
      optional: ["scenario"] + priced.map { assets[$0].symbol }
    )
    let columns = priced.indices.filter { reader.has($0 + 1) }
    guard !columns.isEmpty else {
      throw Failure.data(
        file: path,
        line: 1,
        found: reader.unknownColumns.joined(separator: ","),
        expected: "a column for at least one asset with a price of its own, such as SOL"
      )
    }
    var names: [String]? = reader.has(0) ? [] : nil
    var seen: Set<String> = []
    var moves = Array(repeating: [Double](), count: columns.count)
    var count = 0
    while try reader.next() {
      if names != nil {
        let name = try reader.text(0)
        guard !name.isEmpty, seen.insert(name).inserted else {
          throw reader.failure(0, expected: "a name that no other row has")
        }
        names?.append(name)
      }
      for (place, column) in columns.enumerated() {
        let move = try reader.number(column + 1, default: 0)
        guard move > -1, 1 + move > 0 else {
          throw reader.failure(
            column + 1,
            expected: "a relative move above -1",
            advice: "write -0.3 for a fall of 30 %"
          )
        }
        moves[place].append(move)
      }
      count += 1
    }
    guard count > 0 else {
      throw Failure.data(file: path, found: "a header and no rows", expected: "at least one row")
    }
    var byAsset: [Int: [Double]] = [:]
    for (place, column) in columns.enumerated() where start.prices[priced[column]].isFinite {
      byAsset[priced[column]] = moves[place]
    }
    let shocks = Shocks(
      count: count,
      names: names,
      moves: byAsset,
      start: start,
      symbols: assets.symbols
    )
    return (shocks, InputWarnings.table(path, unknown: reader.unknownColumns))
  }
}
