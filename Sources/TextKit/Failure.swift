// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// The kind of a failure, which decides the exit code of the tool.
package enum FailureKind: Int32, Sendable {
  /// Nothing is wrong, but there is what the user asked to be told by the status.
  case difference = 1
  /// The command line was wrong (EX_USAGE).
  case usage = 64
  /// The input was read but is not good (EX_DATAERR).
  case data = 65
  /// An input does not exist or cannot be opened (EX_NOINPUT).
  case missingInput = 66
  /// A promise of ours was broken: audit or ledger (EX_SOFTWARE).
  case internalError = 70
  /// Reading or writing failed half-way (EX_IOERR).
  case inputOutput = 74
}

/// A failure that the user sees: where, what was found, what was expected, what to do.
///
///     book.csv:12: column 'quantity': found 'abc', expected a number; write 1234.5
package struct Failure: Error, Equatable, CustomStringConvertible {
  package let kind: FailureKind
  package let message: String

  package init(_ kind: FailureKind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  /// Makes a failure of one place in a file; parts that are not known are left out.
  ///
  /// - Parameters:
  ///   - file: path as the user wrote it.
  ///   - line: physical line, from 1.
  ///   - column: name of the column or dotted path of the key.
  ///   - found: the offending text; cut after 60 characters.
  ///   - expected: what would have been right.
  ///   - advice: what to do about it.
  /// - Returns: a failure of kind `data`.
  package static func data(
    file: String,
    line: Int? = nil,
    column: String? = nil,
    found: String? = nil,
    expected: String,
    advice: String? = nil
  ) -> Failure {
    var text = file
    if let line { text += ":\(line)" }
    text += ": "
    if let column { text += "column '\(column)': " }
    if let found { text += "found '\(Failure.shown(found))', " }
    text += "expected \(expected)"
    if let advice { text += "; \(advice)" }
    return Failure(.data, text)
  }

  package var description: String { message }

  /// Nobody reads standard output any more; the program ends quietly with status 0.
  package static let closedOutput = Failure(.inputOutput, "standard output was closed")

  /// Input as it may be shown: control characters replaced, long text cut.
  package static func shown(_ text: String) -> String {
    var out = ""
    for (position, scalar) in text.unicodeScalars.enumerated() {
      if position == 60 { return out + "…" }
      out.unicodeScalars.append(scalar.value < 32 || scalar.value == 127 ? "\u{FFFD}" : scalar)
    }
    return out
  }
}
