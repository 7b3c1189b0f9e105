// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// One declared option, flag or argument, without the type of its value.
struct Declaration: Sendable {
  enum Kind {
    case flag, option, argument
  }

  var kind: Kind
  /// The long name without dashes, or what stands for an argument in the usage line.
  var name: String
  var short: Character?
  var help: String
  var valueName = ""
  var choices: [String] = []
  var completion = ValueCompletion.choices
  /// What the help adds in parentheses: unit, limit, default and so on.
  var notes: [String] = []
  var group: String?
  var environment: String?
  var isRequired = false
  var isRepeatable = false
  /// Reads the words that were given and keeps the value; returns what is wrong, if anything is.
  var accept: @Sendable ([String]) -> BadValue?

  /// The name as messages show it: `--threads` or `SPEC`.
  var shownName: String { kind == .argument ? name : "--" + name }

  /// The names of an option as a user writes them.
  var optionNames: [String] {
    kind == .argument ? [] : (short.map { ["-\($0)"] } ?? []) + ["--" + name]
  }
}

/// A word that is no good value.
struct BadValue: Error, Equatable {
  var found: String
  var expected: String
  var choices: [String] = []
}

/// A property of a command that declares something; the property wrappers conform.
protocol DeclaringProperty {
  func declaration(property: String) -> Declaration
}

/// Options and arguments that several commands share; a plain property of a command holds them.
///
///     struct BookOptions: OptionGroup { @Option("Positions") var book: FilePath }
///     struct Prices: Command { var input = BookOptions() … }
package protocol OptionGroup: Sendable {
  /// Makes the group with its defaults.
  init()
}

/// Finds what the properties of a command declare, in their order.
func declarations(in subject: Any) -> [Declaration] {
  Mirror(reflecting: subject).children.flatMap { child -> [Declaration] in
    if let property = child.value as? any DeclaringProperty {
      // The storage of a wrapped property 'threads' is called '_threads'.
      return [property.declaration(property: String((child.label ?? "").drop { $0 == "_" }))]
    }
    return child.value is any OptionGroup ? declarations(in: child.value) : []
  }
}

/// Holds the value of one property, so that the parser can write what the command reads.
final class Cell<Value: Sendable>: Sendable {
  private let state: Mutex<Value?>

  init(_ value: Value?) { state = Mutex(value) }

  /// The value; nil before a required one was given.
  var value: Value? { state.withLock { $0 } }

  func store(_ value: Value) { state.withLock { $0 = value } }

  /// Keeps a result when it is one; otherwise returns what is wrong with it.
  func store(_ result: Result<Value, BadValue>) -> BadValue? {
    switch result {
    case .success(let value):
      store(value)
      return nil
    case .failure(let problem): return problem
    }
  }

  /// The value of a command that runs, which always has one.
  func valueWhenRunning() -> Value {
    guard let value else {
      preconditionFailure("Invariant: a required option is read after the command line")
    }
    return value
  }
}
