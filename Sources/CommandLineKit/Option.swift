// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// An option with a value: `--threads 4`, `--threads=4` or `-j4`.
///
/// The type of the property decides: `Value` is required unless it has a default, `Value?` may be
/// left out, `[Value]` may be given several times. The name is the property's, in kebab case.
///
///     @Option("Worker threads", short: "j", bound: .within(1...256)) var threads = 4
///     @Option("Where to write") var output: FilePath?
///     @Option("Price of an asset, as SOL=142.10") var price: [String] = []
///
/// - Edge cases: reading a required option before the command line was read is a fatal error.
@propertyWrapper
package struct Option<Value: Sendable>: Sendable, DeclaringProperty {
  private var cell: Cell<Value>
  private let reader: ValueReader<Value>
  private let traits: OptionTraits
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
    traits: OptionTraits
  ) {
    cell = Cell(initial)
    isRequired = initial == nil
    (self.defaultText, self.reader, self.traits) = (defaultText, reader, traits)
  }

  func declaration(property: String) -> Declaration {
    let (cell, reader) = (cell, reader)
    var declaration = Declaration(
      kind: .option,
      name: traits.name ?? kebabCase(property),
      short: traits.short,
      help: traits.help,
      valueName: traits.valueName ?? "",
      group: traits.group,
      environment: traits.environment,
      isRequired: isRequired,
      isRepeatable: reader.isRepeatable
    ) { cell.store(reader.read($0)) }
    if let unit = traits.unit { declaration.notes.append("in " + unit) }
    reader.describe(&declaration)
    if isRequired { declaration.notes.append("required") }
    if reader.isRepeatable { declaration.notes.append("may be repeated") }
    if let defaultText { declaration.notes.append("default \(defaultText)") }
    if let variable = traits.environment { declaration.notes.append("or $\(variable)") }
    return declaration
  }
}

/// What an option says about itself besides its value.
private struct OptionTraits: Sendable {
  var help: String
  var short: Character?
  var name: String?
  var valueName: String?
  var unit: String?
  var group: String?
  var environment: String?
}

extension Option where Value: ArgumentValue {
  /// Declares a required option.
  package init(
    _ help: String,
    short: Character? = nil,
    name: String? = nil,
    valueName: String? = nil,
    unit: String? = nil,
    group: String? = nil,
    environment: String? = nil,
    bound: Bound<Value>? = nil
  ) {
    self.init(
      initial: nil,
      defaultText: nil,
      reader: .one(bound: bound),
      traits: OptionTraits(
        help: help,
        short: short,
        name: name,
        valueName: valueName,
        unit: unit,
        group: group,
        environment: environment
      )
    )
  }
}

extension Option where Value: ArgumentValue {
  /// Declares an option with a default.
  package init(
    wrappedValue: Value,
    _ help: String,
    short: Character? = nil,
    name: String? = nil,
    valueName: String? = nil,
    unit: String? = nil,
    group: String? = nil,
    environment: String? = nil,
    bound: Bound<Value>? = nil
  ) {
    self.init(
      initial: wrappedValue,
      defaultText: wrappedValue.argumentText,
      reader: .one(bound: bound),
      traits: OptionTraits(
        help: help,
        short: short,
        name: name,
        valueName: valueName,
        unit: unit,
        group: group,
        environment: environment
      )
    )
  }
}

extension Option {
  /// Declares an option that may be left out, written with its `= nil`.
  package init<Element: ArgumentValue>(
    wrappedValue: Element?,
    _ help: String,
    short: Character? = nil,
    name: String? = nil,
    valueName: String? = nil,
    unit: String? = nil,
    group: String? = nil,
    environment: String? = nil,
    bound: Bound<Element>? = nil
  ) where Value == Element? {
    self.init(
      initial: .some(wrappedValue),
      defaultText: wrappedValue?.argumentText,
      reader: .optional(bound: bound),
      traits: OptionTraits(
        help: help,
        short: short,
        name: name,
        valueName: valueName,
        unit: unit,
        group: group,
        environment: environment
      )
    )
  }
}

extension Option {
  /// Declares an option that may be given several times, or not at all.
  package init<Element: ArgumentValue>(
    wrappedValue: [Element],
    _ help: String,
    short: Character? = nil,
    name: String? = nil,
    valueName: String? = nil,
    unit: String? = nil,
    group: String? = nil,
    environment: String? = nil,
    bound: Bound<Element>? = nil
  ) where Value == [Element] {
    self.init(
      initial: wrappedValue,
      defaultText: listText(wrappedValue),
      reader: .many(bound: bound),
      traits: OptionTraits(
        help: help,
        short: short,
        name: name,
        valueName: valueName,
        unit: unit,
        group: group,
        environment: environment
      )
    )
  }
}

extension Option {
  /// Declares an option that may be left out.
  package init<Element: ArgumentValue>(
    _ help: String,
    short: Character? = nil,
    name: String? = nil,
    valueName: String? = nil,
    unit: String? = nil,
    group: String? = nil,
    environment: String? = nil,
    bound: Bound<Element>? = nil
  ) where Value == Element? {
    self.init(
      initial: .some(nil),
      defaultText: nil,
      reader: .optional(bound: bound),
      traits: OptionTraits(
        help: help,
        short: short,
        name: name,
        valueName: valueName,
        unit: unit,
        group: group,
        environment: environment
      )
    )
  }
}

extension Option {
  /// Declares a required option that may be given several times.
  package init<Element: ArgumentValue>(
    _ help: String,
    short: Character? = nil,
    name: String? = nil,
    valueName: String? = nil,
    unit: String? = nil,
    group: String? = nil,
    environment: String? = nil,
    bound: Bound<Element>? = nil
  ) where Value == [Element] {
    self.init(
      initial: nil,
      defaultText: nil,
      reader: .many(bound: bound),
      traits: OptionTraits(
        help: help,
        short: short,
        name: name,
        valueName: valueName,
        unit: unit,
        group: group,
        environment: environment
      )
    )
  }
}
