// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import TextKit

/// A value of a configuration file, which remembers where it was written.
///
/// Values form a tree; every node knows its file, its line and its dotted path, so that whoever
/// reads it can say what is wrong in the words of the user:
///
///     sweep.toml:9: grid.vault.stop_loss[1]: found the text '5', expected a number from 0 to 1
package struct ConfigValue: Sendable, Equatable {
  /// What a value is.
  package enum Kind: Sendable, Equatable {
    /// Keys with their values, in the order of the source.
    case table([ConfigEntry])
    case array([ConfigValue])
    case string(String)
    case integer(Int64)
    /// A finite number with a decimal point or an exponent.
    case number(Double)
    case boolean(Bool)
  }

  /// The value itself.
  package let kind: Kind
  /// The file as the user named it.
  package let file: String
  /// The line from 1, or 0 where there is none.
  package let line: Int
  /// The column from 1 in code points, or 0 where there is none.
  package let column: Int
  /// The keys that lead here, such as `grid.vault.stop_loss[2]`; empty at the root.
  package let path: String

  /// Makes a value as if it had been read from a file.
  package init(_ kind: Kind, file: String, line: Int = 0, column: Int = 0, path: String = "") {
    self.kind = kind
    self.file = file
    self.line = line
    self.column = column
    self.path = path
  }

  /// Another value in the same place.
  package func with(_ kind: Kind) -> ConfigValue {
    ConfigValue(kind, file: file, line: line, column: column, path: path)
  }

  /// Makes the failure of a rule that this value breaks: `file:line: path: message`.
  ///
  /// The message says what was found and what was expected.
  package func failure(_ message: String) -> Failure {
    Failure(.data, "\(place): " + (path.isEmpty ? "" : "\(ConfigPath.shown(path)): ") + message)
  }

  /// Makes the failure of a value of the wrong kind: `file:line: path: found X, expected Y`.
  package func failure(expected: String) -> Failure {
    failure("found \(shown), expected \(expected)")
  }

  /// The file and the line, as messages begin.
  package var place: String {
    line > 0 ? "\(file):\(line)" : file
  }

  /// The value in a few words, as messages show it.
  package var shown: String {
    switch kind {
    case .table: "a table"
    case .array(let elements): "an array of \(elements.count)"
    case .string(let text): "the text '\(Failure.shown(text))'"
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .boolean(let value): "\(value)"
    }
  }
}

/// A key and its value in a table, or a dotted name and its leaf in a flattened one.
package struct ConfigEntry: Sendable, Equatable {
  package let key: String
  package let value: ConfigValue

  package init(_ key: String, _ value: ConfigValue) {
    self.key = key
    self.value = value
  }
}
