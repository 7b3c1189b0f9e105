// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Files beside the tests that results are compared with, byte for byte.
///
/// `UPDATE_GOLDEN=1` writes what was found instead, and fails the test so that nobody takes the run
/// for a check. A change of such a file needs a line under *Numbers* in the changelog.
enum Golden {
  /// What a user would give: written by hand, part of every `Workdir`.
  static let inputs = ["book.csv", "prices.csv", "fall.csv", "dip.csv", "spec.toml"]

  private static let folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().appendingPathComponent("Golden")

  static func url(_ name: String) -> URL { folder.appendingPathComponent(name) }

  /// Compares a result with its golden file.
  static func expect(
    _ found: Data,
    equals name: String,
    at place: SourceLocation = #_sourceLocation
  ) throws {
    let url = url(name)
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(),
        withIntermediateDirectories: true
      )
      try found.write(to: url)
      Issue.record("wrote Golden/\(name); run again without UPDATE_GOLDEN", sourceLocation: place)
      return
    }
    let expected = try Data(contentsOf: url)
    guard found != expected else { return }
    Attachment.record(found, named: URL(fileURLWithPath: name).lastPathComponent)
    let lines = [expected, found].map {
      String(decoding: $0, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    }
    let first =
      zip(lines[0], lines[1]).enumerated().first { $0.element.0 != $0.element.1 }?.offset
      ?? min(lines[0].count, lines[1].count)
    Issue.record(
      """
      Golden/\(name) differs first in line \(first + 1):
      expected \(first < lines[0].count ? lines[0][first] : "the end")
      found    \(first < lines[1].count ? lines[1][first] : "the end")
      """,
      sourceLocation: place
    )
  }
}

/// A CSV file as rows of named cells; the files compared here quote nothing but accounts.
struct Rows {
  let columns: [String]
  let rows: [[String]]

  init(_ text: String) {
    let lines = text.split(separator: "\n").map(Rows.cells)
    columns = lines.first ?? []
    rows = Array(lines.dropFirst())
  }

  /// The cells of a column, from top to bottom.
  func column(_ name: String) throws -> [String] {
    let place = try #require(columns.firstIndex(of: name), "no column \(name)")
    return rows.map { $0[place] }
  }

  private static func cells(_ line: Substring) -> [String] {
    var cells = [""]
    var isQuoted = false
    for letter in line {
      switch letter {
      case "\"": isQuoted.toggle()
      case "," where !isQuoted: cells.append("")
      default: cells[cells.count - 1].append(letter)
      }
    }
    return cells
  }
}
