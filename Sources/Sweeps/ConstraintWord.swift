// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import TextKit

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
