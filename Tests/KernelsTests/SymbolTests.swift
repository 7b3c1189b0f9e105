// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Code of a stronger level may not be shared: the linker could give it to callers of every CPU.
@Suite struct SymbolTests {
  /// Object files of the stronger levels that this build made.
  private static let objects: [String] = {
    let build = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent(".build")
    var found: [String] = []
    for configuration in ["debug", "release"] {
      for target in ["KernelsV3.build", "KernelsV4.build"] {
        let folder = build.appendingPathComponent("\(configuration)/\(target)")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        found += names.filter { $0.hasSuffix(".o") }.map { folder.path + "/" + $0 }
      }
    }
    return found
  }()

  @Test(.enabled(if: !objects.isEmpty, "there are no object files of the levels"))
  func `no function of a level is weak`() throws {
    for object in SymbolTests.objects {
      let process = Process()
      let pipe = Pipe()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = ["nm", object]
      process.standardOutput = pipe
      process.standardError = FileHandle.nullDevice
      try process.run()
      let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      // Status 127: there is no nm here.
      guard process.terminationStatus == 0 else { continue }
      for line in text.split(separator: "\n") {
        let words = line.split(separator: " ")
        guard words.count == 3, words[1].uppercased() == "W" else { continue }
        // A function of the level itself bears its module's name, which no other object has.
        let isOwn = ["$s9KernelsV3", "$s9KernelsV4"].contains { words[2].hasPrefix($0) }
        if isOwn && object.contains(String(words[2].dropFirst(3).prefix(9))) { continue }
        Issue.record("\(object): \(words[2]) is weak")
      }
    }
  }
}
