// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Settings
internal import TextKit

/// Reads a condition into steps.
///
///     or         = and { "or" and }
///     and        = not { "and" not }
///     not        = { "not" } comparison
///     comparison = sum [ "<" | "<=" | ">" | ">=" | "==" | "!=" sum ]
///     sum        = product { "+" | "-" product }
///     product    = factor { "*" | "/" factor }
///     factor     = { "-" } ( number | name | "(" or ")" )
struct ConstraintParser {
  /// What a part of the condition is.
  private enum Kind: String {
    case number = "a number"
    case truth = "a comparison"
  }

  private(set) var terms: [AxisTarget] = []
  /// What was read so far; not in the parser itself, which would copy it for every step.
  private final class StepList {
    var steps: [ConstraintStep] = []
  }

  private let list = StepList()
  var steps: [ConstraintStep] { list.steps }
  private let words: [ConstraintWord]
  private var placeOfName: [String: Int] = [:]
  private var place = 0
  private var depth = 0
  private static let mostDepth = 64

  init(_ text: String) throws(Failure) { words = try ConstraintWord.words(of: text) }

  /// Reads the whole text.
  mutating func parse() throws(Failure) {
    let start = place
    let kind = try either()
    guard place == words.count - 1 else {
      throw refusal(kind == .truth ? "'and', 'or' or the end" : "an operator or the end")
    }
    try check(kind, is: .truth, from: start)
  }

  // MARK: - Truth

  private mutating func either() throws(Failure) -> Kind {
    try chain("or", .or) { (parser) throws(Failure) in
      try parser.chain("and", .and) { (parser) throws(Failure) in try parser.negation() }
    }
  }

  /// Parts joined by a word that takes truths and gives one.
  private mutating func chain(
    _ joint: String,
    _ step: ConstraintStep,
    _ part: (inout ConstraintParser) throws(Failure) -> Kind
  ) throws(Failure) -> Kind {
    var start = place
    let kind = try part(&self)
    while word.text == joint {
      try check(kind, is: .truth, from: start)
      place += 1
      start = place
      try check(try part(&self), is: .truth, from: start)
      list.steps.append(step)
    }
    return kind
  }

  private mutating func negation() throws(Failure) -> Kind {
    var count = 0
    while word.text == "not" {
      place += 1
      count += 1
    }
    let start = place
    let kind = try comparison()
    guard count > 0 else { return kind }
    try check(kind, is: .truth, from: start)
    if count % 2 == 1 { list.steps.append(.not) }
    return .truth
  }

  private static let comparisons: [String: ConstraintStep] = [
    "<": .less, "<=": .lessOrEqual, ">": .greater, ">=": .greaterOrEqual, "==": .equal,
    "!=": .notEqual,
  ]

  private mutating func comparison() throws(Failure) -> Kind {
    var start = place
    let kind = try sum()
    guard let step = ConstraintParser.comparisons[word.text] else { return kind }
    try check(kind, is: .number, from: start)
    place += 1
    start = place
    try check(try sum(), is: .number, from: start)
    list.steps.append(step)
    return .truth
  }

  // MARK: - Numbers

  private static let sums: [String: ConstraintStep] = ["+": .add, "-": .subtract]
  private static let products: [String: ConstraintStep] = ["*": .multiply, "/": .divide]

  private mutating func sum() throws(Failure) -> Kind {
    try arithmetic(ConstraintParser.sums) { (parser) throws(Failure) in
      try parser.arithmetic(ConstraintParser.products) { (parser) throws(Failure) in
        try parser.factor()
      }
    }
  }

  private mutating func arithmetic(
    _ operators: [String: ConstraintStep],
    _ part: (inout ConstraintParser) throws(Failure) -> Kind
  ) throws(Failure) -> Kind {
    var start = place
    let kind = try part(&self)
    while let step = operators[word.text] {
      try check(kind, is: .number, from: start)
      place += 1
      start = place
      try check(try part(&self), is: .number, from: start)
      list.steps.append(step)
    }
    return kind
  }

  private mutating func factor() throws(Failure) -> Kind {
    var count = 0
    while word.text == "-" {
      place += 1
      count += 1
    }
    let start = place
    let kind = try primary()
    guard count > 0 else { return kind }
    try check(kind, is: .number, from: start)
    if count % 2 == 1 { list.steps.append(.negate) }
    return .number
  }

  private mutating func primary() throws(Failure) -> Kind {
    switch word.kind {
    case .number(let number):
      list.steps.append(.number(number))
    case .name:
      list.steps.append(.term(try term()))
    case .sign where word.text == "(":
      place += 1
      depth += 1
      guard depth <= ConstraintParser.mostDepth else {
        throw refusal("at most \(ConstraintParser.mostDepth) brackets within each other")
      }
      let kind = try either()
      guard word.text == ")" else { throw refusal("an operator or ')'") }
      depth -= 1
      place += 1
      return kind
    case .sign, .end:
      throw refusal("a number, a setting or '('")
    }
    place += 1
    return .number
  }

  /// Place of a name among the terms.
  private mutating func term() throws(Failure) -> Int {
    if let known = placeOfName[word.text] { return known }
    let target: AxisTarget
    if word.text.hasPrefix("venues.") {
      target = .venue(path: word.text)
    } else {
      let setting: Setting
      do throws(Failure) { setting = try Setting.named(word.text) } catch {
        throw Failure(.data, "where: position \(word.position): \(error.message)")
      }
      guard setting.isNumeric else {
        throw Failure(
          .data,
          "where: position \(word.position): '\(setting.name)' is a word and cannot be compared,"
            + " expected a numeric setting"
        )
      }
      target = .setting(setting.key)
    }
    placeOfName[word.text] = terms.count
    terms.append(target)
    return terms.count - 1
  }

  // MARK: - Messages

  private var word: ConstraintWord { words[place] }

  private func check(_ found: Kind, is expected: Kind, from start: Int) throws(Failure) {
    guard found != expected else { return }
    throw Failure(
      .data,
      "where: position \(words[start].position): found \(found.rawValue), expected"
        + " \(expected.rawValue)"
    )
  }

  private func refusal(_ expected: String) -> Failure {
    Failure(.data, "where: position \(word.position): found \(word.shown), expected \(expected)")
  }
}
