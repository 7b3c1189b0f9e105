// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Cycles
internal import CommandLineKit
internal import Inputs
internal import Liquidation
internal import Markets
internal import Numerics
internal import TextKit

/// The options of every command that reads a book and prices.
struct BookOptions: OptionGroup {
  @Option(
    "Book of accounts, one row for each leg: CSV, .gz, - for standard input, a folder of .npy"
      + " columns, a .parquet file, or 'query:SELECT …' (the last two by DuckDB)",
    valueName: "FILE"
  )
  var book: FilePath
  @Option("Current prices: asset,price[,confidence_usd,slot]", valueName: "FILE")
  var prices: FilePath
  @Option("Venue file (TOML) over the embedded defaults", valueName: "FILE")
  var venues: [FilePath] = []
  @Option(
    "Threads; 0 means one for each core",
    short: "j",
    environment: "BREAKWATER_THREADS",
    bound: .within(0...1024)
  )
  var threads = 0
  @Flag("Print nothing but results and errors", short: "q")
  var quiet = false

  /// What the options name, read and compiled.
  struct Loaded {
    var book: Book
    var catalogue: VenueCatalogue
    var snapshot: PriceSnapshot
    var compiled: AffineBook
    var threads: Int
  }

  /// Reads venues, book and prices and compiles the book; warnings go to standard error.
  func load(stated: String? = nil) throws(Failure) -> Loaded {
    if book.path == "-" && prices.path == "-" {
      throw Failure(.usage, "--book and --prices cannot both be standard input")
    }
    let catalogue = try VenueFiles.catalogue(venues.map(\.path))
    // Before the book, which can take long.
    let (snapshot, priceWarnings) = try PriceFile.read(prices.path, assets: catalogue.assets)
    let (book, bookWarnings) = try BookFile.read(
      self.book.path,
      catalogue: catalogue,
      stated: stated
    )
    if !quiet {
      Diagnostics.warn(bookWarnings + priceWarnings + InputWarnings.cutOff(venues.map(\.path)))
    }
    try PriceFile.check(
      snapshot,
      of: prices.path,
      covers: book.underlyingAssets(in: catalogue.assets),
      assets: catalogue.assets
    )
    return Loaded(
      book: book,
      catalogue: catalogue,
      snapshot: snapshot,
      compiled: try AffineBook(compiling: book, catalogue: catalogue, snapshot: snapshot),
      threads: Parallel.threads(threads)
    )
  }
}
