// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// The assets of a run: symbols, quote currencies, and assets priced from another.
package struct AssetTable: Sendable {
  /// How one asset is priced.
  package struct Asset: Sendable {
    package let symbol: String
    /// A currency whose price is 1 by definition.
    package var isQuote = false
    /// The asset whose price moves this one, itself for most.
    package var underlying: Int
    /// Price of one unit in units of the underlying.
    package var ratio = 1.0
  }

  package private(set) var assets: [Asset] = []
  private var indexOfSymbol: [String: Int] = [:]

  package init() {}

  package var count: Int { assets.count }
  package var symbols: [String] { assets.map(\.symbol) }

  package subscript(index: Int) -> Asset { assets[index] }

  package func index(of symbol: String) -> Int? { indexOfSymbol[symbol] }

  /// The index of a symbol, added when it is new.
  package mutating func add(_ symbol: String) -> Int {
    if let index = indexOfSymbol[symbol] { return index }
    assets.append(Asset(symbol: symbol, underlying: assets.count))
    indexOfSymbol[symbol] = assets.count - 1
    return assets.count - 1
  }

  package mutating func markQuote(_ index: Int) { assets[index].isQuote = true }

  /// Prices an asset from another at a fixed ratio; solving for the other then moves both.
  package mutating func price(_ index: Int, from underlying: Int, ratio: Double) {
    assets[index].underlying = underlying
    assets[index].ratio = ratio
  }
}
