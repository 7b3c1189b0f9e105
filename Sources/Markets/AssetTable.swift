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
    /// Who stands for the asset's worth beside its market, such as the protocol that issues it;
    /// empty for nobody.
    package var issuer = ""
    /// What the asset is priced from while it has a price of its own; nil for most.
    package var peg: Peg?
  }

  /// A price in units of another asset that may move along a path.
  package struct Peg: Sendable {
    package var underlying: Int
    /// Price at the start, in units of the underlying.
    package var ratio: Double
    package var breaking: PegBreak
  }

  package private(set) var assets: [Asset] = []
  /// The quote currencies.
  package private(set) var quotes: Set<Int> = []
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

  /// Makes an asset a quote currency, whose price is 1.
  package mutating func markQuote(_ index: Int) {
    assets[index].isQuote = true
    quotes.insert(index)
  }

  package mutating func setIssuer(_ index: Int, _ issuer: String) { assets[index].issuer = issuer }

  /// Gives an asset that is priced from another a price of its own, which its peg decides.
  package mutating func detach(_ index: Int, _ breaking: PegBreak) {
    let entry = assets[index]
    assets[index].peg = Peg(underlying: entry.underlying, ratio: entry.ratio, breaking: breaking)
    assets[index].underlying = index
    assets[index].ratio = 1
  }

  /// Prices an asset from another at a fixed ratio; solving for the other then moves both.
  package mutating func price(_ index: Int, from underlying: Int, ratio: Double) {
    assets[index].underlying = underlying
    assets[index].ratio = ratio
  }
}
