// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import BreakwaterCommands
internal import CommandLineKit
internal import TextKit

/// Words of a command line, a line each; no command runs.
@Sendable func fuzzOptions(_ input: [UInt8]) {
  let words = input.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    .prefix(1_000).map { String(decoding: $0, as: UTF8.self) }
  let program = BreakwaterProgram.program
  let environment = ["BREAKWATER_THREADS": words[0], "BREAKWATER_REPORT": words.last ?? ""]
  Fuzz.checkText(program.complaint(about: words) ?? "")
  Fuzz.checkText(program.complaint(about: words, environment: environment) ?? "")
  for word in words.prefix(10) {
    refusing { () throws(Failure) in _ = try ShardChoice.shard(word) { _ in word } }
    refusing { () throws(Failure) in _ = try SettingArguments.settings([word]) }
  }
}

/// Reads something that may be refused as a matter of usage too.
private func refusing(_ body: () throws(Failure) -> Void) {
  do throws(Failure) { try body() } catch {
    Fuzz.check(error, is: error.kind == .usage ? .usage : .data)
  }
}
