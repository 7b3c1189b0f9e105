// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Tables

/// A place in the bytes of a piece, and the fields that are read from it on.
///
/// Each reading function ends at what ends the field, a comma or a line end; anything that is not
/// plain (a quote, an unknown form) sets `isUnusual` and leaves the record to be read again. The
/// bytes end with a line feed and can be read a little beyond.
@safe
struct ByteCursor {
  var next: UnsafePointer<UInt8>
  var isUnusual = false

  init(_ start: UnsafePointer<UInt8>) { unsafe next = start }

  /// The byte at the place.
  @inline(__always)
  var byte: UInt8 { unsafe next.pointee }

  /// Whether the field that begins here is empty.
  @inline(__always)
  var isAtEnd: Bool { ByteCursor.endsField(byte) }

  @inline(__always)
  private static func endsField(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }

  /// A bit in the top of each byte of a word that is at most 44, as all that ends a field is.
  @inline(__always)
  static func small(_ word: UInt64) -> UInt64 {
    let large = (word | 0x8080_8080_8080_8080) &- 0x2D2D_2D2D_2D2D_2D2D
    return ~(large | word) & 0x8080_8080_8080_8080
  }

  @inline(__always)
  private func word(_ offset: Int) -> UInt64 {
    unsafe UInt64(
      littleEndian: UnsafeRawPointer(next + offset).loadUnaligned(as: UInt64.self)
    )
  }

  /// Passes over a field.
  @inline(__always)
  mutating func skip() {
    while true {
      let found = ByteCursor.small(word(0))
      if found == 0 {
        unsafe next += 8
        continue
      }
      unsafe next += found.trailingZeroBitCount >> 3
      if isAtEnd { return }
      if byte == UInt8(ascii: "\"") {
        isUnusual = true
        return
      }
      unsafe next += 1
    }
  }

  /// Looks up a short word, without a branch on its length.
  @inline(__always)
  mutating func word(in table: WordTable) -> Int32 {
    let (low, high) = (word(0), word(8))
    let (inLow, inHigh) = (ByteCursor.small(low), ByteCursor.small(high))
    let isShort = inLow != 0
    // 64 where nothing was found: the shifts below are then by 0.
    let lowBits = inLow.trailingZeroBitCount & ~7
    let highBits = isShort ? 0 : inHigh.trailingZeroBitCount & ~7
    unsafe next += (lowBits + highBits) >> 3
    isUnusual = isUnusual || !isAtEnd
    return table.index(
      low & ByteCursor.mask(lowBits),
      high & ByteCursor.mask(highBits)
    )
  }

  /// As many ones from the lowest bit, 0 to 64.
  @inline(__always)
  private static func mask(_ bits: Int) -> UInt64 { (1 as UInt64) << bits &- 1 }

  /// Passes over an account's text of ASCII and gives its fingerprint.
  @inline(__always)
  mutating func name() -> UInt64 {
    let first = unsafe next
    var seen: UInt64 = 0
    while true {
      let bytes = word(0)
      let found = ByteCursor.small(bytes)
      if found == 0 {
        seen |= bytes
        unsafe next += 8
        continue
      }
      let bits = found.trailingZeroBitCount & ~7
      seen |= bytes & ((1 as UInt64) &<< UInt64(bits) &- 1)
      unsafe next += bits >> 3
      if !isAtEnd || seen & 0x8080_8080_8080_8080 != 0 { isUnusual = true }
      return unsafe Fingerprint.of(first, count: next - first)
    }
  }

  /// A finite number; NaN for an empty field.
  ///
  /// Up to 16 bytes of digits and a point are read without a loop, all at once.
  @inline(__always)
  mutating func number() -> Double {
    let first = unsafe next
    let isNegative = byte == UInt8(ascii: "-")
    unsafe next += isNegative ? 1 : 0
    let low = word(0)
    let found = ByteCursor.small(low)
    let places: Int
    let mantissa: UInt64?
    if found != 0 {
      (mantissa, places) = Digits.short(low, count: found.trailingZeroBitCount >> 3)
      unsafe next += found.trailingZeroBitCount >> 3
    } else {
      let high = word(8)
      let rest = ByteCursor.small(high)
      let count = 8 + rest.trailingZeroBitCount >> 3
      (mantissa, places) = Digits.long(low, high, count: count)
      unsafe next += count
    }
    if let mantissa, isAtEnd, mantissa <= 1 << 53 {
      // Both are exact, so the quotient is rounded once (Clinger).
      let value = Double(Int64(truncatingIfNeeded: mantissa)) / ByteCursor.powers[places]
      return Double(bitPattern: value.bitPattern ^ (isNegative ? 1 << 63 : 0))
    }
    unsafe next = first
    if isAtEnd { return .nan }
    let other = unsafe ByteCursor.otherNumber(at: first)
    unsafe next = other.next
    isUnusual = unsafe isUnusual || other.value.isNaN
    return unsafe other.value
  }

  /// A number of any other form with the place after it; NaN for what is none.
  ///
  /// Takes no cursor, so that cursors stay in registers.
  @inline(never)
  private static func otherNumber(
    at first: UnsafePointer<UInt8>
  ) -> (value: Double, next: UnsafePointer<UInt8>) {
    var cursor = unsafe ByteCursor(first)
    cursor.skip()
    let text = unsafe UnsafeBufferPointer(start: first, count: cursor.next - first)
    return unsafe (NumberParser.double(text) ?? .nan, cursor.next)
  }

  /// A whole number from 0; −1 for an empty field.
  @inline(__always)
  mutating func wholeNumber() -> Int64 {
    if isAtEnd { return -1 }
    let found = unsafe ByteCursor.wholeNumber(at: next)
    unsafe next = found.next
    isUnusual = unsafe isUnusual || found.value < 0
    return unsafe found.value
  }

  @inline(never)
  private static func wholeNumber(
    at first: UnsafePointer<UInt8>
  ) -> (value: Int64, next: UnsafePointer<UInt8>) {
    var cursor = unsafe ByteCursor(first)
    let (low, high) = (cursor.word(0), cursor.word(8))
    let (inLow, inHigh) = (small(low), small(high))
    let count = (inLow != 0 ? inLow.trailingZeroBitCount : 64 + inHigh.trailingZeroBitCount) >> 3
    unsafe cursor.next += count
    let found = count < 8 ? Digits.short(low, count: count) : Digits.long(low, high, count: count)
    guard let value = found.mantissa, found.places == 0, cursor.isAtEnd else {
      return unsafe (-1, cursor.next)
    }
    return unsafe (Int64(truncatingIfNeeded: value), cursor.next)
  }

  /// 0 or 1; an empty field is 0.
  @inline(__always)
  mutating func flag() -> Bool {
    if isAtEnd { return false }
    let digit = byte &- UInt8(ascii: "0")
    unsafe next += 1
    if digit > 1 || !isAtEnd { isUnusual = true }
    return digit == 1
  }

  static let powers: [16 of Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
  ]
}

/// Digits of ASCII read eight at a time.
enum Digits {
  /// Reads digits with at most one point from the first bytes of a word.
  ///
  /// - Returns: the digits as one number and how many stand after the point; nil for all else.
  @inline(__always)
  static func short(_ word: UInt64, count: Int) -> (mantissa: UInt64?, places: Int) {
    let kept: UInt64 = ((1 as UInt64) &<< UInt64(8 * count)) &- 1
    let mark = point(word) & kept
    let hasPoint = mark != 0
    // What lies before the point: everything without one.
    let low = hasPoint ? (mark ^ (mark &- 1)) >> 8 : kept
    let text = (word & low) | (hasPoint ? (word >> 8) & (kept >> 8) & ~low : 0)
    let digits = count - (hasPoint ? 1 : 0)
    guard digits > 0 else { return (nil, 0) }
    let places = hasPoint ? count - 1 - (mark.trailingZeroBitCount >> 3) : 0
    let used = UInt64.max &>> UInt64(64 - 8 * digits)
    let values = text &- (0x3030_3030_3030_3030 & used)
    guard isDigits(values) else { return (nil, 0) }
    return (number(values &<< UInt64(64 - 8 * digits)), places)
  }

  /// The same for 8 to 16 bytes.
  @inline(__always)
  static func long(
    _ first: UInt64,
    _ second: UInt64,
    count: Int
  ) -> (mantissa: UInt64?, places: Int) {
    let kept = count >= 16 ? UInt64.max : ((1 as UInt64) &<< UInt64(8 * count - 64)) &- 1
    let (mark, late) = (point(first), point(second) & kept)
    let isEarly = mark != 0
    let hasPoint = isEarly || late != 0
    // What lies before the point in each word; what follows it moves one byte down.
    let low = isEarly ? (mark ^ (mark &- 1)) >> 8 : UInt64.max
    let high = isEarly ? 0 : late != 0 ? (late ^ (late &- 1)) >> 8 : kept
    let text = (first & low) | ((first >> 8 | second << 56) & ~low)
    let rest = (second & high) | ((second & kept) >> 8 & ~high)
    let more = count - 8 - (hasPoint ? 1 : 0)
    let before = isEarly ? mark.trailingZeroBitCount >> 3 : 8 + late.trailingZeroBitCount >> 3
    let places = hasPoint ? count - 1 - before : 0
    let zeros: UInt64 = 0x3030_3030_3030_3030
    // Seven digits and a point leave a byte of what follows.
    let top = (text &- zeros) &<< (more < 0 ? 8 : 0)
    let gap = UInt64(truncatingIfNeeded: 64 - 8 * more)
    let bottom = more <= 0 ? 0 : (rest &- (zeros & UInt64.max &>> gap)) &<< gap
    guard isDigits(top), isDigits(bottom) else { return (nil, 0) }
    return (number(top) &* scales[max(0, more)] &+ number(bottom), places)
  }

  static let scales: [16 of UInt64] = [
    1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 0, 0, 0, 0, 0, 0, 0,
  ]

  /// The top bit of the first byte that is a point; bytes after it may be marked too.
  @inline(__always)
  static func point(_ word: UInt64) -> UInt64 {
    let other = word ^ 0x2E2E_2E2E_2E2E_2E2E
    let marks = (other &- 0x0101_0101_0101_0101) & ~other & 0x8080_8080_8080_8080
    return marks & (0 &- marks)
  }

  @inline(__always)
  static func isDigits(_ values: UInt64) -> Bool {
    ((values &+ 0x7676_7676_7676_7676) | values) & 0x8080_8080_8080_8080 == 0
  }

  @inline(__always)
  static func areDigits(_ left: UInt64, _ right: UInt64) -> Bool {
    let large = (left &+ 0x7676_7676_7676_7676) | (right &+ 0x7676_7676_7676_7676)
    return (large | left | right) & 0x8080_8080_8080_8080 == 0
  }

  /// Eight values from 0 to 9, the first one in the lowest byte, as a number.
  @inline(__always)
  static func number(_ values: UInt64) -> UInt64 {
    var value = (values &* 2561) >> 8
    value = ((value & 0x00FF_00FF_00FF_00FF) &* 6_553_601) >> 16
    return ((value & 0x0000_FFFF_0000_FFFF) &* 42_949_672_960_001) >> 32
  }
}
