// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import TextKit

/// What a shell offers when a value is completed.
package enum ValueCompletion: Sendable {
  /// Nothing, or the choices when there are some.
  case choices
  /// Names of files and folders.
  case files
  /// Names of folders.
  case folders
}

/// A value that can be written on the command line.
///
/// An enum of strings conforms by its declaration alone; its cases become the choices:
///
///     enum Report: String, CaseIterable, ArgumentValue { case csv, xlsx }
package protocol ArgumentValue: Sendable {
  /// Stands for the value in the help, such as `N`.
  static var valueName: String { get }
  /// What a right value is, for messages, such as `a whole number`.
  static var expectation: String { get }
  /// The only words allowed; empty when there are too many to list.
  static var choices: [String] { get }
  /// What a shell offers for the value.
  static var completion: ValueCompletion { get }
  /// Reads the value from one word of the command line; nil when the word is not good.
  init?(argument: String)
  /// The value as a user would write it, for the help.
  var argumentText: String { get }
}

extension ArgumentValue {
  /// No choices are listed unless a type says so.
  package static var choices: [String] { [] }
  /// The choices, if there are any.
  package static var completion: ValueCompletion { .choices }
}

extension ArgumentValue where Self: FixedWidthInteger {
  /// A count, in the manner of most manuals.
  package static var valueName: String { "N" }
  /// Signed and unsigned whole numbers are told apart.
  package static var expectation: String {
    isSigned ? "a whole number" : "a whole number, zero or more"
  }
  /// Reads decimal digits with an optional sign; what does not fit into the type is refused.
  package init?(argument: String) {
    self.init(argument, radix: 10)
  }
  /// Decimal digits.
  package var argumentText: String { String(self) }
}

extension Int: ArgumentValue {}
extension Int64: ArgumentValue {}
extension UInt64: ArgumentValue {}

extension Double: ArgumentValue {
  /// Any number.
  package static var valueName: String { "X" }
  /// Any number.
  package static var expectation: String { "a number" }
  /// Reads a finite decimal number; `nan`, `inf`, `1e999` and hexadecimal forms are refused.
  package init?(argument: String) {
    guard
      argument.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }),
      let value = Double(argument),
      value.isFinite
    else { return nil }
    self = value
  }
  /// The shortest decimal that reads back to the same number.
  package var argumentText: String { NumberText.shortest(self) }
}

extension String: ArgumentValue {
  /// Any text.
  package static var valueName: String { "TEXT" }
  /// Any text.
  package static var expectation: String { "text" }
  /// Takes the word as it is, also the empty one.
  package init?(argument: String) { self = argument }
  /// The text itself.
  package var argumentText: String { self }
}

extension ArgumentValue where Self: RawRepresentable & CaseIterable, RawValue == String {
  /// One of a few words.
  package static var valueName: String { "NAME" }
  /// All choices, so that a message needs no more.
  package static var expectation: String {
    "one of " + choices.joined(separator: ", ")
  }
  /// The raw values in the order of the cases.
  package static var choices: [String] { allCases.map(\.rawValue) }
  /// Takes a raw value, in exactly its spelling.
  package init?(argument: String) { self.init(rawValue: argument) }
  /// The raw value.
  package var argumentText: String { rawValue }
}
