// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Liquidation
package import Markets
package import TextKit

/// All that one scenario is made of, besides the settings.
package struct WorldInput: Sendable {
  package internal(set) var book: Book
  package let catalogue: VenueCatalogue
  package internal(set) var affine: AffineBook
  package let path: PricePath
  /// Confidence as a share of the price, by asset, constant along the path (SEMANTICS B8).
  package let confidenceRatios: [Double]
  package let slot0: Int64
  package let seed: UInt64
  package let scenario: Int
  /// Underlying assets of the book, by symbol, and the rank of every asset in reports.
  package let assets: [Int]
  package let ranks: [Int]

  /// What liquidations take from the accounts.
  package let ladder: LadderSolver
  let firstLadders: FirstLadders
  /// Accounts that partial closes have changed, each with a solver of its own.
  var changed: [Int: LadderSolver] = [:]

  /// The same book on another path that starts at the same prices; nil when it does not.
  package init?(_ other: WorldInput, path: PricePath, scenario: Int) {
    let columns = other.path.assets.count
    guard path.assets == other.path.assets,
      (0..<columns).allSatisfy({
        path.value(step: 0, column: $0) == other.path.value(step: 0, column: $0)
      })
    else { return nil }
    book = other.book
    catalogue = other.catalogue
    affine = other.affine
    self.path = path
    confidenceRatios = other.confidenceRatios
    slot0 = other.slot0
    seed = other.seed
    self.scenario = scenario
    assets = other.assets
    ranks = other.ranks
    ladder = other.ladder
    firstLadders = other.firstLadders
  }

  /// Compiles a book for the first prices of a path.
  ///
  /// - Throws: a data failure when an asset of the book has no column in the path, or a row of the
  ///   book cannot be compiled.
  package init(
    book: Book,
    catalogue: VenueCatalogue,
    path: PricePath,
    confidenceRatios: [Double],
    slot0: Int64,
    seed: UInt64,
    scenario: Int
  ) throws(Failure) {
    self.book = book
    self.catalogue = catalogue
    self.path = path
    self.confidenceRatios = confidenceRatios
    self.slot0 = slot0
    self.seed = seed
    self.scenario = scenario
    let table = catalogue.assets
    var snapshot = PriceSnapshot(table)
    for (column, asset) in path.assets.enumerated() {
      snapshot.set(
        asset,
        price: path.value(step: 0, column: column),
        confidenceRatio: confidenceRatios[asset]
      )
    }
    assets = book.underlyingAssets(in: table)
    ranks = table.ranks
    for asset in assets where snapshot.prices[asset].isNaN {
      throw Failure.data(
        file: path.name,
        expected: "a column for \(table[asset].symbol), which the book holds",
        advice: "add its prices or leave its rows out of the book"
      )
    }
    affine = try AffineBook(compiling: book, catalogue: catalogue, snapshot: snapshot)
    ladder = LadderSolver(book, catalogue, affine, confidenceRatios: confidenceRatios)
    firstLadders = FirstLadders(
      of: ladder,
      prices: snapshot.prices,
      confidences: snapshot.confidences
    )
  }
}

extension Book {
  /// The assets whose prices move this book, by symbol; quote currencies are not among them.
  package func underlyingAssets(in table: AssetTable) -> [Int] {
    var isUsed = Array(repeating: false, count: table.count)
    for account in accounts {
      for leg in account.legs where !table[leg.asset].isQuote {
        isUsed[table[leg.asset].underlying] = true
      }
    }
    let ranks = table.ranks
    return isUsed.indices.filter { isUsed[$0] }.sorted { ranks[$0] < ranks[$1] }
  }
}

extension AssetTable {
  /// The rank of each asset when symbols are sorted by their bytes.
  package var ranks: [Int] {
    let order = assets.indices.sorted {
      assets[$0].symbol.utf8.lexicographicallyPrecedes(assets[$1].symbol.utf8)
    }
    var ranks = Array(repeating: 0, count: count)
    for (rank, asset) in order.enumerated() { ranks[asset] = rank }
    return ranks
  }
}
