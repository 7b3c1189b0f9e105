// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// How the words given for a property become its value.
///
/// The three shapes of a property, `Value`, `Value?` and `[Value]`, differ in nothing else.
struct ValueReader<Value: Sendable>: Sendable {
  let isRepeatable: Bool
  let read: @Sendable ([String]) -> Result<Value, BadValue>
  let describe: @Sendable (inout Declaration) -> Void
}

/// Reads one word as a value within the bound.
private func value<Element: ArgumentValue>(
  of word: String,
  bound: Bound<Element>?
) -> Result<Element, BadValue> {
  var expected = Element.expectation
  if let bound { expected += " " + bound.text }
  guard let value = Element(argument: word), bound?.holds(value) ?? true else {
    return .failure(BadValue(found: word, expected: expected, choices: Element.choices))
  }
  return .success(value)
}

/// Writes what every value of a type has in its help.
private func describe<Element: ArgumentValue>(
  _ declaration: inout Declaration,
  as type: Element.Type,
  bound: Bound<Element>?
) {
  if declaration.valueName.isEmpty { declaration.valueName = type.valueName }
  declaration.choices = type.choices
  declaration.completion = type.completion
  if let bound { declaration.notes.append(bound.text) }
  if !type.choices.isEmpty {
    declaration.notes.append("one of " + type.choices.joined(separator: ", "))
  }
}

extension ValueReader where Value: ArgumentValue {
  /// Reads the only word.
  static func one(bound: Bound<Value>?) -> ValueReader {
    ValueReader(isRepeatable: false) { words in
      value(of: words.last ?? "", bound: bound)
    } describe: {
      CommandLineKit.describe(&$0, as: Value.self, bound: bound)
    }
  }
}

extension ValueReader {
  /// Reads the only word into an optional.
  static func optional<Element: ArgumentValue>(bound: Bound<Element>?) -> ValueReader
  where Value == Element? {
    ValueReader(isRepeatable: false) { words in
      value(of: words.last ?? "", bound: bound).map { .some($0) }
    } describe: {
      CommandLineKit.describe(&$0, as: Element.self, bound: bound)
    }
  }

  /// Reads every word; the first bad one decides.
  static func many<Element: ArgumentValue>(bound: Bound<Element>?) -> ValueReader
  where Value == [Element] {
    ValueReader(isRepeatable: true) { words in
      var values: [Element] = []
      for word in words {
        switch value(of: word, bound: bound) {
        case .success(let value): values.append(value)
        case .failure(let problem): return .failure(problem)
        }
      }
      return .success(values)
    } describe: {
      CommandLineKit.describe(&$0, as: Element.self, bound: bound)
    }
  }
}

/// The default of a property that takes many values; nil when it has none.
func listText(_ values: [some ArgumentValue]) -> String? {
  values.isEmpty ? nil : values.map(\.argumentText).joined(separator: " ")
}
