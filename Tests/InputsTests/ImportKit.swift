// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Inputs
import Markets
import TestSupport
import TextKit

/// Venues of perps and loans that imports of the tests name.
enum ImportVenues {
  static let text = """
    [assets]
    USD = { quote = true }
    [venues.hyperliquid]
    kind = "perp_tiered"
    [venues.hyperliquid.margin_tables.BTC]
    tiers = [
      { lower_usd = 0, max_leverage = 40 },
      { lower_usd = 150_000_000, max_leverage = 20 },
    ]
    [venues.hyperliquid.assets]
    BTC = { margin_table = "BTC" }
    SOL = { max_leverage = 20 }
    OP = { max_leverage = 3 }
    [venues.loans]
    kind = "lending_ltv"
    [venues.loans.assets]
    SOL = { liquidation_threshold = 0.8 }
    BTC = { liquidation_threshold = 0.7 }
    USD = {}
    """

  static func catalogue() throws -> VenueCatalogue { try WorldVenues.catalogue(text) }
}

/// The book of some Hyperliquid files, given by name and text.
func hyperliquid(
  _ files: [(name: String, text: String)],
  skipping: Bool = false
) throws -> ImportedBook {
  let folder = WorldFolder()
  let paths = files.map { folder.file($0.name, $0.text) }
  do {
    var reading = try HyperliquidImport(
      catalogue: ImportVenues.catalogue(),
      skipsUnknown: skipping
    )
    for path in paths { try reading.read(path) }
    return try reading.finish()
  } catch let failure as Failure {
    throw Failure(failure.kind, folder.short(failure.message))
  }
}

/// One position as the venue writes it.
func position(
  _ coin: String,
  _ size: String,
  entry: String,
  value: String,
  leverage: String = #"{"type": "cross", "value": 5}"#,
  others: String = ""
) -> String {
  """
  {"type": "oneWay", "position": {"coin": "\(coin)", "szi": "\(size)", "entryPx": "\(entry)",
    "positionValue": "\(value)", "leverage": \(leverage)\(others)}}
  """
}

/// One answer of the venue.
func state(
  _ positions: [String],
  raw: String,
  value: String,
  others: String = ""
) -> String {
  """
  {\(others)"crossMarginSummary": {"accountValue": "\(value)", "totalRawUsd": "\(raw)"},
   "assetPositions": [\(positions.joined(separator: ",\n"))]}
  """
}
