// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CommandLineKit
internal import Inputs
internal import TextKit

/// `breakwater import table`: any table of accounts as a book, by a mapping of its columns.
struct ImportTable: Command {
  static let name = "table"
  static let about = "Make a book of a table of accounts, by a mapping of its columns"
  static let details: String? = """
    A mapping is TOML:
      [import]
      venue = "aave_v2"
      account = "user"                    a column; without it rows are numbered
      [[import.legs]]                     one for each leg that a row may hold
      leg = "deposit"                     perp, deposit or borrow
      asset = "STETH"                     or asset_column = "token", rename = { WETH = "ETH" }
      quantity = "collateral"             a column, a number, or
      price = { column = "wei", scale = 1e-18, times = "rate", divided_by = "index", empty = 0 }
    Further keys of a leg: entry_price, collateral_usd, max_leverage, margin_mode, observed_slot,
    liquidation_threshold. Arithmetic is decimal and exact, and rounded once. Legs of quantity 0 are
    left out.
    Example:
      breakwater import table accounts.csv --mapping datasets/mappings/aave_v2.toml \\
        --venues datasets/venues/aave_v2.toml -o book.csv --prices-out prices.csv
    """

  @Argument("Table of accounts (CSV, .gz, - for standard input)")
  var table: FilePath
  @Option("What the columns are (TOML)", valueName: "FILE")
  var mapping: FilePath
  var options = ImportOptions()

  mutating func run() throws(Failure) {
    if table.path == "-" && mapping.path == "-" {
      throw Failure(.usage, "TABLE and --mapping cannot both be standard input")
    }
    let book = try TableImport.read(
      table.path,
      mapping: mapping.path,
      catalogue: try options.catalogue(),
      skipsUnknown: options.skipUnknown
    )
    if !options.quiet { Diagnostics.warn(InputWarnings.cutOff([table.path, mapping.path])) }
    try options.write(book)
  }
}
