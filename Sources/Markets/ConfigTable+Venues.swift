// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Configuration
internal import TextKit

extension ConfigTable {
  /// The refusal of a key's value: where it stands, what was found, what was expected.
  func failure(_ key: String, expected: String) -> Failure {
    (self[key] ?? value).failure(expected: expected)
  }

  /// An array of tables.
  func tables(_ key: String) throws(Failure) -> [ConfigTable] {
    var list: [ConfigTable] = []
    for entry in try array(key) { list.append(try ConfigTable(entry)) }
    return list
  }
}
