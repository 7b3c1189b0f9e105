// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Markets
import Testing
import TextKit

@Suite struct PathGeneratorTests {
  private func settings(
    _ model: ScenarioModel = .jumpDiffusion,
    steps: Int = 3600,
    stepSeconds: Int = 1,
    seed: UInt64 = 1
  ) -> ScenarioSettings {
    var settings = ScenarioSettings()
    settings.model = model
    settings.horizonSeconds = steps * stepSeconds
    settings.stepSeconds = stepSeconds
    settings.seed = seed
    return settings
  }

  private func presets() -> [AssetProcess] {
    GeneratorPrice.defaults.map {
      .preset(symbol: $0.symbol, price: $0.price, isEvent: $0.symbol == "EVT")
    }
  }

  private func text(_ path: PricePath, _ step: Int) -> String {
    ([String(path.times[step])]
      + path.assets.indices.map { NumberText.shortest(path.value(step: step, column: $0)) })
      .joined(separator: ",")
  }

  /// Changes of the logarithm from step to step, as differences of a long series need them.
  private func changes(_ path: PricePath, _ column: Int) -> [Double] {
    (1..<path.stepCount).map {
      path.value(step: $0, column: column) / path.value(step: $0 - 1, column: column) - 1
    }
  }

  private func moments(_ values: [Double]) -> (mean: Double, variance: Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, squares / Double(values.count - 1))
  }

  @Test(arguments: [
    (
      ScenarioModel.jumpDiffusion,
      [
        "1767225600000,100000,4000,150,0.6",
        "1767225601000,99992.5,3999.54,149.964,0.599296",
        "1767225602000,99989.4,3999.55,149.956,0.599012",
        "1767227400000,100864,4050.31,152.366,0.631345",
        "1767229200000,100869,4013.6,152.351,0.609115",
      ]
    ),
    (
      .crash,
      [
        "1767225600000,100000,4000,150,0.6",
        "1767225601000,99992.5,3999.54,149.964,0.599296",
        "1767225602000,99989.4,3999.55,149.956,0.599012",
        "1767227400000,100134,4035.28,150.785,0.674969",
        "1767229200000,102552,4109.69,155.509,0.67515",
      ]
    ),
  ])
  func `a seed gives the same rows on every machine`(
    _ model: ScenarioModel,
    _ expected: [String]
  ) throws {
    let generator = try PathGenerator(
      settings(model),
      processes: presets(),
      assets: [0, 1, 2, 3]
    )
    let path = try generator.path(scenario: 0)
    #expect([0, 1, 2, 1800, 3600].map { text(path, $0) } == expected)
  }

  @Test func `a scenario depends on its number, not on how many there are`() throws {
    var few = settings(.crash, steps: 50)
    few.count = 1
    var many = few
    many.count = 1000
    let one = try PathGenerator(few, processes: presets(), assets: [0, 1, 2, 3])
    let other = try PathGenerator(many, processes: presets(), assets: [0, 1, 2, 3])
    #expect(try one.path(scenario: 7).values == other.path(scenario: 7).values)
    #expect(try one.path(scenario: 7).values != one.path(scenario: 8).values)
  }

  @Test func `a longer horizon continues the same diffusion`() throws {
    let short = try PathGenerator(settings(steps: 10), processes: presets(), assets: [0, 1, 2, 3])
    let long = try PathGenerator(settings(steps: 20), processes: presets(), assets: [0, 1, 2, 3])
    let values = try short.path(scenario: 0).values
    #expect(try Array(long.path(scenario: 0).values.prefix(values.count)) == values)
  }

  @Test func `variance and correlation of a diffusion are those asked for`() throws {
    var processes = Array(presets().prefix(3))
    for index in processes.indices { processes[index].jumpsPerDay = 0 }
    let matrix = [[1, 0.9, 0.2], [0.9, 1, 0], [0.2, 0, 1]]
    let count = 20_000
    let generator = try PathGenerator(
      settings(steps: count, stepSeconds: 60),
      processes: processes,
      assets: [0, 1, 2],
      correlation: .matrix(matrix)
    )
    let path = try generator.path(scenario: 0)
    let series = (0..<3).map { changes(path, $0) }
    for (column, process) in processes.enumerated() {
      let expected = process.volatility * process.volatility * 60 / 31_557_600
      let variance = moments(series[column]).variance
      // The estimate's relative deviation is √(2 / n).
      #expect((variance / expected - 1).magnitude < 5 * (2 / Double(count)).squareRoot())
    }
    for (i, j) in [(0, 1), (0, 2), (1, 2)] {
      let (a, b) = (moments(series[i]), moments(series[j]))
      let products = zip(series[i], series[j]).map { ($0 - a.mean) * ($1 - b.mean) }
      let correlation = moments(products).mean / (a.variance * b.variance).squareRoot()
      let bound = 5 * (1 - matrix[i][j] * matrix[i][j]) / Double(count).squareRoot()
      #expect((correlation - matrix[i][j]).magnitude < bound, "\(i), \(j): \(correlation)")
    }
  }

  @Test func `jumps come as often and as large as asked for`() throws {
    var process = AssetProcess(symbol: "X", price: 100)
    process.volatility = 0
    process.jumpsPerDay = 864
    process.jumpMean = -0.0002
    process.jumpDeviation = 0.001
    let count = 40_000
    let generator = try PathGenerator(settings(steps: count), processes: [process], assets: [0])
    let jumps = changes(try generator.path(scenario: 3), 0).filter { $0 != 0 }
    // One in a hundred steps, within 5 sigma.
    #expect((jumps.count - count / 100).magnitude < 100)
    let found = moments(jumps)
    let size = Double(jumps.count)
    #expect((found.mean + 0.0002).magnitude < 5 * 0.001 / size.squareRoot())
    #expect((found.variance / 1e-6 - 1).magnitude < 5 * (2 / size).squareRoot())
  }

  @Test func `prices stay above 0 and events below 1, whatever the volatility`() throws {
    var processes = presets()
    for index in processes.indices {
      processes[index].volatility = 1000
      processes[index].jumpDeviation = 5
      processes[index].jumpsPerDay = 86_400
    }
    let generator = try PathGenerator(
      settings(steps: 2_000),
      processes: processes,
      assets: [0, 1, 2, 3]
    )
    let path = try generator.path(scenario: 0)
    #expect(path.values.allSatisfy { $0 > 0 && $0.isFinite })
    #expect((0..<path.stepCount).allSatisfy { path.value(step: $0, column: 3) < 1 })
  }

  @Test func `a crash falls and recovers in part`() throws {
    var processes = Array(presets().prefix(1))
    processes[0].volatility = 0
    processes[0].jumpsPerDay = 0
    let generator = try PathGenerator(settings(.crash), processes: processes, assets: [0])
    for scenario in 0..<50 {
      let path = try generator.path(scenario: scenario)
      let lowest = path.values.min() ?? .nan
      let last = path.values[path.stepCount - 1]
      // exp(−0.1) and exp(−0.02) of the start.
      #expect((90_483.0...98_020).contains(lowest), "\(scenario): \(lowest)")
      #expect(last > lowest && last <= 100_000, "\(scenario): \(last)")
    }
  }

  @Test func `correlations that are not positive definite are refused`() throws {
    let matrix = [[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]]
    let failure = #expect(throws: Failure.self) {
      _ = try PathGenerator(
        settings(),
        processes: Array(presets().prefix(3)),
        assets: [0, 1, 2],
        correlation: .matrix(matrix)
      )
    }
    #expect(failure?.kind == .data)
    #expect(failure?.message.contains("correlations: the matrix is not positive definite") == true)
  }

  @Test func `wrong numbers are refused by name`() throws {
    func refusal(
      settings change: (inout ScenarioSettings) -> Void = { _ in },
      process alter: (inout AssetProcess) -> Void = { _ in }
    ) -> String {
      var settings = settings()
      var process = AssetProcess(symbol: "X", price: 100)
      change(&settings)
      alter(&process)
      let failure = #expect(throws: Failure.self) {
        _ = try PathGenerator(settings, processes: [process], assets: [0])
      }
      return failure?.message ?? ""
    }
    #expect(refusal(settings: { $0.stepSeconds = 0 }).contains("scenarios.step_s: found 0"))
    #expect(refusal(settings: { $0.horizonSeconds = -1 }).contains("horizon_s: found -1"))
    #expect(
      refusal(settings: { ($0.horizonSeconds, $0.stepSeconds) = (7, 2) }).contains("a multiple of")
    )
    #expect(refusal(settings: { $0.correlation = 1 }).contains("correlation: found 1"))
    #expect(refusal(process: { $0.price = 0 }).contains("price of X: found 0"))
    #expect(refusal(process: { $0.isEvent = true }).contains("between 0 and 1"))
    #expect(refusal(process: { $0.jumpsPerDay = 1e6 }).contains("jumps_per_day of X"))
    #expect(refusal(process: { $0.volatility = -1 }).contains("volatility of X: found -1"))
  }

  @Test func `files are named by number`() {
    #expect(PathGenerator.fileName(scenario: 0) == "path-0001.csv")
    #expect(PathGenerator.fileName(scenario: 12_344) == "path-12345.csv")
  }
}
