// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CommandLineKit
internal import Inputs
internal import Markets
internal import TextKit

/// `breakwater import hyperliquid`: clearinghouse states as a book.
struct ImportHyperliquid: Command {
  static let name = "hyperliquid"
  static let about = "Make a book of Hyperliquid's clearinghouseState answers"
  static let details: String? = """
    Takes files with one answer (the account is named after the file), with an object of answers by
    user, with an array of answers that have a 'user', or with one of these a line; a folder stands
    for the .json, .jsonl and .ndjson files in it.
    The collateral makes the account value come out at the entry prices of the answer. The column
    max_leverage is filled only where a position's leverage is not that of the venue's first tier:
    in a book it replaces the margin table.
    Prices are positionValue / |szi|: of the latest state, among equals of the largest position.
    Example:
      breakwater import hyperliquid whale.json -o book.csv --prices-out prices.csv
      breakwater prices --book book.csv --prices prices.csv
    """

  @Argument("Files of answers (JSON, .gz, - for standard input), or folders of them")
  var inputs: [FilePath]
  @Option("Venue that the positions belong to")
  var venue = "hyperliquid"
  var options = ImportOptions()

  mutating func run() throws(Failure) {
    let catalogue = try options.catalogue()
    var reading = try HyperliquidImport(
      catalogue: catalogue,
      venue: venue,
      skipsUnknown: options.skipUnknown
    )
    for file in try ImportFolder.files(inputs.map(\.path)) { try reading.read(file) }
    try options.write(reading.finish())
  }
}
