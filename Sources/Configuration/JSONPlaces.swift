// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Where the values of a JSON text stand, one after the other in the order of the text.
///
/// The parser does not say. The text has passed it, so that only the starts of values are looked
/// for: after them strings are skipped, keys are passed over, all else is taken byte by byte.
struct JSONPlaces {
  private let text: [UInt8]
  private var offset = 0
  private var line = 1
  private var column = 1

  init(_ text: [UInt8]) { self.text = text }

  /// The place of the next value, line and column from 1; that of the end where there is none.
  mutating func next() -> (line: Int, column: Int) {
    while offset < text.count {
      let place = (line, column)
      switch text[offset] {
      case UInt8(ascii: "\""):
        skipString()
        if !isKey { return place }
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        step()
        return place
      case let byte where JSONPlaces.isBetween(byte): step()
      default:
        while offset < text.count, !JSONPlaces.isBetween(text[offset]) { step() }
        return place
      }
    }
    return (line, column)
  }

  /// Whether a colon follows: then the string was a key.
  private var isKey: Bool {
    text[offset...].first { !JSONPlaces.isSpace($0) } == UInt8(ascii: ":")
  }

  private mutating func skipString() {
    step()
    while offset < text.count, text[offset] != UInt8(ascii: "\"") {
      if text[offset] == UInt8(ascii: "\\") { step() }
      if offset < text.count { step() }
    }
    if offset < text.count { step() }
  }

  private mutating func step() {
    let byte = text[offset]
    offset += 1
    if byte == UInt8(ascii: "\n") {
      line += 1
      column = 1
    } else if byte & 0xC0 != 0x80 {
      column += 1
    }
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 32 || byte == 9 || byte == 10 || byte == 13
  }

  private static func isBetween(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "]"), UInt8(ascii: "}"): true
    default: isSpace(byte)
    }
  }
}
