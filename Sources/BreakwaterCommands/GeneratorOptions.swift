// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CommandLineKit
internal import Inputs
internal import Markets
internal import Tables
internal import TextKit

/// The options of the commands that make synthetic data: from which prices they start.
struct GeneratorOptions: OptionGroup {
  @Option("Start from the prices of a file: asset,price[,confidence_usd,slot]", group: "Prices")
  var prices: FilePath?
  @Option("Start from a price, such as BTC=7900; only priced assets take part", group: "Prices")
  var price: [NamedNumber] = []
  @Option("Venue file (TOML) over the embedded defaults", group: "Prices")
  var venues: [FilePath] = []
  @Option(
    "Confidence of prices given with --price",
    unit: "basis points",
    group: "Prices",
    bound: .within(0...1000)
  )
  var confidenceBPS = 1.0
  @Flag("Print nothing but results and errors", short: "q")
  var quiet = false

  /// The text that help adds about prices.
  static let note = """
    Without --prices and --price: BTC 100,000, ETH 4,000, SOL 150, EVT 0.6 USD.
    """

  /// Reads the venues and the prices; warnings go to standard error.
  func load() throws(Failure) -> (catalogue: VenueCatalogue, snapshot: PriceSnapshot) {
    let catalogue = try VenueFiles.catalogue(venues.map(\.path))
    if !quiet { Diagnostics.warn(InputWarnings.cutOff(venues.map(\.path))) }
    let table = catalogue.assets
    var snapshot = PriceSnapshot(table)
    if let prices {
      let (read, warnings) = try PriceFile.read(prices.path, assets: table)
      if !quiet { Diagnostics.warn(warnings) }
      snapshot = read
    } else if price.isEmpty {
      for entry in GeneratorPrice.defaults {
        guard let asset = table.index(of: entry.symbol) else { continue }
        snapshot.set(asset, price: entry.price, confidence: entry.confidenceUSD)
      }
    }
    for entry in price {
      guard let asset = table.index(of: entry.name), !table[asset].isQuote,
        table[asset].underlying == asset
      else {
        throw Failure(
          .data,
          "--price: found '\(Failure.shown(entry.name))', expected an asset that a venue lists and"
            + " that has a price of its own" + suggestion(for: entry.name, among: table.symbols)
        )
      }
      guard entry.value > 0 else {
        throw Failure(
          .data,
          "--price: found \(entry.argumentText), expected a price above 0"
        )
      }
      snapshot.set(
        asset,
        price: entry.value,
        confidence: GeneratorPrice.confidence(ofPrice: entry.value, basisPoints: confidenceBPS)
      )
    }
    return (catalogue, snapshot)
  }
}

/// Writes a prices file: `asset,price,confidence_usd,slot`.
enum GeneratedPrices {
  /// Writes the prices that a generated book belongs to.
  static func write(
    _ snapshot: PriceSnapshot,
    of assets: AssetTable,
    slot: Int64,
    to path: String
  ) throws(Failure) {
    var table = CSVBuilder()
    table.row(["asset", "price", "confidence_usd", "slot"])
    for asset in snapshot.pricedAssets(of: assets) {
      table.text(assets[asset].symbol)
      table.number(snapshot.prices[asset])
      table.number(snapshot.confidences[asset])
      table.integer(slot)
      table.endRow()
    }
    var file = try OutputFile(path: path)
    try file.write(table.bytes)
    try file.commit()
  }
}
