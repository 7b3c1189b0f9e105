// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Configuration
internal import Settings
internal import Sweeps
internal import TextKit

/// Reads `[settings]` and `[grid]`: dotted names of the table of settings, or of the venue file.
struct SettingsReader {
  private let venues: ConfigValue
  private static let mostSteps = 1_000_000

  init(_ venueDocument: ConfigValue) throws(Failure) { venues = venueDocument }

  /// Settings, replaced venue numbers and objectives of a `[settings]` table.
  func settings(
    _ table: ConfigTable?
  ) throws(Failure) -> (Settings, [VenueValue], [Objective]) {
    var settings = Settings()
    var venueValues: [VenueValue] = []
    var objectives = Objective.defaults
    for entry in table?.flattened(stoppingAt: { _ in false }) ?? [] {
      if entry.key == "report.objectives" {
        objectives = []
        for text in try entry.value.strings() {
          do throws(Failure) {
            objectives.append(try Objective(text))
          } catch {
            throw entry.value.failure(error.message)
          }
        }
      } else if entry.key.hasPrefix("venues.") {
        let value = try entry.value.number()
        try check(entry.key, entry.value)
        venueValues.append(VenueValue(path: entry.key, value: value))
      } else {
        let setting = try setting(entry.key, entry.value)
        settings[setting.key] = try value(of: setting, entry.value)
      }
    }
    return (settings, venueValues, objectives)
  }

  /// The axes of a `[grid]` table.
  func axes(_ table: ConfigTable?) throws(Failure) -> [Axis] {
    var axes: [Axis] = []
    let entries = table?.flattened(stoppingAt: { (value: ConfigValue) in
      guard case .table(let entries) = value.kind else { return false }
      return entries.contains { ["from", "to", "steps", "scale"].contains($0.key) }
    })
    for entry in entries ?? [] {
      let target: AxisTarget
      if entry.key.hasPrefix("venues.") {
        try check(entry.key, entry.value)
        target = .venue(path: entry.key)
      } else {
        let setting = try setting(entry.key, entry.value)
        guard setting.isNumeric else {
          throw entry.value.failure(
            "'\(setting.name)' is a word and cannot be swept, expected a numeric setting;"
              + " run one sweep for each word"
          )
        }
        target = .setting(setting.key)
      }
      do throws(Failure) {
        axes.append(try Axis(name: entry.key, target: target, values: try values(entry)))
      } catch {
        throw error.message.hasPrefix(entry.value.file)
          ? error : Failure(.data, "\(entry.value.place): \(error.message)")
      }
    }
    return axes
  }

  /// The numbers that stand in the venue file at some paths.
  func venueDefaults(_ paths: [String]) -> [String: Double] {
    var defaults: [String: Double] = [:]
    for path in paths where path.hasPrefix("venues.") {
      defaults[path] = try? venues.value(at: path).number()
    }
    return defaults
  }

  private func values(_ entry: ConfigEntry) throws(Failure) -> [Double] {
    if case .array(let items) = entry.value.kind {
      var values: [Double] = []
      for item in items { values.append(try number(item)) }
      return values
    }
    guard case .table = entry.value.kind else { return [try number(entry.value)] }
    let range = try ConfigTable(entry.value)
    try range.only(["from", "to", "steps", "scale"])
    return try Axis.range(
      name: entry.key,
      from: try range.number("from", in: -1e15...1e15),
      to: try range.number("to", in: -1e15...1e15),
      steps: try range.integer("steps", in: 1...SettingsReader.mostSteps),
      isLogarithmic: try range.choice("scale", among: ["linear", "log"], default: "linear") == "log"
    )
  }

  private func number(_ value: ConfigValue) throws(Failure) -> Double {
    if case .boolean(let isOn) = value.kind { return isOn ? 1 : 0 }
    return try value.number()
  }

  private func setting(_ name: String, _ value: ConfigValue) throws(Failure) -> Setting {
    do throws(Failure) {
      return try Setting.named(name)
    } catch {
      throw Failure(.data, "\(value.place): \(error.message)")
    }
  }

  private func value(of setting: Setting, _ value: ConfigValue) throws(Failure) -> Double {
    if case .word(let words) = setting.kind {
      let word = try value.choice(among: words)
      return Double(words.firstIndex(of: word) ?? 0)
    }
    let number = try number(value)
    if let expected = setting.complaint(about: number) { throw value.failure(expected: expected) }
    return number
  }

  private func check(_ path: String, _ value: ConfigValue) throws(Failure) {
    _ = try venues.replacing(path: path, withNumber: 1, namedBy: value)
  }
}
