// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CommandLineKit
internal import Inputs
internal import Markets
internal import Tables
internal import TextKit

/// The options of models beyond diffusion, jumps and crashes.
struct ModelOptions: OptionGroup {
  @Option("Degrees of freedom of student_t; default 4, or fitted", group: "Model")
  var degrees: Int?
  @Option("garch: weight of the last step's square; default 0.08, or fitted", group: "Model")
  var garchAlpha: Double?
  @Option("garch: weight of the last variance; default 0.9, or fitted", group: "Model")
  var garchBeta: Double?
  @Option("stress: the day whose course prices take", group: "Model")
  var stress = ScenarioSettings().stress
  @Option("stress: multiple of its moves", group: "Model")
  var stressScale = ScenarioSettings().stressScale
  @Option("bootstrap: path or bar file that blocks are drawn from", group: "Model")
  var history: FilePath?
  @Option("bootstrap: rows of a block", group: "Model", bound: .within(1...1_000_000))
  var blockSteps = ScenarioSettings().blockSteps
  @Option(
    "Take volatilities, jumps and correlations of a path or bar file; writes fit.csv",
    group: "Model"
  )
  var fit: FilePath?

  /// Puts the options into the settings of scenarios.
  func set(_ settings: inout ScenarioSettings, _ fitted: FittedProcesses?) {
    settings.degrees = degrees ?? fitted?.degrees ?? settings.degrees
    settings.garchAlpha = garchAlpha ?? fitted?.garch.alpha ?? settings.garchAlpha
    settings.garchBeta = garchBeta ?? fitted?.garch.beta ?? settings.garchBeta
    settings.stress = stress
    settings.stressScale = stressScale
    settings.blockSteps = blockSteps
  }

  /// The history of the bootstrap.
  func history(
    _ catalogue: VenueCatalogue,
    model: ScenarioModel,
    quiet: Bool
  ) throws(Failure) -> PricePath? {
    guard (model == .bootstrap) == (history != nil) else {
      throw Failure(
        .usage,
        model == .bootstrap
          ? "--model bootstrap needs --history" : "--history needs --model bootstrap"
      )
    }
    guard let history else { return nil }
    return try ModelOptions.closes(history, catalogue, quiet: quiet)
  }

  /// What `--fit` says of the assets that have a price and a column.
  func fitted(
    _ catalogue: VenueCatalogue,
    _ snapshot: PriceSnapshot,
    quiet: Bool
  ) throws(Failure) -> FittedProcesses? {
    guard let fit else { return nil }
    let path = try ModelOptions.closes(fit, catalogue, quiet: quiet)
    return try FittedProcesses(path, catalogue, snapshot)
  }

  /// A path, of bars the closes alone.
  private static func closes(
    _ file: FilePath,
    _ catalogue: VenueCatalogue,
    quiet: Bool
  ) throws(Failure) -> PricePath {
    var options = PathOptions()
    options.order = .close
    let (path, warnings) = try PathFile.read(
      file.path,
      assets: catalogue.assets,
      options: options
    )
    if !quiet { Diagnostics.warn(warnings) }
    return path
  }
}

/// Processes with the numbers of a history.
struct FittedProcesses {
  let assets: [Int]
  let fits: [PathFit]
  let processes: [AssetProcess]
  let correlations: [[Double]]

  init(
    _ path: PricePath,
    _ catalogue: VenueCatalogue,
    _ snapshot: PriceSnapshot
  ) throws(Failure) {
    let assets = snapshot.pricedAssets(of: catalogue.assets).filter(path.assets.contains)
    guard !assets.isEmpty else {
      throw Failure.data(
        file: path.name,
        found: "no asset that has a start price",
        expected: "a column of one; give its price with --price or --prices"
      )
    }
    var processes = assets.map { (asset: Int) in
      AssetProcess.preset(
        symbol: catalogue.assets[asset].symbol,
        price: snapshot.prices[asset],
        isEvent: catalogue.isEvent(asset)
      )
    }
    let fits = try PathFit.fit(processes, assets: assets, history: path)
    for (place, fit) in fits.enumerated() {
      processes[place].volatility = fit.volatility
      processes[place].jumpsPerDay = fit.jumpsPerDay
      processes[place].jumpMean = fit.jumpMean
      processes[place].jumpDeviation = fit.jumpDeviation
    }
    correlations = try ShockModel(
      processes,
      assets: assets,
      horizonSeconds: 1,
      history: path
    ).correlations
    (self.assets, self.fits, self.processes) = (assets, fits, processes)
  }

  /// Of all assets the lower median.
  var degrees: Int { fits.map(\.degrees).sorted()[(fits.count - 1) / 2] }

  /// Those of the asset with the median of alpha.
  var garch: (alpha: Double, beta: Double) {
    let sorted = fits.sorted { ($0.garchAlpha, $0.garchBeta) < ($1.garchAlpha, $1.garchBeta) }
    let fit = sorted[(fits.count - 1) / 2]
    return (fit.garchAlpha, fit.garchBeta)
  }

  /// `fit.csv`.
  var report: CSVBuilder {
    var table = CSVBuilder()
    table.row(
      [
        "asset", "changes", "drift", "realised_volatility", "volatility", "jumps_per_day",
        "jump_mean", "jump_deviation", "degrees", "garch_alpha", "garch_beta",
      ] + processes.map { "correlation_" + $0.symbol }
    )
    for (place, fit) in fits.enumerated() {
      table.text(fit.symbol)
      table.integer(Int64(fit.count))
      for number in [
        fit.drift, fit.realised, fit.volatility, fit.jumpsPerDay, fit.jumpMean, fit.jumpDeviation,
      ] {
        table.number(number)
      }
      table.integer(Int64(fit.degrees))
      table.number(fit.garchAlpha)
      table.number(fit.garchBeta)
      for number in correlations[place] { table.number(number) }
      table.endRow()
    }
    return table
  }
}

extension StressShape: ArgumentValue {}
