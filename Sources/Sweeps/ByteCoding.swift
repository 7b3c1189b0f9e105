// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Numerics

/// Numbers as bytes, for the journal.
///
/// Whole numbers are zigzag LEB128: seven bits a byte, the lowest first, the high bit says that
/// more follow. Doubles are their eight bytes, little endian.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  mutating func whole(_ value: Int128) {
    var whole = UInt128(bitPattern: (value << 1) ^ (value >> 127))
    while whole >= UInt128(1) << 64 {
      bytes.append(UInt8(truncatingIfNeeded: whole) | 128)
      whole >>= 7
    }
    // Most numbers are small, and half of the bits are handled in less than half of the time.
    var rest = UInt64(whole)
    while rest >= 128 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 128)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  mutating func fixed(_ value: UInt64) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }

  mutating func number(_ value: Double) { fixed(value.bitPattern) }

  /// The bytes with their FNV-1a behind them.
  var sealed: [UInt8] {
    var whole = self
    whole.fixed(fnv1a64(bytes))
    return whole.bytes
  }

  mutating func whole(_ value: some FixedWidthInteger) { whole(Int128(truncatingIfNeeded: value)) }
}

/// Reads what `ByteWriter` wrote; nil for bytes that it cannot have written.
struct ByteReader {
  private let bytes: [UInt8]
  private var place = 0

  private init(bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

  /// Nil for bytes that do not end with the FNV-1a of what is before it.
  init?(sealed: [UInt8]) {
    guard sealed.count >= 8 else { return nil }
    var check = ByteReader(bytes: sealed.suffix(8))
    guard check.fixed() == fnv1a64(sealed.dropLast(8)) else { return nil }
    self.init(bytes: sealed.dropLast(8))
  }

  var isAtEnd: Bool { place == bytes.count }

  mutating func whole() -> Int128? {
    var low: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 63, by: 7) {
      guard place < bytes.count else { return nil }
      let byte = bytes[place]
      place += 1
      low |= UInt64(byte & 127) << shift
      if byte < 128 { return Int128(Int64(low >> 1) ^ -Int64(low & 1)) }
    }
    var value = UInt128(low)
    for shift in stride(from: 63, to: 128, by: 7) {
      guard place < bytes.count else { return nil }
      let byte = bytes[place]
      place += 1
      // The last byte has room for two bits.
      if shift == 126 && byte > 3 { return nil }
      value |= UInt128(byte & 127) << UInt128(shift)
      if byte < 128 { return Int128(bitPattern: value >> 1) ^ -Int128(value & 1) }
    }
    return nil
  }

  mutating func number() -> Double? { fixed().map { Double(bitPattern: $0) } }

  mutating func fixed() -> UInt64? {
    guard bytes.count - place >= 8 else { return nil }
    var pattern: UInt64 = 0
    for offset in 0..<8 { pattern |= UInt64(bytes[place + offset]) << UInt64(8 * offset) }
    place += 8
    return pattern
  }

  /// A whole number of a type; sums over any number of scenarios must fit, whoever wrote the bytes.
  mutating func whole<Value: FixedWidthInteger>(_: Value.Type) -> Value? {
    let room = Value.bitWidth == 128 ? 100 : 64
    guard let value: Int128 = whole(), value.magnitude < UInt128(1) << UInt128(room) else {
      return nil
    }
    return Value(exactly: value)
  }

  /// A count of things that take at least so many bytes each.
  mutating func count(bytesEach: Int) -> Int? {
    guard let value: Int128 = whole(), value >= 0,
      value <= Int128((bytes.count - place) / max(1, bytesEach))
    else { return nil }
    return Int(value)
  }
}
