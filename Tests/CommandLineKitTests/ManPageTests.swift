// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import CommandLineKit
import Foundation
import Testing

struct ManPageTests {
  private static let mandoc = ["/usr/bin/mandoc", "/bin/mandoc"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  @Test func `a page has the sections of the manual and every option`() {
    let page = harbour.outcome(of: ["man", "sweep"]).output
    #expect(page.contains(".TH HARBOUR\\-SWEEP 1 "))
    for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "ARGUMENTS", "OPTIONS", "SEE ALSO"] {
      #expect(page.contains("\n.SH \(section)\n"), "\(section)")
    }
    #expect(page.contains("\\fB\\-\\-report\\fR \\fI"))
    #expect(harbour.outcome(of: ["man", "nothing"]).status == 64)
    #expect(
      harbour.outcome(of: ["man", "generate", "book"]).output.contains("HARBOUR\\-GENERATE\\-BOOK")
    )
    #expect(harbour.outcome(of: ["man"]).output.contains(".SH COMMANDS"))
  }

  @Test(.enabled(if: mandoc != nil, "mandoc is not installed"))
  func `mandoc finds nothing to complain about`() throws {
    for words in [[], ["sweep"], ["generate"], ["generate", "book"], ["help"], ["man"]] {
      let page = harbour.outcome(of: ["man"] + words).output
      #expect(try ManPageTests.complaints(page) == "", "\(words)")
    }
  }

  /// What mandoc says of a page.
  static func complaints(_ page: String) throws -> String {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("breakwater-\(UUID().uuidString).1")
    try Data(page.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(mandoc))
    process.arguments = ["-T", "lint", "-W", "warning", file.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let said = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: said, as: UTF8.self)
  }
}
