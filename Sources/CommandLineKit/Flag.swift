// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// A switch without a value: `--quiet` or `-q`.
///
///     @Flag("Print results only", short: "q") var quiet = false
///
/// A flag that is on unless told otherwise is written `--no-…`: `@Flag("…") var header = true` is
/// switched off by `--no-header`.
@propertyWrapper
package struct Flag: Sendable, DeclaringProperty {
  private var cell: Cell<Bool>
  private let initial: Bool
  private let help: String
  private let short: Character?
  private let name: String?
  private let group: String?

  /// Whether the switch is on.
  package var wrappedValue: Bool {
    get { cell.valueWhenRunning() }
    set { cell = Cell(newValue) }
  }

  /// Declares a switch; the name is the property's in kebab case unless another is given.
  package init(
    wrappedValue: Bool = false,
    _ help: String,
    short: Character? = nil,
    name: String? = nil,
    group: String? = nil
  ) {
    cell = Cell(wrappedValue)
    initial = wrappedValue
    (self.help, self.short, self.name, self.group) = (help, short, name, group)
  }

  func declaration(property: String) -> Declaration {
    let (cell, initial) = (cell, initial)
    return Declaration(
      kind: .flag,
      name: name ?? (initial ? "no-" : "") + kebabCase(property),
      short: short,
      help: help,
      group: group,
      isRepeatable: true
    ) { words in
      // CLI11 gives 'true' for a bare flag, and what follows '=' otherwise.
      for word in words where word != "true" && word != "false" {
        return BadValue(found: word, expected: "no value")
      }
      cell.store((words.last == "true") != initial)
      return nil
    }
  }
}
