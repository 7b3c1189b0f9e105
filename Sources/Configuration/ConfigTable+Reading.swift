// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import TextKit

// MARK: - Numbers

extension ConfigTable {
  /// The number of a key that has to be there.
  package func number(
    _ key: String,
    in range: some ConfigRange<Double> = ConfigRangeAny<Double>()
  ) throws(Failure) -> Double {
    try required(key, expected: "a number" + range.words).number(in: range)
  }

  /// The number of a key, or a default that is not checked.
  package func number(
    _ key: String,
    default value: Double,
    in range: some ConfigRange<Double> = ConfigRangeAny<Double>()
  ) throws(Failure) -> Double {
    try optionalNumber(key, in: range) ?? value
  }

  /// The number of a key, or nil.
  package func optionalNumber(
    _ key: String,
    in range: some ConfigRange<Double> = ConfigRangeAny<Double>()
  ) throws(Failure) -> Double? {
    guard let found = self[key] else { return nil }
    return try found.number(in: range)
  }

  /// The whole number of a key that has to be there.
  package func integer(
    _ key: String,
    in range: some ConfigRange<Int> = ConfigRangeAny<Int>()
  ) throws(Failure) -> Int {
    try required(key, expected: "a whole number" + range.words).integer(in: range)
  }

  /// The whole number of a key, or a default that is not checked.
  package func integer(
    _ key: String,
    default value: Int,
    in range: some ConfigRange<Int> = ConfigRangeAny<Int>()
  ) throws(Failure) -> Int {
    try optionalInteger(key, in: range) ?? value
  }

  /// The whole number of a key, or nil.
  package func optionalInteger(
    _ key: String,
    in range: some ConfigRange<Int> = ConfigRangeAny<Int>()
  ) throws(Failure) -> Int? {
    guard let found = self[key] else { return nil }
    return try found.integer(in: range)
  }
}

// MARK: - Words

extension ConfigTable {
  /// True or false of a key that has to be there.
  package func boolean(_ key: String) throws(Failure) -> Bool {
    try required(key, expected: "true or false").boolean()
  }

  /// True or false of a key, or a default.
  package func boolean(_ key: String, default value: Bool) throws(Failure) -> Bool {
    guard let found = self[key] else { return value }
    return try found.boolean()
  }

  /// The text of a key that has to be there.
  package func string(_ key: String) throws(Failure) -> String {
    try required(key, expected: "text in quotes").string()
  }

  /// The text of a key, or a default.
  package func string(_ key: String, default value: String) throws(Failure) -> String {
    try optionalString(key) ?? value
  }

  /// The text of a key, or nil.
  package func optionalString(_ key: String) throws(Failure) -> String? {
    guard let found = self[key] else { return nil }
    return try found.string()
  }

  /// The word of a key that has to be there, one of some.
  package func choice(_ key: String, among words: [String]) throws(Failure) -> String {
    let expected = "one of: " + words.joined(separator: ", ")
    return try required(key, expected: expected).choice(among: words)
  }

  /// The word of a key, one of some, or a default that is not checked.
  package func choice(
    _ key: String,
    among words: [String],
    default value: String
  ) throws(Failure) -> String {
    guard let found = self[key] else { return value }
    return try found.choice(among: words)
  }
}

// MARK: - Arrays and tables

extension ConfigTable {
  /// The array of a key that has to be there.
  package func array(_ key: String) throws(Failure) -> [ConfigValue] {
    try required(key, expected: "an array").array()
  }

  /// The array of a key, or nil.
  package func optionalArray(_ key: String) throws(Failure) -> [ConfigValue]? {
    guard let found = self[key] else { return nil }
    return try found.array()
  }

  /// The texts of a key that has to be there.
  package func strings(_ key: String) throws(Failure) -> [String] {
    try required(key, expected: "an array of texts in quotes").strings()
  }

  /// The texts of a key, or a default.
  package func strings(_ key: String, default value: [String]) throws(Failure) -> [String] {
    guard let found = self[key] else { return value }
    return try found.strings()
  }

  /// The numbers of a key that has to be there.
  package func numbers(
    _ key: String,
    in range: some ConfigRange<Double> = ConfigRangeAny<Double>()
  ) throws(Failure) -> [Double] {
    try required(key, expected: "an array of numbers" + range.words).numbers(in: range)
  }

  /// The table of a key that has to be there.
  package func table(_ key: String) throws(Failure) -> ConfigTable {
    try ConfigTable(required(key, expected: "a table"))
  }

  /// The table of a key, or nil.
  package func optionalTable(_ key: String) throws(Failure) -> ConfigTable? {
    guard let found = self[key] else { return nil }
    return try ConfigTable(found)
  }
}
