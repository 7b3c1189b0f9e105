// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import CommandLineKit
import Foundation
import Testing

struct CompletionTests {
  /// Runs a shell on a script and returns its status and what it printed.
  private func run(_ shell: String, _ arguments: [String], _ script: String) throws -> (
    Int32, String
  ) {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("breakwater-\(UUID().uuidString)")
    try Data(script.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: shell)
    process.arguments = arguments + [file.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let printed = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: printed, as: UTF8.self))
  }

  private func script(_ shell: String) -> String {
    harbour.outcome(of: ["completions", shell]).output
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func `a shell accepts its script`(shell: String) throws {
    let places = ["/bin/\(shell)", "/usr/bin/\(shell)"]
    guard let path = places.first(where: FileManager.default.isExecutableFile) else { return }
    #expect(try run(path, ["-n"], script(shell)).0 == 0)
  }

  @Test(arguments: [
    (["sw"], ["sweep"]),
    (["generate", ""], ["book", "-h", "--help"]),
    (["sweep", "--re"], ["--report"]),
    (["sweep", "--report", ""], ["csv", "xlsx", "parquet"]),
    (["sweep", "--report", "=", "x"], ["xlsx"]),
    (["sweep", "--report", "="], ["csv", "xlsx", "parquet"]),
    (["sweep", "--threads", ""], []),
    (["sweep", "--book", "/etc/hostn"], ["/etc/hostname"]),
    (["sweep", "/etc/hostn"], ["/etc/hostname"]),
    (["merge", "-o", "/et"], ["/etc"]),
    (["generate", "book", "--"], ["--help"]),
    (["completions", "f"], ["fish"]),
    (["help", "gen"], ["generate"]),
  ])
  func `bash completes commands, options, files and choices`(
    words: [String],
    offered: [String]
  ) throws {
    let list = words.map { "'\($0)'" }.joined(separator: " ")
    let (status, printed) = try run(
      "/bin/bash",
      [],
      script("bash") + """
        COMP_WORDS=(harbour \(list))
        COMP_CWORD=\(words.count)
        _harbour
        printf '%s\\n' "${COMPREPLY[@]}"
        """
    )
    #expect(status == 0)
    #expect(printed.split(separator: "\n").map { String($0) } == offered)
  }

  @Test func `every script knows nested commands, options and choices`() {
    for shell in ["bash", "zsh", "fish"] {
      let text = script(shell)
      for word in ["harbour generate book", "bin-width-bps", "parquet", "completions"] {
        #expect(text.contains(word), "\(shell): \(word)")
      }
    }
  }
}
