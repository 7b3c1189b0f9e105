// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The README, the changelog and the scripts that they name.
struct PaperTests {
  static let readme = SourceTree.file("README.md")
  static let changelog = SourceTree.file("CHANGELOG.md")

  @Test(.enabled(if: readme != nil, "there is no README.md yet"))
  func readmeIsShort() throws {
    #expect(try #require(PaperTests.readme).lines.count < 200)
  }

  /// Every file of the repository that a code block or a link names is there.
  @Test(.enabled(if: readme != nil, "there is no README.md yet"))
  func filesOfTheReadmeExist() throws {
    let file = try #require(PaperTests.readme)
    let pattern =
      #/(?:^|[\s(`'"])((?:\./)?(?:scripts|datasets|Sources|Tests|Benchmarks)/[\w./+-]*\w)/#
    var findings = Findings()
    for (number, line) in file.lines.enumerated() {
      for match in line.matches(of: pattern) {
        let path = match.1.hasPrefix("./") ? String(match.1.dropFirst(2)) : String(match.1)
        if !SourceTree.exists(path) { findings.add(file, number, "there is no \(path)") }
      }
      for match in line.matches(of: #/\]\(([\w./-]+)(?:#[\w-]*)?\)/#)
      where !SourceTree.exists(String(match.1)) {
        findings.add(file, number, "there is no \(match.1)")
      }
    }
    #expect(findings.isEmpty, "\(findings.text)")
  }

  /// Every command that a code block calls is one of the tool; options are checked with the binary.
  @Test(.enabled(if: readme != nil, "there is no README.md yet"))
  func commandsOfTheReadmeExist() throws {
    var names: Set<Substring> = ["help", "completions"]
    for file in SourceTree.sources where file.module == "BreakwaterCommands" {
      for line in file.lines {
        if let match = line.firstMatch(of: #/static let name = "([a-z]+)"/#) {
          names.insert(match.1)
        }
      }
    }
    #expect(names.contains("sweep"))
    let file = try #require(PaperTests.readme)
    var findings = Findings()
    var isCode = false
    for (number, line) in file.lines.enumerated() {
      if line.hasPrefix("```") { isCode.toggle() }
      guard isCode, let match = line.firstMatch(of: #/^(?:\$ )?\S*\bbreakwater ([a-z]\w*)/#) else {
        continue
      }
      if !names.contains(match.1) { findings.add(file, number, "no command '\(match.1)'") }
    }
    #expect(findings.isEmpty, "\(findings.text)")
  }

  @Test(.enabled(if: changelog != nil, "there is no CHANGELOG.md yet"))
  func changelogSaysWhatChangedNumbers() throws {
    let file = try #require(PaperTests.changelog)
    let headings = file.lines.filter { $0.hasPrefix("#") }
    #expect(headings.contains { $0.contains("Unreleased") })
    #expect(headings.contains { $0.contains("Numbers") })
  }

  @Test func scriptsMayBeRun() {
    var findings = Findings()
    for file in SourceTree.files where file.lines.first?.hasPrefix("#!") ?? false {
      if !FileManager.default.isExecutableFile(atPath: SourceTree.root.path + "/" + file.path) {
        findings.add(file, "is not executable; use chmod +x")
      }
    }
    #expect(findings.isEmpty, "\(findings.text)")
  }
}
