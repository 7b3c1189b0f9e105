// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import TextKit

/// What one setting may be.
package enum SettingKind: Sendable, Equatable {
  /// A number within bounds.
  case number(SettingBounds)
  /// A whole number within bounds.
  case whole(SettingBounds)
  /// 0 or 1; TOML booleans are taken too.
  case flag
  /// One of some words, held as its position.
  case word([String])
}

/// An interval of numbers whose ends may belong to it or not.
package struct SettingBounds: Sendable, Equatable {
  package var low: Double
  package var high: Double
  package var excludesLow: Bool
  package var excludesHigh: Bool

  /// From `low` on, both ends belonging to it.
  package static func from(_ low: Double, to high: Double = 1e15) -> SettingBounds {
    SettingBounds(low: low, high: high, excludesLow: false, excludesHigh: false)
  }

  /// Above `low`.
  package static func above(_ low: Double, to high: Double = 1e15) -> SettingBounds {
    SettingBounds(low: low, high: high, excludesLow: true, excludesHigh: false)
  }

  /// Strictly between two numbers.
  package static func between(_ low: Double, _ high: Double) -> SettingBounds {
    SettingBounds(low: low, high: high, excludesLow: true, excludesHigh: true)
  }

  /// Whether a value lies within the bounds.
  package func contains(_ value: Double) -> Bool {
    (excludesLow ? value > low : value >= low) && (excludesHigh ? value < high : value <= high)
  }

  /// The interval in words, such as "above 0 and below 1".
  package var text: String {
    let lower = (excludesLow ? "above " : "from ") + NumberText.shortest(low)
    if high >= 1e15 { return excludesLow ? lower : "at least " + NumberText.shortest(low) }
    if excludesHigh { return lower + " and below " + NumberText.shortest(high) }
    return lower + (excludesLow ? " and at most " : " to ") + NumberText.shortest(high)
  }
}

/// One row of the table of settings: name, unit, default, who reads it.
package struct Setting: Sendable {
  package let key: SettingKey
  package let unit: String
  package let defaultValue: Double
  package let kind: SettingKind
  package let stages: [Stage]
  package let help: String

  package var name: String { key.name }

  /// Whether a grid may sweep it.
  package var isNumeric: Bool {
    if case .word = kind { return false }
    return true
  }

  /// The canonical text of a value: shortest decimal, or the word.
  package func text(of value: Double) -> String {
    if case .word(let words) = kind {
      return words.indices.first { Double($0) == value }.map { words[$0] } ?? ""
    }
    return NumberText.shortest(value)
  }

  /// Why a value may not be, nil when it may.
  package func complaint(about value: Double) -> String? {
    switch kind {
    case .number(let bounds):
      bounds.contains(value) ? nil : "a number \(bounds.text)"
    case .whole(let bounds):
      bounds.contains(value) && value == value.rounded() ? nil : "a whole number \(bounds.text)"
    case .flag:
      value == 0 || value == 1 ? nil : "0 or 1"
    case .word(let words):
      words.indices.contains { Double($0) == value }
        ? nil : "one of " + words.joined(separator: ", ")
    }
  }
}
