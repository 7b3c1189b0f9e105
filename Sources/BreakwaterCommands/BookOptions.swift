// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Cycles
internal import CommandLineKit
internal import Inputs
internal import Liquidation
internal import Markets
internal import Numerics
internal import Settings
internal import TextKit

/// The options of every command that reads a book and prices.
struct BookOptions: OptionGroup {
  @Option(
    "Book of accounts, one row for each leg (CSV, .gz, - for standard input)",
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
  func load() throws(Failure) -> Loaded {
    if book.path == "-" && prices.path == "-" {
      throw Failure(.usage, "--book and --prices cannot both be standard input")
    }
    let catalogue = try VenueFiles.catalogue(venues.map(\.path))
    let (book, bookWarnings) = try BookFile.read(self.book.path, catalogue: catalogue)
    let (snapshot, priceWarnings) = try PriceFile.read(prices.path, assets: catalogue.assets)
    if !quiet { Diagnostics.warn(bookWarnings + priceWarnings) }
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

/// Lines for people on standard error.
enum Diagnostics {
  static func warn(_ warnings: [String]) {
    for warning in warnings { Output.diagnostic("breakwater: warning: \(warning)") }
  }

  /// Rows by status in one line, such as `12 at_risk, 3 unreachable`.
  static func statusLine(_ counts: [LiquidationStatus: Int]) -> String {
    LiquidationStatus.allCases.map {
      "\(NumberText.grouped(counts[$0, default: 0])) \($0.rawValue)"
    }.joined(separator: ", ")
  }

  /// Settings given as `name=value`.
  static func settings(_ assignments: [String]) throws(Failure) -> Settings {
    var settings = Settings()
    for text in assignments {
      let (name, value) = try assignment(text)
      let setting = try Setting.named(name)
      settings[setting.key] = try number(of: setting, value)
    }
    if let complaint = settings.complaint { throw Failure(.data, complaint) }
    return settings
  }

  /// The two halves of `name=value`.
  static func assignment(_ text: String) throws(Failure) -> (name: String, value: String) {
    guard let mark = text.firstIndex(of: "=") else {
      throw Failure(.usage, "found '\(Failure.shown(text))', expected name=value")
    }
    return (String(text[..<mark]), String(text[text.index(after: mark)...]))
  }

  /// The value of a setting as text: a number, or one of its words.
  static func number(of setting: Setting, _ text: String) throws(Failure) -> Double {
    if case .word(let words) = setting.kind {
      if let index = words.firstIndex(of: text) { return Double(index) }
    } else if let value = Double(text), setting.complaint(about: value) == nil {
      return value
    }
    let expected = setting.complaint(about: .nan) ?? "a number"
    throw Failure(
      .data,
      "\(setting.name): found '\(Failure.shown(text))', expected \(expected)"
    )
  }
}
