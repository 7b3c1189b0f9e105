// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The list of faults that `scripts/mutants` plants.
struct MutantTests {
  /// What `scripts/mutants --check` says, nil without a python3 that reads TOML.
  private static let check: (status: Int32, text: String)? = {
    guard run(["python3", "-c", "import tomllib"])?.status == 0 else { return nil }
    return run([SourceTree.root.path + "/scripts/mutants", "--check"])
  }()

  private static func run(_ words: [String]) -> (status: Int32, text: String)? {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    process.standardOutput = pipe
    process.standardError = pipe
    guard (try? process.run()) != nil else { return nil }
    let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
  }

  @Test(.enabled(if: check != nil, "there is no python3 with tomllib"))
  func `every fault of the list stands at one place of the sources`() throws {
    let check = try #require(MutantTests.check)
    #expect(check.status == 0, "\(check.text)")
    let count = try #require(check.text.firstMatch(of: #/^(\d+) faults/#)?.1)
    #expect(try #require(Int(count)) >= 80)
  }
}
