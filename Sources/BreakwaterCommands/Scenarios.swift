// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CommandLineKit
internal import Glibc
internal import Liquidation
internal import Markets
internal import Numerics
internal import Reports
internal import Tables
internal import TextKit

/// `breakwater scenarios`: the health of a whole book under many price vectors.
struct Scenarios: Command {
  static let name = "scenarios"
  static let about = "Who falls, for how much and with what shortfall, under many price vectors"
  static let details: String? = """
    Every account is decided in every scenario by its venue's own rule, exactly; prices of other
    assets than those that move stay. Confidence stays the same share of a price.
    shortfall_usd is what health lacks to 0, bad_debt_usd what equity lacks; both are split over an
    account's assets by their size. Totals have an empty asset, or venue and asset; in them each
    account counts once.
    Examples:
      breakwater scenarios --book book.csv --prices prices.csv --grid SOL=-50:50:1% -o scenarios.csv
      breakwater scenarios --book book.csv --prices prices.csv --generate 10000 --by total
    """

  var input = BookOptions()
  var shocks = ShockOptions()
  @Option("Report to write, - for standard output", short: "o", valueName: "FILE")
  var output = FilePath("-")
  @Option("Also write account,venue,first_scenario,falls", valueName: "FILE", group: "Reports")
  var accounts: FilePath?
  @Option("Also write value at risk and expected shortfall", valueName: "FILE", group: "Reports")
  var risk: FilePath?
  @Option(
    "Also write what venues hold of tokens that another protocol stands for",
    valueName: "FILE",
    group: "Reports"
  )
  var exposure: FilePath?
  @Option("Levels of risk, such as 0.95,0.99", valueName: "LEVELS", group: "Reports")
  var level = RiskLevels()
  @Option("How finely the report tells places apart", group: "Reports")
  var by = ScenarioReport.Detail.asset
  @Flag("Compare every block with dense products of OpenBLAS; slow", group: "Reports")
  var check = false

  /// Scenarios that one thread formats at a time.
  private static let part = 64

  mutating func run() throws(Failure) {
    let loaded = try input.load()
    let source = try shocks.source(loaded, quiet: input.quiet, isChecked: check)
    let engine = try ScenarioEngine(
      loaded.compiled,
      venues: loaded.book.accounts.map { Int32($0.venue) },
      deposited: loaded.book.accounts.map(\.protection.deposited),
      snapshot: loaded.snapshot,
      threads: loaded.threads,
      level: try VectorLevel.chosen()
    )
    let report = ScenarioReport(engine, catalogue: loaded.catalogue, detail: by)
    var file = try OutputFile(path: output.path)
    var header = CSVBuilder()
    report.appendHeader(to: &header)
    try file.write(header.bytes)
    let progress = Progress("scenarios", total: source.count, quiet: input.quiet)
    var totals = ScenarioTotals()
    let (threads, check) = (loaded.threads, check)
    let falls = try engine.run(
      count: source.count,
      prices: { (range: Range<Int>, prices: inout [Double]) throws(Failure) in
        try source.addPrices(of: range, assets: engine.assets, threads: threads, to: &prices)
        if check { try engine.check(prices: prices, count: range.count) }
      },
      consume: { (block: ScenarioBlock) throws(Failure) in
        for part in try Scenarios.format(block, report, source, threads: threads) {
          try file.write(part.table.bytes)
          totals.append(part.totals)
        }
        progress.advance(by: block.scenarios.count)
      }
    )
    progress.finish()
    try file.commit()
    if let accounts {
      let table = ScenarioReport.accounts(
        falls,
        of: loaded.book,
        catalogue: loaded.catalogue,
        name: source.name
      )
      try Scenarios.write(table, to: accounts)
    }
    if let exposure {
      let table = try ExposureReport.table(
        loaded.book,
        catalogue: loaded.catalogue,
        snapshot: loaded.snapshot
      )
      try Scenarios.write(table, to: exposure)
    }
    let rows = totals.risk(level.levels)
    if let risk { try Scenarios.write(ScenarioReport.risk(rows), to: risk) }
    guard !input.quiet else { return }
    if shocks.generate != nil { Output.diagnostic(Scenarios.text(rows)) }
    let fallen = falls.falls.count { $0 > 0 }
    Output.diagnostic(
      "breakwater: \(NumberText.grouped(source.count)) scenarios,"
        + " \(NumberText.grouped(loaded.book.accounts.count)) accounts,"
        + " \(NumberText.grouped(fallen)) fall in at least one"
    )
  }

  private static func write(_ table: CSVBuilder, to path: FilePath) throws(Failure) {
    var file = try OutputFile(path: path.path)
    try file.write(table.bytes)
    try file.commit()
  }

  /// Rows of a block, in order, with the totals of its scenarios.
  private static func format(
    _ block: ScenarioBlock,
    _ report: ScenarioReport,
    _ source: any ShockSource,
    threads: Int
  ) throws(Failure) -> [(table: CSVBuilder, totals: [ScenarioSums])] {
    let starts = Array(
      stride(from: block.scenarios.lowerBound, to: block.scenarios.upperBound, by: part)
    )
    return try Parallel.map(starts.count, threads: threads) {
      (index: Int) throws(Failure) -> (table: CSVBuilder, totals: [ScenarioSums]) in
      var table = CSVBuilder()
      var totals: [ScenarioSums] = []
      for scenario in starts[index]..<min(block.scenarios.upperBound, starts[index] + part) {
        let sums = block.sums(of: scenario)
        totals.append(block.total(of: sums))
        report.append(
          source.name(of: scenario),
          sums: sums,
          total: totals[totals.count - 1],
          to: &table
        )
      }
      return (table, totals)
    }
  }

  /// The measures of risk as a table for a terminal, in whole USD.
  private static func text(_ rows: [ScenarioReport.RiskRow]) -> String {
    var table = TextTable([
      .text("measure"), .number("level"), .number("value_at_risk_usd"),
      .number("expected_shortfall_usd"),
    ])
    for row in rows {
      table.add([
        row.measure, NumberText.shortest(Double(row.level) / 10_000),
        NumberText.grouped(Int(clamping: row.risk.valueAtRisk / 1_000_000)),
        NumberText.grouped(Int(clamping: row.risk.expectedShortfall / 1_000_000)),
      ])
    }
    return table.text()
  }
}

extension ScenarioReport.Detail: ArgumentValue {}

/// Levels of risk in 1/10,000, written `0.95,0.99`.
struct RiskLevels: ArgumentValue, Equatable {
  var levels = [9_500, 9_900]

  static let valueName = "LEVELS"
  static let expectation =
    "levels above 0 and below 1 with at most four decimals, such as 0.95,0.99"

  init() {}

  init?(argument: String) {
    levels = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      guard let value = Double(argument: String(part)), value > 0, value < 1 else { return nil }
      let scaled = (value * 10_000).rounded(.toNearestOrEven)
      guard scaled / 10_000 == value, scaled >= 1 else { return nil }
      levels.append(Int(scaled))
    }
  }

  var argumentText: String {
    levels.map { NumberText.shortest(Double($0) / 10_000) }.joined(separator: ",")
  }
}

/// The totals of all scenarios, for the measures of risk.
struct ScenarioTotals {
  private var sizes: [Int128] = []
  private var shortfalls: [Int128] = []
  private var debts: [Int128] = []

  mutating func append(_ totals: [ScenarioSums]) {
    for total in totals {
      sizes.append(total.size)
      shortfalls.append(total.shortfall)
      debts.append(total.badDebt)
    }
  }

  /// Both measures of each amount at each level.
  func risk(_ levels: [Int]) -> [ScenarioReport.RiskRow] {
    guard !sizes.isEmpty else { return [] }
    let measures = [
      ("liquidatable_usd", sizes), ("shortfall_usd", shortfalls), ("bad_debt_usd", debts),
    ]
    var rows: [ScenarioReport.RiskRow] = []
    for (measure, amounts) in measures {
      let ascending = amounts.sorted()
      for level in levels {
        rows.append(
          ScenarioReport.RiskRow(
            measure: measure,
            level: level,
            risk: ScenarioRisk(ascending: ascending, level: level)
          )
        )
      }
    }
    return rows
  }
}

extension VectorLevel {
  /// The strongest level of this CPU, or the one that `BREAKWATER_ISA` names.
  static func chosen() throws(Failure) -> VectorLevel {
    guard let text = unsafe getenv("BREAKWATER_ISA") else { return .strongest }
    let name = unsafe String(cString: text)
    let names = available.map(\.rawValue)
    guard let level = VectorLevel(rawValue: name), available.contains(level) else {
      throw Failure(
        .usage,
        "BREAKWATER_ISA: found '\(Failure.shown(name))', expected one that this CPU has: "
          + names.joined(separator: ", ")
      )
    }
    return level
  }
}
