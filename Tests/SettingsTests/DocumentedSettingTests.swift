// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Settings
import Testing

/// The tables of settings on the pages of mechanisms.
@Suite struct DocumentedSettingTests {
  private static let folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Documentation/mechanisms")

  /// The cells of the rows of all such tables.
  private static func rows() throws -> [[String]] {
    var rows: [[String]] = []
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    where name.hasSuffix(".md") {
      let file = folder.appendingPathComponent(name)
      let text = try String(contentsOf: file, encoding: .utf8)
      var isInside = false
      for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
        if !line.hasPrefix("|") { isInside = false }
        if isInside && !line.hasPrefix("| ---") {
          let cells = line.split(separator: "|", omittingEmptySubsequences: false)
          rows.append(cells.dropFirst().dropLast().map { $0.trimmingCharacters(in: .whitespaces) })
        }
        if line.hasPrefix("| setting | unit | default |") { isInside = true }
      }
    }
    return rows
  }

  @Test func `units and defaults on the pages are those of the program`() throws {
    let rows = try DocumentedSettingTests.rows()
    #expect(rows.count > 50)
    for row in rows {
      let name = row[0].replacingOccurrences(of: "`", with: "")
      let setting = try Setting.named(name)
      #expect(row[1] == setting.unit, "\(name)")
      #expect(row[2] == setting.text(of: setting.defaultValue), "\(name)")
      if case .word(let words) = setting.kind {
        #expect(words.allSatisfy { row[3].contains("`\($0)`") }, "\(name)")
      }
    }
  }

  /// Every mechanism that is off by default has a page that lists its settings.
  @Test func `no setting of these mechanisms is left out`() throws {
    let named = Set(try DocumentedSettingTests.rows().map { $0[0] })
    for key in SettingKey.allCases {
      let groups = [
        "oracle.", "waterfall.", "backstop.", "adl.", "keepers.", "cascade.", "funding.",
        "interest.", "event.", "liquidation.", "simulation.",
      ]
      guard groups.contains(where: { key.name.hasPrefix($0) }) else { continue }
      #expect(named.contains("`\(key.name)`"), "\(key.name)")
    }
  }
}
