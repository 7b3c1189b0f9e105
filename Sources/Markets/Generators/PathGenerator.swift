// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Numerics
package import TextKit

/// Makes synthetic scenarios: correlated jump-diffusions, with a crash on request.
///
/// A scenario depends on the settings, the processes and its own number only. Prices are rounded to
/// six significant digits with IEEE basic operations, so they are the same on every machine.
package struct PathGenerator: Sendable {
  /// How the normal numbers of the assets hang together.
  package enum Correlation: Sendable, Equatable {
    /// The same between every two assets.
    case common(Double)
    /// By rows, in the order of the processes.
    case matrix([[Double]])
  }

  private static let secondsOfYear = 31_557_600.0

  package let settings: ScenarioSettings
  package let processes: [AssetProcess]
  private let assets: [Int]
  private let factor: CholeskyFactor
  private let crash: CrashShape?
  private let history: HistoryBlocks?
  /// Assets whose pegs paths get columns for.
  private var table = AssetTable()

  /// Prepares scenarios of some assets.
  ///
  /// - Parameters:
  ///   - settings: which scenarios.
  ///   - processes: how each asset moves.
  ///   - assets: index of each process's asset in the paths.
  ///   - correlation: nil for the settings' common one.
  ///   - crash: shape of the fall, for the crash model.
  ///   - history: what the bootstrap draws from.
  /// - Throws: a data failure for numbers out of bounds, or a correlation that is not positive
  ///   definite.
  package init(
    _ settings: ScenarioSettings,
    processes: [AssetProcess],
    assets: [Int],
    correlation: Correlation? = nil,
    crash: CrashShape = CrashShape(),
    history: PricePath? = nil
  ) throws(Failure) {
    precondition(assets.count == processes.count, "Invariant: one index for each process")
    try settings.validate()
    guard !processes.isEmpty else {
      throw Failure(.data, "generated paths: found no asset, expected at least one with a price")
    }
    for process in processes { try process.validate(stepSeconds: settings.stepSeconds) }
    if settings.model == .crash { try crash.validate() }
    self.settings = settings
    self.processes = processes
    self.assets = assets
    self.crash = settings.model == .crash ? crash : nil
    if settings.model == .bootstrap {
      guard let history else {
        throw Failure(.data, "generated paths: found no history, expected one for the bootstrap")
      }
      self.history = try HistoryBlocks(
        history,
        processes: processes,
        assets: assets,
        blockSteps: settings.blockSteps
      )
    } else {
      self.history = nil
    }
    factor = try PathGenerator.factor(
      correlation ?? .common(settings.correlation),
      count: processes.count
    )
  }

  private static func factor(
    _ correlation: Correlation,
    count: Int
  ) throws(Failure) -> CholeskyFactor {
    let matrix: [[Double]]
    switch correlation {
    case .common(let value):
      matrix = (0..<count).map { row in (0..<count).map { $0 == row ? 1 : value } }
    case .matrix(let rows): matrix = rows
    }
    guard matrix.count == count else {
      throw Failure(
        .data,
        "generated paths: found \(matrix.count) rows of correlations, expected \(count)"
      )
    }
    do throws(Failure) {
      let factor = try CholeskyFactor(of: matrix)
      for row in matrix.indices where matrix[row][row] != 1 {
        throw Failure(.data, "row \(row + 1) has \(matrix[row][row]) on the diagonal, expected 1")
      }
      return factor
    } catch {
      throw Failure(.data, "generated paths: correlations: \(error.message)")
    }
  }

  /// One scenario, from 0.
  package func path(scenario: Int) throws(Failure) -> PricePath {
    let steps = settings.stepCount
    let number = UInt32(truncatingIfNeeded: scenario)
    var walk = PathWalk(
      processes: processes,
      factor: factor,
      course: course(number),
      tails: tails(number),
      stepYears: Double(settings.stepSeconds) / PathGenerator.secondsOfYear,
      stepDays: Double(settings.stepSeconds) / 86_400,
      jumpMultiple: crash?.jumpMultiple ?? 1,
      volatilityMultiple: crash?.volatilityMultiple ?? 1,
      normals: Philox(seed: settings.seed, scenario: number, stream: .pathNormals),
      jumps: Philox(seed: settings.seed, scenario: number, stream: .pathJumps),
      outcomes: Philox(seed: settings.seed, scenario: number, stream: .pathOutcome)
    )
    var times: [Int64] = []
    var values: [Double] = []
    times.reserveCapacity(steps)
    values.reserveCapacity(steps * processes.count)
    for step in 0..<steps {
      let seconds = step * settings.stepSeconds
      if step > 0 { walk.advance(step: UInt32(step), seconds: Double(seconds)) }
      times.append(settings.startMilliseconds + Int64(seconds) * 1000)
      for column in processes.indices { values.append(walk.price(column)) }
    }
    return try PricePath(
      name: PathGenerator.fileName(scenario: scenario),
      times: times,
      assets: assets,
      values: values
    ).pegging(in: table)
  }

  /// What carries the prices of a scenario.
  private func course(_ number: UInt32) -> PathCourse {
    let horizon = Double(settings.horizonSeconds)
    if let crash {
      let source = Philox(seed: settings.seed, scenario: number, stream: .pathShape)
      var draws = Draws(source, index: 0)
      return .crash(Crash(crash, horizonSeconds: horizon, draws: &draws))
    }
    if let history {
      return .history(
        history,
        Philox(seed: settings.seed, scenario: number, stream: .pathBlocks)
      )
    }
    return settings.model == .stress
      ? .stress(settings.stress, scale: settings.stressScale, horizonSeconds: horizon) : .none
  }

  private func tails(_ number: UInt32) -> PathTails {
    switch settings.model {
    case .jumpDiffusion, .crash: .normal(hasJumps: true)
    case .stress, .bootstrap: .normal(hasJumps: false)
    case .studentT:
      .student(
        degrees: settings.degrees,
        Philox(seed: settings.seed, scenario: number, stream: .pathTails)
      )
    case .garch:
      .garch(
        alpha: settings.garchAlpha,
        beta: settings.garchBeta,
        states: Array(repeating: 1, count: processes.count)
      )
    }
  }

  /// The name of a scenario's file: `path-0001.csv` for scenario 0.
  package static func fileName(scenario: Int) -> String {
    let digits = String(scenario + 1)
    return "path-" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits + ".csv"
  }
}

extension PathGenerator {
  /// Prepares scenarios of some assets, from their present prices.
  ///
  /// An asset that an event venue lists walks as an event; the others have presets by symbol.
  /// The assets each have a price of their own; pegged ones follow what they are pegged to.
  /// - Throws: a data failure for numbers out of bounds.
  package init(
    _ settings: ScenarioSettings,
    catalogue: VenueCatalogue,
    snapshot: PriceSnapshot,
    assets: [Int],
    history: PricePath? = nil
  ) throws(Failure) {
    let table = catalogue.assets
    var walking = assets
    for asset in assets {
      if let peg = table[asset].peg, !walking.contains(peg.underlying) {
        walking.append(peg.underlying)
      }
    }
    walking.removeAll { table[$0].peg != nil }
    let processes = walking.map { (asset: Int) in
      var process = AssetProcess.preset(
        symbol: catalogue.assets[asset].symbol,
        price: snapshot.prices[asset],
        isEvent: catalogue.isEvent(asset)
      )
      process.resolve(
        at: catalogue.resolution(of: asset),
        startMilliseconds: settings.startMilliseconds
      )
      return process
    }
    try self.init(settings, processes: processes, assets: walking, history: history)
    self.table = table
  }
}

extension VenueCatalogue {
  /// Whether a venue of event collateral lists an asset, so that its price lies between 0 and 1.
  package func isEvent(_ asset: Int) -> Bool {
    venues.contains { type(of: $0.rule).kind == EventCollateral.kind && $0.rule.lists(asset) }
  }

  /// When an event resolves, UTC epoch milliseconds: at the first venue that says so.
  package func resolution(of asset: Int) -> Int64? {
    venues.lazy.compactMap { ($0.rule as? EventCollateral)?.resolutions[asset] }.first
  }
}
