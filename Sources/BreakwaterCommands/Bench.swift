// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CommandLineKit
internal import Glibc
internal import Liquidation
internal import Markets
internal import Numerics
internal import Tables
internal import TextKit

/// `breakwater bench`: measures parts of the tool on synthetic data in memory.
struct Bench: Command {
  static let name = "bench"
  static let about = "Measure parts of the tool on synthetic data in memory"
  static let details: String? = nil
  static let subcommands: [any Command.Type] = [
    BenchKernels.self, BenchScenarios.self, BenchVault.self, BenchCascade.self,
  ]
}

/// `breakwater bench scenarios`: how many accounts a second are decided in how many scenarios.
struct BenchScenarios: Command {
  static let name = "scenarios"
  static let about = "Measure the decision of cross accounts under many price vectors"
  static let details: String? = """
    Makes accounts of several perps with margin tables and draws a day of correlated moves. The time
    is that of the engine: decisions, sums by asset, shortfall and bad debt, without making the book
    or the prices. BREAKWATER_ISA=base, v3 or v4 picks the vector instructions.
    Example:
      breakwater bench scenarios --accounts 1000000 --scenarios 1000 -j 1
    """

  @Option("How many accounts", bound: .within(1...100_000_000))
  var accounts = 1_000_000
  @Option("How many assets", bound: .within(1...10_000))
  var assets = 64
  @Option("Legs of each account", bound: .within(1...10_000))
  var legs = 8
  @Option("How many scenarios", bound: .within(1...1_000_000))
  var scenarios = 1_000
  @Option("Seed of all draws")
  var seed: UInt64 = 1
  @Option("Rounds; the best and the median are printed", bound: .within(1...100))
  var rounds = 3
  @Option(
    "Threads; 0 means one for each core",
    short: "j",
    environment: "BREAKWATER_THREADS",
    bound: .within(0...1024)
  )
  var threads = 1
  @Flag("One maintenance rate for each asset instead of a table")
  var flat = false
  @Option("Folder for the data as .npy columns; the accounts are --flat", valueName: "FOLDER")
  var data: FolderPath?

  mutating func run() throws(Failure) {
    guard legs <= assets else {
      throw Failure(.usage, "--legs \(legs) is above --assets \(assets); a leg has its own asset")
    }
    let threads = Parallel.threads(threads)
    let made = try BenchBook(
      accounts: accounts,
      assets: assets,
      legs: legs,
      seed: seed,
      isFlat: flat || data != nil
    )
    let draws = try made.draws(scenarios, seed: seed)
    let (prices, drawing) = try BenchScenarios.timed { () throws(Failure) -> [Double] in
      var prices: [Double] = []
      try draws.addPrices(
        of: 0..<scenarios,
        assets: Array(0..<assets),
        threads: threads,
        to: &prices
      )
      return prices
    }
    let (engine, preparing) = try BenchScenarios.timed { () throws(Failure) -> ScenarioEngine in
      try ScenarioEngine(
        made.book,
        venues: Array(repeating: 0, count: accounts),
        deposited: Array(repeating: 0, count: accounts),
        snapshot: made.snapshot,
        threads: threads,
        level: try VectorLevel.chosen()
      )
    }
    var seconds: [Double] = []
    var counts: [Int] = []
    for _ in 0..<rounds {
      counts = []
      let (_, time) = try BenchScenarios.timed { () throws(Failure) -> Void in
        counts = try solve(engine, prices)
      }
      seconds.append(time)
    }
    seconds.sort()
    let normals = try normalsPerSecond(draws)
    let work = Double(accounts) * Double(scenarios)
    let fallen = Double(counts.reduce(0, +)) / work
    let lines: [(String, Double)] = [
      ("billion_account_scenarios_per_s", work / seconds[0] / 1e9),
      ("median_billion_account_scenarios_per_s", work / seconds[rounds / 2] / 1e9),
      ("seconds", seconds[0]), ("fallen_share", fallen),
      ("prepare_seconds", preparing), ("draw_seconds", drawing),
      ("million_normals_per_s", normals.alone / 1e6),
      ("million_correlated_moves_per_s", normals.correlated / 1e6),
      ("prices_in_bytes", Double(assets * scenarios * 8)),
      ("book_in_bytes", Double(made.book.rowCount * 40)),
      ("peak_memory_mb", BenchScenarios.peakMegabytes),
    ]
    for (name, value) in lines {
      let shown = DecimalRounding.significant(value, digits: 5)
      try Output.standard("\(name) \(NumberText.shortest(shown))\n")
    }
    if let data { try made.write(to: data.path, prices: prices, counts: counts) }
  }

  /// Runs all scenarios; returns how many accounts fall in each.
  private func solve(_ engine: ScenarioEngine, _ prices: [Double]) throws(Failure) -> [Int] {
    var counts: [Int] = []
    let all = scenarios
    _ = try engine.run(
      count: all,
      prices: { (range: Range<Int>, values: inout [Double]) throws(Failure) in
        for asset in engine.assets {
          values.append(
            contentsOf: prices[asset * all + range.lowerBound..<asset * all + range.upperBound]
          )
        }
      },
      consume: { (block: ScenarioBlock) throws(Failure) in
        for scenario in block.scenarios {
          counts.append(block.total(of: block.sums(of: scenario)).accounts)
        }
      }
    )
    return counts
  }

  /// Normal numbers made by one thread, alone and correlated with their rounding.
  private func normalsPerSecond(
    _ draws: ShockGenerator
  ) throws(Failure) -> (alone: Double, correlated: Double) {
    var (alone, correlated) = (0.0, 0.0)
    let width = 256
    for _ in 0..<5 {
      let numbers = Double(width * assets * 8)
      var start = ContinuousClock.now
      for block in 0..<8 { _ = draws.normals(block * width..<(block + 1) * width) }
      alone = max(alone, numbers / ((ContinuousClock.now - start) / .seconds(1)))
      start = ContinuousClock.now
      for block in 0..<8 { _ = try draws.moves(block * width..<(block + 1) * width) }
      correlated = max(correlated, numbers / ((ContinuousClock.now - start) / .seconds(1)))
    }
    return (alone, correlated)
  }

  private static func timed<Result>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> (Result, Double) {
    let start = ContinuousClock.now
    let result = try body()
    return (result, (ContinuousClock.now - start) / .seconds(1))
  }

  /// The most memory that the process held so far.
  private static var peakMegabytes: Double {
    var usage = rusage()
    guard unsafe getrusage(0, &usage) == 0 else { return 0 }
    return Double(usage.ru_maxrss) / 1024
  }
}
