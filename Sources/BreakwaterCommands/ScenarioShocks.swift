// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CommandLineKit
internal import Cycles
internal import Inputs
internal import Markets
internal import Numerics
internal import TextKit

/// A span of time, written in seconds or as `90s`, `15m`, `1h`, `1d`.
struct TimeSpan: ArgumentValue, Equatable {
  let seconds: Int

  static let valueName = "TIME"
  static let expectation = "a time in seconds, or such as 15m, 1h or 1d"

  init(seconds: Int) { self.seconds = seconds }

  init?(argument: String) {
    let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
    let unit = argument.last.flatMap { units[$0] }
    let digits = unit == nil ? argument[...] : argument.dropLast()
    guard digits.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(digits),
      number >= 1, number <= 315_576_000 / (unit ?? 1)
    else { return nil }
    seconds = number * (unit ?? 1)
  }

  var argumentText: String {
    for (unit, size) in [("d", 86_400), ("h", 3600), ("m", 60)] where seconds % size == 0 {
      return String(seconds / size) + unit
    }
    return String(seconds)
  }
}

/// The options that say which scenarios there are.
struct ShockOptions: OptionGroup {
  @Option(
    "Scenarios of a file: a column of relative moves for each asset, -0.3 being -30 %",
    valueName: "FILE",
    group: "Scenarios"
  )
  var shocks: FilePath?
  @Option(
    "Moves of an asset from:to:step in per cent, such as SOL=-50:50:1%; all combinations",
    valueName: "GRID",
    group: "Scenarios"
  )
  var grid: [String] = []
  @Option("Draw correlated log-normal moves", group: "Scenarios", bound: .within(1...1_000_000_000))
  var generate: Int?
  @Option("Seed of drawn scenarios", group: "Scenarios")
  var seed: UInt64 = 1
  @Option("Time over which prices move", group: "Scenarios")
  var horizon = TimeSpan(seconds: 86_400)
  @Option("Correlation of every two assets; default 0.75, or that of --history", group: "Scenarios")
  var correlation: Double?
  @Option(
    "Price path from which volatilities and correlations are estimated",
    valueName: "FILE",
    group: "Scenarios"
  )
  var history: FilePath?

  /// The scenarios for the assets that a book holds; warnings go to standard error.
  ///
  /// * `isChecked`: compares what is decomposed with LAPACK.
  func source(
    _ loaded: BookOptions.Loaded,
    quiet: Bool,
    isChecked: Bool
  ) throws(Failure) -> any ShockSource {
    let given = [shocks != nil, !grid.isEmpty, generate != nil].filter { $0 }.count
    guard given == 1 else {
      throw Failure(
        .usage,
        "found \(given) of --shocks, --grid and --generate, expected exactly one of them"
      )
    }
    guard generate != nil || (correlation == nil && history == nil) else {
      throw Failure(.usage, "--correlation and --history need --generate")
    }
    if let shocks {
      let (read, warnings) = try ShockFile.read(
        shocks.path,
        assets: loaded.catalogue.assets,
        start: loaded.snapshot
      )
      if !quiet { Diagnostics.warn(warnings) }
      return read
    }
    if let generate { return try drawn(generate, loaded, quiet: quiet, isChecked) }
    return try gridSource(loaded)
  }

  private func gridSource(_ loaded: BookOptions.Loaded) throws(Failure) -> any ShockSource {
    var axes: [ShockGrid.Axis] = []
    var assets: [Int] = []
    let table = loaded.catalogue.assets
    let priced = table.assets.indices.filter {
      !table[$0].isQuote && table[$0].underlying == $0 && loaded.snapshot.prices[$0].isFinite
    }.map { table[$0].symbol }
    for text in grid {
      let axis = try ShockGrid.Axis(text)
      guard let asset = table.index(of: axis.symbol), priced.contains(axis.symbol) else {
        throw Failure(
          .usage,
          "--grid: found '\(Failure.shown(axis.symbol))', expected an asset of the price file with"
            + " a price of its own" + suggestion(for: axis.symbol, among: priced)
        )
      }
      axes.append(axis)
      assets.append(asset)
    }
    return try ShockGrid(axes, assets: assets, start: loaded.snapshot)
  }

  private func drawn(
    _ count: Int,
    _ loaded: BookOptions.Loaded,
    quiet: Bool,
    _ isChecked: Bool
  ) throws(Failure) -> any ShockSource {
    guard history == nil || correlation == nil else {
      throw Failure(.usage, "--history gives the correlations; leave --correlation out")
    }
    let table = loaded.catalogue.assets
    let held = loaded.book.underlyingAssets(in: table).sorted {
      table[$0].symbol.utf8.lexicographicallyPrecedes(table[$1].symbol.utf8)
    }
    let processes = held.map { (asset: Int) in
      AssetProcess.preset(
        symbol: table[asset].symbol,
        price: loaded.snapshot.prices[asset],
        isEvent: loaded.catalogue.isEvent(asset)
      )
    }
    let seconds = Double(horizon.seconds)
    let model: ShockModel
    if let history {
      let (path, warnings) = try PathFile.read(
        history.path,
        assets: table,
        options: PathOptions()
      )
      if !quiet { Diagnostics.warn(warnings) }
      model = try ShockModel(processes, assets: held, horizonSeconds: seconds, history: path)
    } else {
      let common = correlation ?? ScenarioSettings().correlation
      guard common > -1, common < 1 else {
        throw Failure(
          .usage,
          "--correlation: found \(NumberText.shortest(common)), expected between -1 and 1"
        )
      }
      model = ShockModel(processes, horizonSeconds: seconds, correlation: common)
    }
    let draws = try ShockGenerator(
      count: count,
      seed: seed,
      processes: processes,
      assets: held,
      model: model,
      start: loaded.snapshot
    )
    if isChecked { try draws.checkFactor(of: model) }
    return draws
  }
}
