// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Markets
import Testing
import TextKit

/// The models of prices beyond diffusion with jumps, and what a history says of them.
@Suite struct PathModelTests {
  func settings(_ model: ScenarioModel, steps: Int = 20_000) -> ScenarioSettings {
    var settings = ScenarioSettings()
    settings.model = model
    settings.horizonSeconds = steps
    return settings
  }

  func process(_ symbol: String = "A") -> AssetProcess {
    AssetProcess(symbol: symbol, price: 100)
  }

  func changes(_ path: PricePath, column: Int = 0) -> [Double] {
    (1..<path.stepCount).map {
      path.value(step: $0, column: column) / path.value(step: $0 - 1, column: column) - 1
    }
  }

  /// Variance and kurtosis.
  func moments(_ values: [Double]) -> (variance: Double, kurtosis: Double) {
    let count = Double(values.count)
    let second = values.reduce(0) { $0 + $1 * $1 } / count
    let fourth = values.reduce(0) { $0 + $1 * $1 * $1 * $1 } / count
    return (second, fourth / (second * second))
  }

  @Test func `tails are fat and the variance stays`() throws {
    // A volatility at which six digits of a price do not show.
    var wild = process()
    wild.volatility = 20
    wild.jumpsPerDay = 0
    func made(_ model: ScenarioModel) throws -> [Double] {
      changes(
        try PathGenerator(settings(model), processes: [wild], assets: [0]).path(scenario: 3)
      )
    }
    let normal = moments(try made(.jumpDiffusion))
    let student = moments(try made(.studentT))
    let garch = moments(try made(.garch))
    #expect((2.8...3.2).contains(normal.kurtosis))
    #expect(student.kurtosis > 6 && garch.kurtosis > 3.3)
    #expect((0.8...1.25).contains(student.variance / normal.variance))
    #expect((0.8...1.25).contains(garch.variance / normal.variance))
  }

  @Test func `a scenario does not depend on how many there are`() throws {
    for model in [ScenarioModel.studentT, .garch, .stress] {
      var many = settings(model, steps: 50)
      many.count = 1000
      let one = try PathGenerator(settings(model, steps: 50), processes: [process()], assets: [0])
      let other = try PathGenerator(many, processes: [process()], assets: [0])
      #expect(try one.path(scenario: 7).values == other.path(scenario: 7).values)
      #expect(try one.path(scenario: 7).values != one.path(scenario: 8).values)
    }
  }

  /// Halfway between the knots (0.4, −13 %) and (0.46, −30 %), in logarithms.
  @Test func `a stress goes through its knots, scaled and by beta`() throws {
    for shape in StressShape.allCases {
      for knot in shape.knots {
        let level = shape.level(at: knot.share, scale: 1)
        #expect((level - log1p(knot.move)).magnitude < 1e-12, "\(shape) at \(knot.share)")
        #expect(shape.level(at: knot.share, scale: 2) == 2 * level)
      }
      #expect(shape.knots.map(\.share) == shape.knots.map(\.share).sorted())
      #expect(shape.knots.first?.share == 0 && shape.knots.last?.share == 1)
    }
    let half = StressShape.march2020.level(at: 0.43, scale: 1)
    #expect((half - (log1p(-0.13) + log1p(-0.3)) / 2).magnitude < 1e-9)
    var still = process()
    (still.volatility, still.crashBeta) = (0, 1)
    let path = try PathGenerator(settings(.stress, steps: 100), processes: [still], assets: [0])
      .path(scenario: 0)
    #expect(path.value(step: 85, column: 0) == 48)
    #expect(path.value(step: 100, column: 0) == 58)
  }

  @Test func `the bootstrap takes whole blocks of the history, all assets together`() throws {
    let rows = 40
    var values: [Double] = []
    for row in 0..<rows {
      // Every change is its own, and the second asset does twice as much in logarithms.
      let level = Double(row * row) / 1000
      values += [100 * exp(level), 50 * exp(2 * level)]
    }
    let history = try PricePath(
      name: "history",
      times: (0..<rows).map { Int64($0) * 60_000 },
      assets: [0, 1],
      values: values
    )
    var settings = settings(.bootstrap, steps: 30)
    settings.blockSteps = 10
    let generator = try PathGenerator(
      settings,
      processes: [process("A"), process("B")],
      assets: [0, 1],
      history: history
    )
    let known = (1..<rows).map { Double(2 * $0 - 1) / 1000 }
    var starts: Set<Int> = []
    for scenario in 0..<20 {
      let path = try generator.path(scenario: scenario)
      let moves = changes(path).map { log1p($0) }
      let places = moves.compactMap { move in known.firstIndex { ($0 - move).magnitude < 2e-4 } }
      try #require(places.count == 30)
      for step in 1..<30 where step % 10 != 0 {
        #expect(places[step] == (places[step - 1] + 1) % known.count)
      }
      starts.insert(places[0])
      let twice = changes(path, column: 1).map { log1p($0) }
      #expect(zip(moves, twice).allSatisfy { ($0 * 2 - $1).magnitude < 2e-4 })
    }
    #expect(starts.count > 10)
  }

  @Test func `a bootstrap needs a history`() throws {
    #expect(throws: Failure.self) {
      try PathGenerator(settings(.bootstrap), processes: [process()], assets: [0])
    }
  }

  /// Eight changes by hand: Σ r² = 8 · 10⁻⁴ over eight days, no jump.
  @Test func `a fit states what the changes are`() throws {
    let changes = [0.01, -0.01, 0.01, -0.01, -0.01, 0.01, 0.01, -0.01]
    let fit = PathFit(symbol: "A", changes: changes, seconds: 8 * 86_400)
    let years = 8 * 86_400 / 31_557_600.0
    #expect(fit.count == 8)
    #expect((fit.realised - (8e-4 / years).squareRoot()).magnitude < 1e-12)
    #expect(fit.volatility == fit.realised)
    #expect((fit.drift - fit.realised * fit.realised / 2).magnitude < 1e-9)
    #expect(fit.jumpsPerDay == 0 && fit.jumpMean == 0)
    // Kurtosis 1 is less than the normal's: no fat tails.
    #expect(fit.degrees == 30)
    let jump = PathFit(symbol: "A", changes: changes + [-0.2], seconds: 9 * 86_400)
    #expect(jump.jumpsPerDay == 1.0 / 9)
    #expect(jump.jumpMean == -0.2 && jump.jumpDeviation == 0)
    #expect(jump.volatility < jump.realised)
  }

  @Test func `a fit finds again what a path was made of`() throws {
    var settings = settings(.garch, steps: 40_000)
    (settings.garchAlpha, settings.garchBeta) = (0.12, 0.85)
    var wild = process()
    (wild.volatility, wild.jumpsPerDay) = (20, 0)
    let path = try PathGenerator(settings, processes: [wild], assets: [0]).path(scenario: 1)
    let fit = try PathFit.fit([wild], assets: [0], history: path)[0]
    #expect((fit.realised / 20 - 1).magnitude < 0.15)
    #expect((fit.garchAlpha - 0.12).magnitude <= 0.03)
    #expect((fit.garchBeta - 0.85).magnitude <= 0.05)
  }
}
