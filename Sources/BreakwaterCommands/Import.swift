// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CommandLineKit
internal import Inputs
internal import Markets
internal import Tables
internal import TextKit

/// `breakwater import`: books out of what venues and chains give.
struct Import: Command {
  static let name = "import"
  static let about = "Make a book of a venue's answers or of a table of accounts"
  static let details: String? = """
    Examples:
      breakwater import hyperliquid answers/ -o book.csv --prices-out prices.csv
      breakwater import table accounts.csv --mapping aave_v2.toml --venues aave_v2.toml -o book.csv
    """
  static let subcommands: [any Command.Type] = [ImportHyperliquid.self, ImportTable.self]
}

/// What every import takes.
struct ImportOptions: OptionGroup {
  @Option("Book to write, - for standard output", short: "o")
  var output = FilePath("-")
  @Option("Also write the prices that the source states or implies")
  var pricesOut: FilePath?
  @Option("Venue file (TOML) over the embedded defaults", valueName: "FILE")
  var venues: [FilePath] = []
  @Flag("Leave out what the venue does not list, instead of refusing it")
  var skipUnknown = false
  @Flag("Print nothing but results and errors", short: "q")
  var quiet = false

  func catalogue() throws(Failure) -> VenueCatalogue {
    if pricesOut?.path == "-" && output.path == "-" {
      throw Failure(.usage, "--output and --prices-out cannot both be standard output")
    }
    if !quiet { Diagnostics.warn(InputWarnings.cutOff(venues.map(\.path))) }
    return try VenueFiles.catalogue(venues.map(\.path))
  }

  /// Writes book and prices, and says what was made of how much.
  func write(_ book: ImportedBook) throws(Failure) {
    if !quiet { Diagnostics.warn(book.warnings) }
    if let pricesOut {
      if book.prices.isEmpty {
        throw Failure(.data, "--prices-out: found no price in the source; leave the option out")
      }
      var file = try OutputFile(path: pricesOut.path)
      try file.write(book.priceText)
      try file.commit()
    }
    var file = try OutputFile(path: output.path)
    try file.write(book.bookText)
    try file.commit()
    guard !quiet else { return }
    let counts = [
      ImportOptions.count(book.legs.count, "row"),
      ImportOptions.count(book.accountCount, "account"),
      ImportOptions.count(book.prices.count, "price"),
    ]
    Output.diagnostic("breakwater: \((counts + book.counts).joined(separator: ", "))")
  }

  private static func count(_ value: Int, _ word: String) -> String {
    "\(NumberText.grouped(value)) \(word)\(value == 1 ? "" : "s")"
  }
}
