// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The tables "seed → mechanism → setting → test": whatever they name exists.
struct CoverageTests {
  static let page = "Documentation/seed-coverage.md"
  /// How many rules each source document has.
  private static let rules = [20, 42, 34, 22, 10]

  /// The names of all settings.
  private static let settings: Set<String> = {
    let lines = SourceTree.file("Sources/Settings/SettingKey+Names.swift")?.lines ?? []
    return Set(
      lines.compactMap { line in
        line.firstMatch(of: #/case \.\w+: "([^"]+)"/#).map { String($0.1) }
      }
    )
  }()

  /// Types that the sources or the tests declare, and files by their name.
  private static func types(_ folder: String) -> Set<String> {
    var names: Set<String> = []
    for file in SourceTree.swift where file.path.hasPrefix(folder) {
      names.insert(String(file.name.dropLast(".swift".count)))
      for line in file.lines {
        if let match = line.firstMatch(of: #/\b(?:struct|enum|class|actor|protocol) ([A-Z]\w+)/#) {
          names.insert(String(match.1))
        }
      }
    }
    return names
  }

  private static let sources = types("Sources/")
  private static let tests = types("Tests/")
  private static let text = SourceTree.sources.flatMap(\.lines).joined(separator: "\n")

  private typealias Row = (line: Int, cells: [String])

  /// The cells of every row of a Markdown table whose header begins so.
  private static func rows(_ path: String, header: String) throws -> [Row] {
    let file = try #require(SourceTree.file(path))
    var rows: [Row] = []
    var isInside = false
    for (number, line) in file.lines.enumerated() {
      if !line.hasPrefix("|") { isInside = false }
      if line.hasPrefix(header) { isInside = true }
      guard isInside, !line.hasPrefix(header), !line.hasPrefix("| ---") else { continue }
      let cells = line.split(separator: "|", omittingEmptySubsequences: false)
      let inner = cells.dropFirst().dropLast().map { $0.trimmingCharacters(in: .whitespaces) }
      rows.append((number, inner))
    }
    return rows
  }

  private static func names(_ cell: String) -> [String] {
    cell.matches(of: #/`([^`]+)`/#).map { String($0.1) }
  }

  /// Whether a setting, or all with a beginning that ends in `*`, exists.
  private static func isSetting(_ name: String) -> Bool {
    guard name.hasSuffix("*") else { return settings.contains(name) }
    return settings.contains { $0.hasPrefix(name.dropLast()) }
  }

  /// A type, a file or column that a source writes, or a command.
  private static func isMechanism(_ name: String) -> Bool {
    if name.hasPrefix("--") {
      return text.contains(camel(String(name.dropFirst(2))))
    }
    if name.hasPrefix("breakwater ") {
      return text.contains("static let name = \"\(name.dropFirst("breakwater ".count))\"")
    }
    return sources.contains(name) || settings.contains(name) || text.contains("\"\(name)\"")
      || settings.contains { $0.hasSuffix("." + name) } || text.contains("case \(camel(name))")
  }

  /// `a_b` or `a-b` as `aB`.
  private static func camel(_ name: String) -> String {
    let words = name.split { $0 == "_" || $0 == "-" }
    return words.dropFirst().reduce(String(words.first ?? "")) { $0 + $1.capitalized }
  }

  @Test func everyRuleOfTheSourcesHasItsRow() throws {
    let rows = try CoverageTests.rows(CoverageTests.page, header: "| # |")
    let expected = CoverageTests.rules.enumerated().flatMap { seed, count in
      (1...count).map { "\(seed).\($0)" }
    }
    #expect(rows.map { $0.cells[0] } == expected)
  }

  @Test func everythingThatTheRowsNameExists() throws {
    let file = try #require(SourceTree.file(CoverageTests.page))
    var findings = Findings()
    for (line, cells) in try CoverageTests.rows(CoverageTests.page, header: "| # |") {
      guard cells.count == 5 else {
        findings.add(file, line, "expected 5 cells, found \(cells.count)")
        continue
      }
      for name in CoverageTests.names(cells[2]) where !CoverageTests.isMechanism(name) {
        findings.add(file, line, "there is no mechanism '\(name)'")
      }
      for name in CoverageTests.names(cells[3])
      where !CoverageTests.isSetting(name) && !name.hasPrefix("[") {
        findings.add(file, line, "there is no setting '\(name)'")
      }
      let tests = CoverageTests.names(cells[4])
      for name in tests where !CoverageTests.tests.contains(name) {
        findings.add(file, line, "there is no test '\(name)'")
      }
      if tests.isEmpty && !cells[2].contains("Not here") {
        findings.add(file, line, "neither a test nor a reason")
      }
    }
    #expect(findings.isEmpty, "\(findings.text)")
  }

  /// The short table of the architecture: tests exist, settings with a dot too.
  @Test func theTableOfTheArchitectureIsTrue() throws {
    let path = "ARCHITECTURE.md"
    let file = try #require(SourceTree.file(path))
    let rows = try CoverageTests.rows(path, header: "| seed rule |")
    #expect(rows.count > 20)
    var findings = Findings()
    for (line, cells) in rows {
      for name in CoverageTests.names(cells[2]) where name.contains(".") {
        if !CoverageTests.isSetting(name) { findings.add(file, line, "there is no '\(name)'") }
      }
      let tests = CoverageTests.names(cells[3])
      if tests.isEmpty { findings.add(file, line, "names no test") }
      for name in tests where !CoverageTests.tests.contains(name) && !hasFile(name) {
        findings.add(file, line, "there is no test '\(name)'")
      }
    }
    #expect(findings.isEmpty, "\(findings.text)")
  }

  private func hasFile(_ name: String) -> Bool {
    SourceTree.paths.contains {
      $0.hasPrefix("Tests/") && ($0.hasSuffix("/" + name) || $0.hasPrefix("Tests/\(name)/"))
    }
  }
}
