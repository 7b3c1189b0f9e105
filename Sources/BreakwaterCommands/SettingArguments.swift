// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Settings
package import TextKit

/// Settings given on the command line as `name=value`.
package enum SettingArguments {
  /// The settings of some assignments over the defaults.
  package static func settings(_ assignments: [String]) throws(Failure) -> Settings {
    var settings = Settings()
    for text in assignments {
      let (name, value) = try assignment(text)
      let setting = try Setting.named(name)
      settings[setting.key] = try number(of: setting, value)
    }
    if let complaint = settings.complaint { throw Failure(.data, complaint) }
    return settings
  }

  /// The two halves of `name=value`.
  static func assignment(_ text: String) throws(Failure) -> (name: String, value: String) {
    guard let mark = text.firstIndex(of: "=") else {
      throw Failure(.usage, "found '\(Failure.shown(text))', expected name=value")
    }
    return (String(text[..<mark]), String(text[text.index(after: mark)...]))
  }

  /// The value of a setting as text: a number, or one of its words.
  static func number(of setting: Setting, _ text: String) throws(Failure) -> Double {
    if case .word(let words) = setting.kind {
      if let index = words.firstIndex(of: text) { return Double(index) }
    } else if let value = Double(text), setting.complaint(about: value) == nil {
      return value
    }
    let expected = setting.complaint(about: .nan) ?? "a number"
    throw Failure(
      .data,
      "\(setting.name): found '\(Failure.shown(text))', expected \(expected)"
    )
  }
}
