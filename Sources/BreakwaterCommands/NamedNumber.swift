// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CommandLineKit
internal import TextKit

/// A name with a number, written `BTC=7900`.
struct NamedNumber: ArgumentValue, Equatable {
  let name: String
  let value: Double

  static let valueName = "NAME=X"
  static let expectation = "a name and a number, such as BTC=7900"

  /// Reads a name that is not empty and a finite number, cut at the last equals sign.
  init?(argument: String) {
    guard let mark = argument.lastIndex(of: "="), mark > argument.startIndex,
      let value = Double(argument: String(argument[argument.index(after: mark)...]))
    else { return nil }
    name = String(argument[..<mark])
    self.value = value
  }

  var argumentText: String { name + "=" + NumberText.shortest(value) }
}
