// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Configuration
import TextKit

/// A document under the name that the expected messages use.
func parsed(_ text: String, file: String = "sweep.toml") throws(Failure) -> ConfigValue {
  try ConfigValue.parseTOML(Array(text.utf8), file: file)
}

/// The root table of a document.
func table(_ text: String, file: String = "sweep.toml") throws(Failure) -> ConfigTable {
  try ConfigTable(parsed(text, file: file))
}

/// The message of what a call throws, or what it was that it did instead.
func message(_ call: () throws -> Void) -> String {
  do {
    try call()
    return "no failure"
  } catch let failure as Failure {
    return failure.kind == .data ? failure.message : "failure of the kind \(failure.kind)"
  } catch {
    return "an error of another type: \(error)"
  }
}
