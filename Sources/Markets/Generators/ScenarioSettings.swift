// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import TextKit

/// How synthetic prices move.
package enum ScenarioModel: String, CaseIterable, Sendable {
  /// Correlated diffusion with rare jumps: an ordinary hour.
  case jumpDiffusion = "jump_diffusion"
  /// The same, with a fall of frequent jumps at a random time and a partial recovery after it.
  case crash
  /// Diffusion whose steps have Student's t in place of the normal distribution, no jumps.
  case studentT = "student_t"
  /// Diffusion whose variance remembers the last steps: GARCH(1,1), no jumps.
  case garch
  /// Steps of a history, drawn in blocks.
  case bootstrap
  /// The course of a named day beside the diffusion.
  case stress
}

/// Which scenarios are generated: `[scenarios]` of a sweep spec, options of `generate paths`.
package struct ScenarioSettings: Sendable, Equatable {
  /// Key `model`: how prices move.
  package var model = ScenarioModel.jumpDiffusion
  /// Key `horizon_s`: time from the first to the last step, seconds.
  package var horizonSeconds = 3600
  /// Key `step_s`: time between two steps, seconds.
  package var stepSeconds = 1
  /// Key `seed`: of all draws; a scenario depends on it and on its own number only.
  package var seed: UInt64 = 1
  /// Key `generate`: how many scenarios, count.
  package var count = 64
  /// Key `start_ms`: time of the first step, UTC epoch milliseconds.
  package var startMilliseconds: Int64 = 1_767_225_600_000
  /// Key `correlation`: of the normal numbers of every two assets, ratio; a full matrix may be
  /// given to the generator instead.
  package var correlation = 0.75
  /// Key `degrees`: of freedom of Student's t, from 3, count.
  package var degrees = 4
  /// Keys `garch_alpha` and `garch_beta`: weight of the last step's square and of the last
  /// variance, ratio; together below 1.
  package var garchAlpha = 0.08
  package var garchBeta = 0.9
  /// Key `stress`: the course of the stress model.
  package var stress = StressShape.march2020
  /// Key `stress_scale`: multiple of its moves.
  package var stressScale = 1.0
  /// Key `block_steps`: rows of a block of the bootstrap, count.
  package var blockSteps = 60

  /// Ten million steps: about 80 MB an asset.
  private static let mostSteps = 10_000_000

  package init() {}

  /// Number of steps of a scenario, both ends included.
  package var stepCount: Int { horizonSeconds / stepSeconds + 1 }

  /// Checks every number.
  ///
  /// - Throws: a data failure with key, value and what was expected.
  package func validate() throws(Failure) {
    try check("step_s", stepSeconds, 1...86_400)
    try check("horizon_s", horizonSeconds, stepSeconds...315_576_000)
    try check("generate", count, 1...1_000_000)
    guard horizonSeconds % stepSeconds == 0 else {
      throw refused("horizon_s", String(horizonSeconds), "a multiple of step_s, \(stepSeconds)")
    }
    guard stepCount <= ScenarioSettings.mostSteps else {
      throw refused(
        "horizon_s",
        String(horizonSeconds),
        "at most \(NumberText.grouped(ScenarioSettings.mostSteps)) steps; take a longer step_s"
      )
    }
    guard (0...4_102_444_800_000).contains(startMilliseconds) else {
      throw refused(
        "start_ms",
        String(startMilliseconds),
        "milliseconds since 1970, up to the year 2100"
      )
    }
    guard correlation > -1, correlation < 1 else {
      throw refused("correlation", NumberText.shortest(correlation), "between -1 and 1")
    }
    try check("degrees", degrees, 3...100)
    try check("block_steps", blockSteps, 1...1_000_000)
    guard garchAlpha >= 0, garchBeta >= 0, garchAlpha + garchBeta < 1 else {
      throw refused(
        "garch_alpha",
        "\(NumberText.shortest(garchAlpha)) with garch_beta \(NumberText.shortest(garchBeta))",
        "both at least 0, together below 1"
      )
    }
    guard stressScale.magnitude <= 10 else {
      throw refused("stress_scale", NumberText.shortest(stressScale), "from -10 to 10")
    }
  }

  private func check(_ key: String, _ value: Int, _ range: ClosedRange<Int>) throws(Failure) {
    guard range.contains(value) else {
      throw refused(key, String(value), "from \(range.lowerBound) to \(range.upperBound)")
    }
  }

  private func refused(_ key: String, _ found: String, _ expected: String) -> Failure {
    Failure(.data, "scenarios.\(key): found \(found), expected \(expected)")
  }
}
