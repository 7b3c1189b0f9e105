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
  private(set) var steps: [ConstraintStep] = []
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
      steps.append(step)
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
    if count % 2 == 1 { steps.append(.not) }
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
    steps.append(step)
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
      steps.append(step)
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
    if count % 2 == 1 { steps.append(.negate) }
    return .number
  }

  private mutating func primary() throws(Failure) -> Kind {
    switch word.kind {
    case .number(let number):
      steps.append(.number(number))
    case .name:
      steps.append(.term(try term()))
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

/// A number, name or sign of a condition.
struct ConstraintWord {
  enum Kind {
    case number(Double)
    case name
    case sign
    case end
  }

  let kind: Kind
  let text: String
  /// In characters, from 1.
  let position: Int

  var shown: String {
    if case .end = kind { return "the end" }
    return "'\(Failure.shown(text))'"
  }

  /// The words of a text and the end after them.
  static func words(of text: String) throws(Failure) -> [ConstraintWord] {
    let letters = Array(text)
    // Comparing characters takes long.
    let codes = letters.map { $0.asciiValue ?? 255 }
    var words: [ConstraintWord] = []
    var place = 0
    while place < letters.count {
      let letter = letters[place]
      if letter.isWhitespace {
        place += 1
        continue
      }
      var end = place + 1
      let kind: Kind
      if isDigit(codes[place]) || letter == "." {
        while end < letters.count, isNumeral(codes[end], after: codes[end - 1]) { end += 1 }
        let numeral = String(letters[place..<end])
        guard let number = Double(numeral.filter { $0 != "_" }), number.isFinite else {
          throw refusal(place, numeral, "a number")
        }
        kind = .number(number)
      } else if isName(codes[place]) {
        while end < letters.count, isInName(codes[end]) { end += 1 }
        let name = String(letters[place..<end])
        kind = ["and", "or", "not"].contains(name) ? .sign : .name
      } else {
        if end < letters.count, letters[end] == "=", "<>=!".contains(letter) { end += 1 }
        let sign = String(letters[place..<end])
        guard signs.contains(sign) else {
          throw refusal(place, sign, sign == "=" ? "'=='" : "a number, a setting or an operator")
        }
        kind = .sign
      }
      words.append(
        ConstraintWord(kind: kind, text: String(letters[place..<end]), position: place + 1)
      )
      place = end
    }
    return words + [ConstraintWord(kind: .end, text: "", position: letters.count + 1)]
  }

  private static func refusal(_ place: Int, _ text: String, _ expected: String) -> Failure {
    Failure(
      .data,
      "where: position \(place + 1): found '\(Failure.shown(text))', expected \(expected)"
    )
  }

  private static let signs: Set<String> = [
    "+", "-", "*", "/", "(", ")", "<", "<=", ">", ">=", "==", "!=",
  ]

  private static func isDigit(_ code: UInt8) -> Bool {
    UInt8(ascii: "0")...UInt8(ascii: "9") ~= code
  }

  private static func isName(_ code: UInt8) -> Bool {
    UInt8(ascii: "a")...UInt8(ascii: "z") ~= code | 0x20 || code == UInt8(ascii: "_")
  }

  private static func isInName(_ code: UInt8) -> Bool {
    isName(code) || isDigit(code) || "[.]".utf8.contains(code)
  }

  private static func isNumeral(_ code: UInt8, after previous: UInt8) -> Bool {
    let sign = code == UInt8(ascii: "-") || code == UInt8(ascii: "+")
    return isDigit(code) || isName(code) || code == UInt8(ascii: ".")
      || sign && previous | 0x20 == UInt8(ascii: "e")
  }
}
