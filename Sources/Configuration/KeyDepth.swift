// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Finds keys of too many parts before the parser sees them.
///
/// The parser bounds values inside values, but `a.a.a…` makes a table for every dot, and tables
/// in tables are torn down recursively: a file of some megabytes would exhaust the stack.
///
/// The scan knows TOML's strings and comments and counts dots between the marks that end a key.
/// It may count the dots of something that is no key (the text is then wrong anyway), and never
/// too few of something that is one.
struct KeyDepth {
  /// The greatest number of dots in one key.
  static let mostDots = 32

  private let text: [UInt8]
  private var position = 0

  private init(_ text: [UInt8]) {
    self.text = text
  }

  /// The offset of the dot that is one too many, or nil.
  static func excess(in text: [UInt8]) -> Int? {
    var scan = KeyDepth(text)
    return scan.run()
  }

  private mutating func run() -> Int? {
    var dots = 0
    while position < text.count {
      let byte = text[position]
      switch byte {
      case UInt8(ascii: "."):
        dots += 1
        if dots > KeyDepth.mostDots { return position }
      case UInt8(ascii: ","), UInt8(ascii: "="), UInt8(ascii: "["), UInt8(ascii: "]"),
        UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "\n"):
        dots = 0
      case UInt8(ascii: "#"):
        while position + 1 < text.count && text[position + 1] != UInt8(ascii: "\n") {
          position += 1
        }
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        skipString(byte)
        continue
      default:
        break
      }
      position += 1
    }
    return nil
  }

  /// Moves from the quote that opens a string to the byte after it.
  private mutating func skipString(_ quote: UInt8) {
    let isLong = isTriple(quote)
    position += isLong ? 3 : 1
    while position < text.count {
      let byte = text[position]
      if byte == quote {
        if !isLong {
          position += 1
          return
        }
        if isTriple(quote) {
          position += 3
          // Up to two quotes more belong to the text: """a"""""
          var more = 0
          while more < 2 && position < text.count && text[position] == quote {
            position += 1
            more += 1
          }
          return
        }
      } else if byte == UInt8(ascii: "\\") && quote == UInt8(ascii: "\"") {
        position += 1
      } else if byte == UInt8(ascii: "\n") && !isLong {
        return
      }
      position += 1
    }
  }

  private func isTriple(_ quote: UInt8) -> Bool {
    position + 2 < text.count && text[position] == quote && text[position + 1] == quote
      && text[position + 2] == quote
  }
}
