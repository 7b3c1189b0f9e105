// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Configuration
internal import Settings
internal import Sweeps
internal import TextKit

/// Reads tables of dotted names, of the table of settings or of the venue file: `[settings]`, and
/// in an extension `[grid]`.
struct SettingsReader {
  private let venues: ConfigValue

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

  /// The numbers that stand in the venue file at some paths.
  func venueDefaults(_ paths: [String]) -> [String: Double] {
    var defaults: [String: Double] = [:]
    for path in paths where path.hasPrefix("venues.") {
      defaults[path] = try? venues.value(at: path).number()
    }
    return defaults
  }

  func number(_ value: ConfigValue) throws(Failure) -> Double {
    if case .boolean(let isOn) = value.kind { return isOn ? 1 : 0 }
    return try value.number()
  }

  func setting(_ name: String, _ value: ConfigValue) throws(Failure) -> Setting {
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

  func check(_ path: String, _ value: ConfigValue) throws(Failure) {
    _ = try venues.replacing(path: path, withNumber: 1, namedBy: value)
  }
}
