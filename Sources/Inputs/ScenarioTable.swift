// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Configuration
internal import Markets
internal import TextKit

/// Reads `[scenarios]` of a sweep spec: how many synthetic paths, and of what kind.
enum ScenarioTable {
  private static let keys = [
    "generate", "model", "horizon_s", "step_s", "seed", "start_ms", "correlation",
    "degrees", "garch_alpha", "garch_beta", "stress", "stress_scale", "history", "block_steps",
  ]

  /// The settings of generated scenarios, nil when the table only gives the seed.
  static func read(_ table: ConfigTable) throws(Failure) -> ScenarioSettings? {
    try table.only(keys)
    guard let count = try table.optionalInteger("generate", in: 1...1_000_000) else { return nil }
    var settings = ScenarioSettings()
    let models = ScenarioModel.allCases.map(\.rawValue)
    let model = try table.choice("model", among: models, default: settings.model.rawValue)
    settings.count = count
    settings.model = ScenarioModel(rawValue: model) ?? settings.model
    settings.horizonSeconds = try table.integer("horizon_s", default: settings.horizonSeconds)
    settings.stepSeconds = try table.integer("step_s", default: settings.stepSeconds)
    settings.seed = UInt64(try table.integer("seed", default: 1, in: 0...Int.max))
    settings.startMilliseconds = Int64(
      try table.integer("start_ms", default: Int(settings.startMilliseconds))
    )
    settings.correlation = try table.number("correlation", default: settings.correlation)
    settings.degrees = try table.integer("degrees", default: settings.degrees)
    settings.garchAlpha = try table.number("garch_alpha", default: settings.garchAlpha)
    settings.garchBeta = try table.number("garch_beta", default: settings.garchBeta)
    let shape = try table.choice(
      "stress",
      among: StressShape.allCases.map(\.rawValue),
      default: settings.stress.rawValue
    )
    settings.stress = StressShape(rawValue: shape) ?? settings.stress
    settings.stressScale = try table.number("stress_scale", default: settings.stressScale)
    settings.blockSteps = try table.integer("block_steps", default: settings.blockSteps)
    guard (settings.model == .bootstrap) == (table["history"] != nil) else {
      throw table.failure(
        at: "history",
        settings.model == .bootstrap
          ? "found no history, expected the path file that the bootstrap draws from"
          : "found a history, expected it with model = \"bootstrap\" only"
      )
    }
    do throws(Failure) {
      try settings.validate()
    } catch {
      throw Failure(.data, "\(table.value.place): \(error.message)")
    }
    return settings
  }
}
