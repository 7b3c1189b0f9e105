// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Tables
internal import TextKit

/// What a user should know of inputs that are good as far as they go.
package enum InputWarnings {
  /// A warning for every file of text that is empty or ends within a line: half a number is one.
  package static func cutOff(_ paths: [String]) -> [String] {
    paths.filter(TextEnd.isMissing).map {
      "\($0): found no line break at the end; if the file was cut off, its last value is wrong"
    }
  }

  /// One warning that names the columns a reader did not use, and one where a file may be cut off.
  static func table(_ path: String, unknown columns: [String]) -> [String] {
    if columns.isEmpty { return cutOff([path]) }
    let names = columns.map { "'\(Failure.shown($0))'" }.joined(separator: ", ")
    let ignored = "\(path): ignored column\(columns.count == 1 ? "" : "s") " + names
    return [ignored] + cutOff([path])
  }
}
