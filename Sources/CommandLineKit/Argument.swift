// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// A positional argument: a word that belongs to no option.
///
/// The type of the property decides: `Value` is required unless it has a default, `Value?` may be
/// left out, `[Value]` takes all words that are left (at least one unless it has a default).
///
///     @Argument("Sweep specification") var spec: FilePath
///     @Argument("Folders of the shards", valueName: "PART") var parts: [FolderPath]
@propertyWrapper
package struct Argument<Value: Sendable>: Sendable, DeclaringProperty {
  private var cell: Cell<Value>
  private let reader: ValueReader<Value>
  private let help: String
  private let valueName: String?
  private let unit: String?
  private let defaultText: String?
  private let isRequired: Bool

  /// The value that was given, or the default.
  package var wrappedValue: Value {
    get { cell.valueWhenRunning() }
    set { cell = Cell(newValue) }
  }

  private init(
    initial: Value?,
    defaultText: String?,
    reader: ValueReader<Value>,
    help: String,
    valueName: String?,
    unit: String?
  ) {
    cell = Cell(initial)
    isRequired = initial == nil
    (self.defaultText, self.reader) = (defaultText, reader)
    (self.help, self.valueName, self.unit) = (help, valueName, unit)
  }

  func declaration(property: String) -> Declaration {
    let (cell, reader) = (cell, reader)
    var declaration = Declaration(
      kind: .argument,
      name: valueName ?? kebabCase(property).uppercased(),
      help: help,
      valueName: valueName ?? kebabCase(property).uppercased(),
      isRequired: isRequired,
      isRepeatable: reader.isRepeatable
    ) { cell.store(reader.read($0)) }
    if let unit { declaration.notes.append("in " + unit) }
    reader.describe(&declaration)
    if let defaultText { declaration.notes.append("default \(defaultText)") }
    return declaration
  }
}

extension Argument where Value: ArgumentValue {
  /// Declares a required argument.
  package init(
    _ help: String,
    valueName: String? = nil,
    unit: String? = nil,
    bound: Bound<Value>? = nil
  ) {
    self.init(
      initial: nil,
      defaultText: nil,
      reader: .one(bound: bound),
      help: help,
      valueName: valueName,
      unit: unit
    )
  }
}

extension Argument where Value: ArgumentValue {
  /// Declares an argument with a default.
  package init(
    wrappedValue: Value,
    _ help: String,
    valueName: String? = nil,
    unit: String? = nil,
    bound: Bound<Value>? = nil
  ) {
    self.init(
      initial: wrappedValue,
      defaultText: wrappedValue.argumentText,
      reader: .one(bound: bound),
      help: help,
      valueName: valueName,
      unit: unit
    )
  }
}

extension Argument {
  /// Declares an argument that may be left out, written with its `= nil`.
  package init<Element: ArgumentValue>(
    wrappedValue: Element?,
    _ help: String,
    valueName: String? = nil,
    unit: String? = nil,
    bound: Bound<Element>? = nil
  ) where Value == Element? {
    self.init(
      initial: .some(wrappedValue),
      defaultText: wrappedValue?.argumentText,
      reader: .optional(bound: bound),
      help: help,
      valueName: valueName,
      unit: unit
    )
  }
}

extension Argument {
  /// Declares an argument that takes any number of words, also none.
  package init<Element: ArgumentValue>(
    wrappedValue: [Element],
    _ help: String,
    valueName: String? = nil,
    unit: String? = nil,
    bound: Bound<Element>? = nil
  ) where Value == [Element] {
    self.init(
      initial: wrappedValue,
      defaultText: listText(wrappedValue),
      reader: .many(bound: bound),
      help: help,
      valueName: valueName,
      unit: unit
    )
  }
}

extension Argument {
  /// Declares an argument that may be left out.
  package init<Element: ArgumentValue>(
    _ help: String,
    valueName: String? = nil,
    unit: String? = nil,
    bound: Bound<Element>? = nil
  ) where Value == Element? {
    self.init(
      initial: .some(nil),
      defaultText: nil,
      reader: .optional(bound: bound),
      help: help,
      valueName: valueName,
      unit: unit
    )
  }
}

extension Argument {
  /// Declares an argument that takes one word or more.
  package init<Element: ArgumentValue>(
    _ help: String,
    valueName: String? = nil,
    unit: String? = nil,
    bound: Bound<Element>? = nil
  ) where Value == [Element] {
    self.init(
      initial: nil,
      defaultText: nil,
      reader: .many(bound: bound),
      help: help,
      valueName: valueName,
      unit: unit
    )
  }
}
