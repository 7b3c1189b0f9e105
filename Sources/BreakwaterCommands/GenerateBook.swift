// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CommandLineKit
internal import Markets
internal import Numerics
internal import Tables
internal import TextKit

/// `breakwater generate book`: a synthetic book, one row for each leg.
struct GenerateBook: Command {
  static let name = "book"
  static let about = "Make a synthetic book: invented accounts, drawn from a seed, of no venue"
  static let details: String? = """
    Leverages and borrowed shares come from the round numbers that people choose, entries lie around
    the price, sizes have a Pareto tail; nobody is liquidatable at the price. All of it is a choice,
    nothing is measured. An account depends on the seed, its number and the options, not on how many
    there are.
    \(GeneratorOptions.note)
    Examples:
      breakwater generate book --accounts 20000 -o book.csv --write-prices prices.csv
      breakwater generate book --price BTC=7900 --seed 2020 -o btc.csv
    """

  @Option("How many accounts", bound: .within(1...Int(UInt32.max)))
  var accounts = 20_000
  @Option("Seed of all draws")
  var seed: UInt64 = 1
  @Option("Book to write, - for standard output", short: "o")
  var output = FilePath("-")
  @Option("Also write the prices that the book belongs to")
  var writePrices: FilePath?
  var start = GeneratorOptions()

  @Option("Relative share of a venue among accounts, such as event=0.1", group: "Shape")
  var venueShare: [NamedNumber] = []
  @Option("Relative share of an asset within a venue, such as SOL=0.5", group: "Shape")
  var assetShare: [NamedNumber] = []
  @Option("Share of accounts that fall when the price falls", group: "Shape", bound: .within(0...1))
  var longShare = BookGeneratorSettings().longShare
  @Option("Share of accounts that use protection", group: "Shape", bound: .within(0...1))
  var protectedShare = BookGeneratorSettings().protectedShare
  @Option("Share of loans with moving prices on both sides", group: "Shape", bound: .within(0...1))
  var twoAssetShare = BookGeneratorSettings().twoAssetShare
  @Option("Standard deviation of ln(entry / price)", group: "Shape", bound: .within(0...0.5))
  var entrySpread = BookGeneratorSettings().entrySpread
  @Option(
    "Smallest notional or deposit",
    name: "smallest-size-usd",
    unit: "USD",
    group: "Shape",
    bound: .within(1...1e9)
  )
  var smallestSizeUSD = BookGeneratorSettings().smallestSizeUSD
  @Option(
    "Largest notional or deposit",
    name: "largest-size-usd",
    unit: "USD",
    group: "Shape",
    bound: .within(1...1e11)
  )
  var largestSizeUSD = BookGeneratorSettings().largestSizeUSD
  @Option("Exponent of the Pareto tail of sizes", group: "Shape", bound: .within(0.1...20))
  var tailExponent = BookGeneratorSettings().tailExponent
  @Option("Newest slot; else that of the prices, else 300000000", group: "Shape")
  var slot: Int64?
  @Option("How far before it accounts were read", unit: "slots", group: "Shape", bound: .atLeast(0))
  var slotSpread = BookGeneratorSettings().slotSpread

  /// Accounts that one thread makes at a time.
  private static let chunk = 8_192

  mutating func run() throws(Failure) {
    let (catalogue, snapshot) = try start.load()
    let settings = try self.settings(snapshot)
    let generator = try BookGenerator(settings, catalogue: catalogue, snapshot: snapshot)
    if let writePrices {
      try GeneratedPrices.write(
        snapshot,
        of: catalogue.assets,
        slot: settings.slot,
        to: writePrices.path
      )
    }
    let progress = Progress("book", total: accounts, unit: "accounts", quiet: start.quiet)
    let legs = try GenerateBook.write(generator, to: output.path, progress: progress)
    guard !start.quiet else { return }
    Output.diagnostic(
      "breakwater: \(NumberText.grouped(accounts)) synthetic accounts,"
        + " \(NumberText.grouped(legs)) rows, seed \(seed)"
    )
  }

  /// Writes all accounts in order, a few chunks in memory at a time; returns how many rows.
  private static func write(
    _ generator: BookGenerator,
    to path: String,
    progress: Progress
  ) throws(Failure) -> Int {
    var file = try OutputFile(path: path)
    var header = CSVBuilder()
    header.row(GeneratedLeg.columns)
    try file.write(header.bytes)
    let count = generator.settings.accounts
    let chunks = (count + chunk - 1) / chunk
    let threads = Parallel.threads(0)
    var legs = 0
    for first in stride(from: 0, to: chunks, by: 4 * threads) {
      let parts = try Parallel.map(min(4 * threads, chunks - first), threads: threads) {
        (index: Int) throws(Failure) -> (table: CSVBuilder, legs: Int) in
        let start = (first + index) * chunk
        return try rows(of: generator, accounts: start..<min(count, start + chunk))
      }
      for part in parts {
        try file.write(part.table.bytes)
        legs += part.legs
      }
      progress.advance(by: min(4 * threads * chunk, count - first * chunk))
    }
    try file.commit()
    progress.finish()
    return legs
  }

  private static func rows(
    of generator: BookGenerator,
    accounts: Range<Int>
  ) throws(Failure) -> (table: CSVBuilder, legs: Int) {
    var table = CSVBuilder(capacity: accounts.count * 100)
    var legs = 0
    for account in accounts {
      for leg in try generator.legs(ofAccount: account) {
        table.text(leg.account)
        table.text(leg.venue)
        table.text(leg.asset)
        table.text("\(leg.leg)")
        table.number(leg.quantity)
        table.number(leg.entryPrice)
        table.number(leg.collateralUSD)
        table.flag(leg.isProtected)
        table.text(leg.marginMode.rawValue)
        table.integer(leg.observedSlot)
        table.endRow()
        legs += 1
      }
    }
    return (table, legs)
  }

  private func settings(_ snapshot: PriceSnapshot) throws(Failure) -> BookGeneratorSettings {
    var settings = BookGeneratorSettings()
    settings.accounts = accounts
    settings.seed = seed
    for entry in venueShare { settings.venueShares.replace(entry) }
    for entry in assetShare { settings.assetShares.replace(entry) }
    settings.longShare = longShare
    settings.protectedShare = protectedShare
    settings.twoAssetShare = twoAssetShare
    settings.entrySpread = entrySpread
    settings.smallestSizeUSD = smallestSizeUSD
    settings.largestSizeUSD = largestSizeUSD
    settings.tailExponent = tailExponent
    settings.slot = slot ?? snapshot.slot ?? settings.slot
    settings.slotSpread = slotSpread
    return settings
  }
}

extension [BookGeneratorSettings.Share] {
  /// Puts a share in the place of one of the same name, or at the end.
  fileprivate mutating func replace(_ entry: NamedNumber) {
    if let place = firstIndex(where: { $0.name == entry.name }) {
      self[place].share = entry.value
    } else {
      append(BookGeneratorSettings.Share(entry.name, entry.value))
    }
  }
}
