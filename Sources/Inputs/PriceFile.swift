// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Markets
internal import Tables
package import TextKit

/// Reads current prices: `asset,price` and optionally `confidence_usd,slot` (DESIGN 4).
package enum PriceFile {
  /// The prices of a file, with warnings for the user.
  ///
  /// Assets that no venue knows, and those priced from another, are ignored with a warning.
  package static func read(
    _ path: String,
    assets: AssetTable
  ) throws(Failure) -> (snapshot: PriceSnapshot, warnings: [String]) {
    var reader = try CSVReader(
      path: path,
      required: ["asset", "price"],
      optional: ["confidence_usd", "slot"]
    )
    var snapshot = PriceSnapshot(assets)
    var ignored: [String] = []
    var rows = 0
    while try reader.next() {
      rows += 1
      let symbol = try reader.text(0)
      let price = try reader.number(1)
      guard price > 0, price <= PricePath.highestPrice else {
        throw reader.failure(1, expected: "a price above 0, at most 1e15")
      }
      guard price >= PricePath.lowestPrice else {
        throw reader.failure(1, expected: "a price of at least 1e-100")
      }
      let confidence = try reader.number(2, default: 0)
      guard confidence >= 0, confidence <= PricePath.highestPrice else {
        throw reader.failure(2, expected: "a number from 0 to 1e15")
      }
      if !reader.isEmpty(3) {
        let slot = try reader.integer(3)
        guard slot >= 0 else { throw reader.failure(3, expected: "a slot of at least 0") }
        snapshot.slot = max(snapshot.slot ?? 0, slot)
      }
      guard let asset = assets.index(of: symbol), !assets[asset].isQuote,
        assets[asset].underlying == asset
      else {
        ignored.append(symbol)
        continue
      }
      guard snapshot.prices[asset].isNaN else {
        throw reader.failure(0, expected: "each asset once", advice: "remove the repeated row")
      }
      snapshot.set(asset, price: price, confidence: confidence)
    }
    guard rows > 0 else {
      throw Failure.data(file: path, found: "a header and no rows", expected: "at least one row")
    }
    for (asset, entry) in assets.assets.enumerated() where snapshot.prices[asset].isNaN {
      guard let peg = entry.peg else { continue }
      snapshot.set(
        asset,
        price: peg.ratio * snapshot.prices[peg.underlying],
        confidenceRatio: snapshot.confidenceRatios[peg.underlying]
      )
    }
    var warnings = InputWarnings.table(path, unknown: reader.unknownColumns)
    if !ignored.isEmpty {
      let names = ignored.prefix(5).map { Failure.shown($0) }.joined(separator: ", ")
      warnings.append(
        "\(path): ignored \(ignored.count) price\(ignored.count == 1 ? "" : "s") of assets that"
          + " no venue prices by itself: \(names)" + (ignored.count > 5 ? ", …" : "")
      )
    }
    return (snapshot, warnings)
  }

  /// Whether a path names a file, which is still there after it was read.
  package static func canReadTwice(_ path: String) -> Bool {
    RecordPieces.canRead(path)
  }

  /// Refuses a book that holds an asset without a price.
  package static func check(
    _ snapshot: PriceSnapshot,
    of path: String,
    covers underlying: [Int],
    assets: AssetTable
  ) throws(Failure) {
    let missing = underlying.filter { snapshot.prices[$0].isNaN }.map { assets[$0].symbol }
    guard !missing.isEmpty else { return }
    throw Failure.data(
      file: path,
      expected: "a price for " + missing.prefix(10).joined(separator: ", ")
        + ", which the book holds",
      advice: "add the missing rows"
    )
  }
}
