// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CommandLineKit
internal import Markets
internal import Numerics
internal import Reports
internal import Tables
internal import TextKit

/// `breakwater generate paths`: synthetic scenarios, one file for each.
struct GeneratePaths: Command {
  static let name = "paths"
  static let about = "Make synthetic price paths: invented prices, drawn from a seed, of no market"
  static let details: String? = """
    Models:
      jump_diffusion  correlated diffusion with rare jumps: an ordinary hour
      crash           the same, with a fall of frequent jumps and a partial recovery
      student_t       diffusion whose steps have fat tails
      garch           diffusion whose variance remembers the last steps
      bootstrap       steps of --history, drawn in blocks
      stress          the course of a named day (--stress), scaled to the horizon
    All numbers behind them are choices; --fit takes volatilities, jumps and correlations of a file
    instead and writes what it found to fit.csv. Writes path-0001.csv, … into the
    folder: timestamp_ms and a column for each priced asset. A scenario depends on the seed, its
    number and the options, not on how many there are.
    \(GeneratorOptions.note)
    Example:
      breakwater generate paths --model crash --scenarios 8 --prices prices.csv -o paths
    """

  @Option("How many scenarios", bound: .within(1...1_000_000))
  var scenarios = 8
  @Option("How prices move")
  var model = ScenarioModel.jumpDiffusion
  @Option("Seed of all draws")
  var seed: UInt64 = 1
  @Option("Folder to write, made if needed", short: "o")
  var output: FolderPath
  @Option("Time from the first to the last step", name: "horizon-s", unit: "seconds")
  var horizonSeconds = ScenarioSettings().horizonSeconds
  @Option("Time between two steps", name: "step-s", unit: "seconds")
  var stepSeconds = ScenarioSettings().stepSeconds
  @Option("Time of the first step", name: "start-ms", unit: "ms since 1970")
  var startMilliseconds = ScenarioSettings().startMilliseconds
  var start = GeneratorOptions()

  @Option("Correlation of every two assets", group: "Model")
  var correlation = ScenarioSettings().correlation
  @Option("Volatility of an asset per year, such as BTC=0.5", group: "Model")
  var volatility: [NamedNumber] = []
  @Option("Growth of an asset per year, such as BTC=0.1", group: "Model")
  var drift: [NamedNumber] = []
  @Option("Jumps of an asset per day, such as BTC=4", group: "Model")
  var jumpsPerDay: [NamedNumber] = []
  var models = ModelOptions()
  @Option("Least depth of a crash for beta 1", unit: "share of the price", group: "Model")
  var depthMin = CrashShape().depth.lowerBound
  @Option("Largest depth of a crash for beta 1", unit: "share of the price", group: "Model")
  var depthMax = CrashShape().depth.upperBound

  mutating func run() throws(Failure) {
    let (catalogue, snapshot) = try start.load()
    let fitted = try models.fitted(catalogue, snapshot, quiet: start.quiet)
    let generator = try self.generator(catalogue, snapshot, fitted)
    try OutputFolder.create(output.path)
    let folder = output.path.hasSuffix("/") ? output.path : output.path + "/"
    try JournalLock.hold(folder + "journal.lock") { () throws(Failure) in
      try write(generator, fitted, to: folder)
    }
    guard !start.quiet else { return }
    Output.diagnostic(
      "breakwater: \(NumberText.grouped(scenarios)) synthetic scenarios of"
        + " \(NumberText.grouped(generator.settings.stepCount)) steps in \(output.path),"
        + " model \(model.rawValue), seed \(seed)"
    )
  }

  /// Writes what was fitted and every path; the folder has a slash at its end.
  private func write(
    _ generator: PathGenerator,
    _ fitted: FittedProcesses?,
    to folder: String
  ) throws(Failure) {
    if let fitted {
      var file = try OutputFile(path: folder + "fit.csv")
      try file.write(fitted.report.bytes)
      try file.commit()
    }
    let threads = Parallel.threads(0)
    let progress = Progress("paths", total: scenarios, quiet: start.quiet)
    for first in stride(from: 0, to: scenarios, by: threads) {
      let parts = try Parallel.map(min(threads, scenarios - first), threads: threads) {
        (index: Int) throws(Failure) -> CSVBuilder in
        GeneratePaths.rows(
          of: try generator.path(scenario: first + index),
          symbols: generator.processes.map(\.symbol)
        )
      }
      for (index, part) in parts.enumerated() {
        var file = try OutputFile(
          path: folder + PathGenerator.fileName(scenario: first + index)
        )
        try file.write(part.bytes)
        try file.commit()
        progress.advance()
      }
    }
    progress.finish()
  }

  private static func rows(of path: PricePath, symbols: [String]) -> CSVBuilder {
    var table = CSVBuilder(capacity: path.stepCount * (14 + 9 * symbols.count))
    table.row(["timestamp_ms"] + symbols)
    for (step, time) in path.times.enumerated() {
      table.integer(time)
      for column in symbols.indices { table.number(path.value(step: step, column: column)) }
      table.endRow()
    }
    return table
  }

  private func generator(
    _ catalogue: VenueCatalogue,
    _ snapshot: PriceSnapshot,
    _ fitted: FittedProcesses?
  ) throws(Failure) -> PathGenerator {
    var settings = ScenarioSettings()
    settings.model = model
    settings.horizonSeconds = horizonSeconds
    settings.stepSeconds = stepSeconds
    settings.seed = seed
    settings.count = scenarios
    settings.startMilliseconds = startMilliseconds
    settings.correlation = correlation
    models.set(&settings, fitted)
    guard depthMin <= depthMax else {
      throw Failure(.usage, "--depth-min \(depthMin) is above --depth-max \(depthMax)")
    }
    var crash = CrashShape()
    crash.depth = depthMin...depthMax
    let assets = fitted?.assets ?? snapshot.pricedAssets(of: catalogue.assets)
    var processes =
      fitted?.processes
      ?? assets.map { (asset: Int) in
        AssetProcess.preset(
          symbol: catalogue.assets[asset].symbol,
          price: snapshot.prices[asset],
          isEvent: catalogue.isEvent(asset)
        )
      }
    try processes.set(\.volatility, to: volatility, option: "--volatility")
    try processes.set(\.drift, to: drift, option: "--drift")
    try processes.set(\.jumpsPerDay, to: jumpsPerDay, option: "--jumps-per-day")
    for (place, asset) in assets.enumerated() {
      processes[place].resolve(
        at: catalogue.resolution(of: asset),
        startMilliseconds: startMilliseconds
      )
    }
    return try PathGenerator(
      settings,
      processes: processes,
      assets: assets,
      correlation: fitted.map { .matrix($0.correlations) },
      crash: crash,
      history: try models.history(catalogue, model: model, quiet: start.quiet)
    )
  }
}

extension ScenarioModel: ArgumentValue {}

extension [AssetProcess] {
  /// Sets one number of the assets that an option names.
  fileprivate mutating func set(
    _ number: WritableKeyPath<AssetProcess, Double>,
    to entries: [NamedNumber],
    option: String
  ) throws(Failure) {
    for entry in entries {
      guard let place = firstIndex(where: { $0.symbol == entry.name }) else {
        throw Failure(
          .data,
          "\(option): found '\(Failure.shown(entry.name))', expected an asset with a price"
            + suggestion(for: entry.name, among: map(\.symbol))
        )
      }
      self[place][keyPath: number] = entry.value
    }
  }
}
