// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Progress of a real sweep where somebody looks, and in a log.
struct TerminalProgressTests {
  private static let script = ["/usr/bin/script", "/bin/script"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }
  private static let clear = "\r\u{1B}[K"

  /// The lines of a sweep's bar on a terminal of so many columns, each as it was drawn.
  private func drawn(columns: Int, environment: String) throws -> [Substring] {
    let place = try Workdir()
    let script = try #require(TerminalProgressTests.script)
    try place.write(
      "watch.sh",
      """
      stty cols \(columns) rows 24
      \(environment) "$BREAKWATER" sweep spec.toml --report none > results.txt
      """
    )
    try place.shell(
      "env -u CI -u NO_COLOR TERM=xterm \(script) -qec 'sh watch.sh' seen.txt </dev/null"
    )
    let text = try place.text("seen.txt")
    return text.components(separatedBy: TerminalProgressTests.clear).dropFirst()
      .compactMap { $0.prefix { !$0.isNewline } }.filter { $0.hasPrefix("sweep") }
  }

  @Test(.enabled(if: script != nil, "there is no script of util-linux"))
  func wideTerminalsHaveABarWithColour() throws {
    let lines = try drawn(columns: 120, environment: "")
    let last = try #require(lines.last)
    #expect(last.contains("\u{1B}[36m█") && last.contains("100 %  8 of 8 worlds  "))
    #expect(last.contains("/s  took "))
  }

  @Test(.enabled(if: script != nil, "there is no script of util-linux"))
  func coloursCanBeRefused() throws {
    let lines = try drawn(columns: 120, environment: "NO_COLOR=1")
    let last = try #require(lines.last)
    #expect(last.contains("sweep █") && !lines.joined().contains("\u{1B}"))
  }

  @Test(.enabled(if: script != nil, "there is no script of util-linux"), arguments: [14, 24, 40])
  func narrowTerminalsAreNotOverrun(_ columns: Int) throws {
    let lines = try drawn(columns: columns, environment: "NO_COLOR=1")
    #expect(!lines.isEmpty && lines.allSatisfy { $0.count < columns }, "\(lines)")
    #expect(lines.last?.contains("100 %") ?? false)
  }

  /// A log has lines of text and nothing that moves a cursor.
  @Test func logsArePlain() throws {
    let place = try Workdir()
    let said = try place.run(["sweep", "spec.toml", "--report", "none"]).diagnostics
    #expect(!said.isEmpty && !said.contains("\r") && !said.contains("\u{1B}"))
  }
}
