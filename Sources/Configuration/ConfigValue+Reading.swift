// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import TextKit

// Every reader takes the value as one kind of thing or throws `file:line: path: found X,
// expected Y`.
extension ConfigValue {
  /// The value as a number in a range; whole numbers are numbers too.
  package func number(
    in range: some ConfigRange<Double> = ConfigRangeAny<Double>()
  ) throws(Failure) -> Double {
    let value: Double
    switch kind {
    case .number(let number): value = number
    case .integer(let integer): value = Double(integer)
    default: throw failure(expected: "a number" + range.words)
    }
    guard range.holds(value) else { throw failure(expected: "a number" + range.words) }
    return value
  }

  /// The value as a whole number in a range; `7.0` is not one.
  package func integer(
    in range: some ConfigRange<Int> = ConfigRangeAny<Int>()
  ) throws(Failure) -> Int {
    guard case .integer(let integer) = kind, let value = Int(exactly: integer),
      range.holds(value)
    else { throw failure(expected: "a whole number" + range.words) }
    return value
  }

  /// The value as true or false.
  package func boolean() throws(Failure) -> Bool {
    guard case .boolean(let value) = kind else { throw failure(expected: "true or false") }
    return value
  }

  /// The value as text.
  package func string() throws(Failure) -> String {
    guard case .string(let text) = kind else { throw failure(expected: "text in quotes") }
    return text
  }

  /// The value as one of some words.
  package func choice(among words: [String]) throws(Failure) -> String {
    let expected = "one of: " + words.joined(separator: ", ")
    guard case .string(let text) = kind else { throw failure(expected: expected) }
    guard words.contains(text) else {
      throw failure(expected: expected + suggestion(for: text, among: words))
    }
    return text
  }

  /// The value as an array of any values.
  package func array() throws(Failure) -> [ConfigValue] {
    guard case .array(let elements) = kind else { throw failure(expected: "an array") }
    return elements
  }

  /// The value as an array of texts.
  package func strings() throws(Failure) -> [String] {
    guard case .array(let elements) = kind else {
      throw failure(expected: "an array of texts in quotes")
    }
    var out: [String] = []
    for element in elements { out.append(try element.string()) }
    return out
  }

  /// The value as an array of numbers in a range.
  package func numbers(
    in range: some ConfigRange<Double> = ConfigRangeAny<Double>()
  ) throws(Failure) -> [Double] {
    guard case .array(let elements) = kind else {
      throw failure(expected: "an array of numbers" + range.words)
    }
    var out: [Double] = []
    for element in elements { out.append(try element.number(in: range)) }
    return out
  }
}
