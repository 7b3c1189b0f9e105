// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CommandLineKit
internal import Settings
internal import TextKit

/// `breakwater settings`: every setting that a spec may give or sweep.
struct SettingsList: Command {
  static let name = "settings"
  static let about = "List every setting with unit, default and bounds"
  static let details: String? = """
    A sweep spec gives them under [settings] and sweeps the numeric ones under [grid]; numbers of
    the venue file may be given there too, such as venues.kamino.assets.SOL.borrow_factor.
    """

  mutating func run() throws(Failure) {
    var table = TextTable([
      .text("setting"), .text("unit"), .number("default"), .text("takes"), .text("meaning"),
    ])
    for setting in Setting.all {
      table.add([
        setting.name,
        setting.unit,
        setting.text(of: setting.defaultValue),
        SettingsList.range(of: setting),
        setting.help,
      ])
    }
    try Output.standard(table.text())
  }

  private static func range(of setting: Setting) -> String {
    switch setting.kind {
    case .number(let bounds), .whole(let bounds): bounds.text
    case .flag: "0 or 1"
    case .word(let words): words.joined(separator: ", ")
    }
  }
}
