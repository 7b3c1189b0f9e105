// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import TextKit

/// The values of all settings for one run or one cell.
package struct Settings: Sendable, Equatable {
  private var values: [Double]

  /// Every setting at its default.
  package init() { values = Setting.all.map(\.defaultValue) }

  package subscript(key: SettingKey) -> Double {
    get { values[key.rawValue] }
    set { values[key.rawValue] = newValue }
  }

  /// The settings that are not at their default, as names and canonical values sorted by name.
  package var departures: [(name: String, value: String)] {
    var list: [(name: String, value: String)] = []
    for setting in Setting.all where self[setting.key] != setting.defaultValue {
      list.append((setting.name, setting.text(of: self[setting.key])))
    }
    return list.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// Why these values may not be run together, nil when they may (SEMANTICS, "Settings").
  package var complaint: String? {
    for setting in Setting.all {
      if let expected = setting.complaint(about: self[setting.key]) {
        return "\(setting.name) = \(NumberText.shortest(self[setting.key])), expected \(expected)"
      }
    }
    return comparedComplaint
  }

  /// Why values that are fine by themselves may not stand together, nil when they may.
  package var comparedComplaint: String? {
    for (low, high) in Settings.orderedPairs where self[low] > self[high] {
      return "\(high.name) = \(NumberText.shortest(self[high])) is below "
        + "\(low.name) = \(NumberText.shortest(self[low])), expected it to be at least as large"
    }
    return nil
  }

  /// Whether what a setting may be depends on another.
  package static func isCompared(_ key: SettingKey?) -> Bool {
    orderedPairs.contains { $0.0 == key || $0.1 == key }
  }

  private static let orderedPairs: [(SettingKey, SettingKey)] = [
    (.protectionTrigger, .protectionSafe),
    (.auctionMarginMin, .auctionMarginMax),
    (.auctionBondMin, .auctionBondMax),
    (.auctionReactionMin, .auctionReactionMax),
  ]
}

/// The settings as one stage may see them: reading one that it does not declare is our bug.
package struct SettingsView: Sendable {
  private let settings: Settings
  private let stage: Stage

  package init(_ settings: Settings, for stage: Stage) {
    self.settings = settings
    self.stage = stage
  }

  package subscript(key: SettingKey) -> Double {
    precondition(
      Setting.all[key.rawValue].stages.contains(stage),
      "Invariant: stage \(stage) declares \(key.name)"
    )
    return settings[key]
  }

  /// A flag as a truth value.
  package func isOn(_ key: SettingKey) -> Bool { self[key] != 0 }

  /// A duration in whole milliseconds, `rint(seconds · 1000)`.
  package func milliseconds(_ key: SettingKey) -> Int64 {
    Int64((self[key] * 1000).rounded(.toNearestOrEven))
  }

  /// The word that a setting stands at.
  package func word(_ key: SettingKey) -> String {
    Setting.all[key.rawValue].text(of: self[key])
  }
}

extension Setting {
  /// Finds a setting by its dotted name.
  ///
  /// - Throws: a data failure with the nearest name when there is none.
  package static func named(_ name: String) throws(Failure) -> Setting {
    if let found = all.first(where: { $0.name == name }) { return found }
    throw Failure(
      .data,
      "unknown setting '\(Failure.shown(name))'" + suggestion(for: name, among: all.map(\.name))
    )
  }
}
