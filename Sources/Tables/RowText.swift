// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import TextKit

/// Rows of CSV text, written without a check of the form: for whoever makes millions of them.
///
/// Gives the same bytes as `CSVBuilder` for fields that need no quotes. Every row makes room once
/// with `reserve`; fields are separated by `comma()`.
@safe
package final class RowText: @unchecked Sendable {
  /// Bytes that one number takes at most: a sign, 309 digits before or 345 after a point.
  private static let longestNumber = 360

  private let buffer = ByteBuffer(capacity: 1 << 16)
  @exclusivity(unchecked)
  private var next: UnsafeMutablePointer<UInt8>
  private let powers = ShortestDecimal.table
  /// The digits of 00 to 99 in ASCII.
  private static let pairs: [200 of UInt8] = [
    48, 48, 48, 49, 48, 50, 48, 51, 48, 52, 48, 53, 48, 54, 48, 55, 48, 56, 48, 57,
    49, 48, 49, 49, 49, 50, 49, 51, 49, 52, 49, 53, 49, 54, 49, 55, 49, 56, 49, 57,
    50, 48, 50, 49, 50, 50, 50, 51, 50, 52, 50, 53, 50, 54, 50, 55, 50, 56, 50, 57,
    51, 48, 51, 49, 51, 50, 51, 51, 51, 52, 51, 53, 51, 54, 51, 55, 51, 56, 51, 57,
    52, 48, 52, 49, 52, 50, 52, 51, 52, 52, 52, 53, 52, 54, 52, 55, 52, 56, 52, 57,
    53, 48, 53, 49, 53, 50, 53, 51, 53, 52, 53, 53, 53, 54, 53, 55, 53, 56, 53, 57,
    54, 48, 54, 49, 54, 50, 54, 51, 54, 52, 54, 53, 54, 54, 54, 55, 54, 56, 54, 57,
    55, 48, 55, 49, 55, 50, 55, 51, 55, 52, 55, 53, 55, 54, 55, 55, 55, 56, 55, 57,
    56, 48, 56, 49, 56, 50, 56, 51, 56, 52, 56, 53, 56, 54, 56, 55, 56, 56, 56, 57,
    57, 48, 57, 49, 57, 50, 57, 51, 57, 52, 57, 53, 57, 54, 57, 55, 57, 56, 57, 57,
  ]

  package init() { unsafe next = buffer.start }

  /// The text so far.
  var bytes: UnsafeBufferPointer<UInt8> {
    unsafe UnsafeBufferPointer(start: buffer.start, count: next - buffer.start)
  }

  /// The text so far as an array.
  package var copy: [UInt8] { unsafe Array(bytes) }

  /// Forgets the text and keeps the memory.
  package func clear() { unsafe next = buffer.start }

  /// Makes room for a row of so many bytes of text and some numbers.
  @inline(__always)
  package func reserve(bytes: Int, numbers: Int) {
    let wanted = bytes + numbers * RowText.longestNumber
    let used = unsafe next - buffer.start
    if buffer.capacity - used < wanted { extend(used, wanted) }
  }

  @inline(never)
  private func extend(_ used: Int, _ wanted: Int) {
    buffer.clear()
    buffer.grow(by: used)
    buffer.reserve(wanted)
    unsafe next = buffer.start + used
  }

  /// Adds a byte, for which there is room.
  @inline(__always)
  package func add(_ byte: UInt8) {
    unsafe next.pointee = byte
    unsafe next += 1
  }

  @inline(__always)
  package func comma() { add(UInt8(ascii: ",")) }

  @inline(__always)
  package func endRow() { add(UInt8(ascii: "\n")) }

  /// Adds bytes as they are, for which there is room.
  @inline(__always)
  package func add(_ text: [UInt8]) {
    unsafe text.withUnsafeBufferPointer { unsafe add($0) }
  }

  @inline(__always)
  private func add(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let start = bytes.baseAddress else { return }
    unsafe next.update(from: start, count: bytes.count)
    unsafe next += bytes.count
  }

  /// Adds a field of text with quotes where they are needed; makes its own room.
  package func field(_ text: Span<UInt8>, isClean: Bool) {
    reserve(bytes: 2 * text.count + 64, numbers: 4)
    guard !text.isEmpty else { return }
    if isClean && !CSVBuilder.isFormulaMark(text[0]) {
      unsafe text.withUnsafeBufferPointer { unsafe add($0) }
      return
    }
    var builder = CSVBuilder()
    let name = unsafe text.withUnsafeBufferPointer {
      unsafe String(decoding: $0, as: UTF8.self)
    }
    builder.text(name)
    add(builder.bytes)
  }

  /// Adds whole rows.
  package func append(_ rows: CSVBuilder) {
    reserve(bytes: rows.bytes.count, numbers: 0)
    add(rows.bytes)
  }

  /// Adds the text of `NumberText.shortest`.
  @inline(__always)
  package func number(_ value: Double) {
    let magnitude = value.magnitude
    if magnitude < 1e9 {
      // See `DecimalWriter`.
      let scaled = (magnitude * 1e6 + 0x1.8p52) - 0x1.8p52
      if scaled / 1e6 == magnitude && scaled < 1e15 {
        if value < 0 { add(UInt8(ascii: "-")) }
        short(UInt64(scaled))
        return
      }
    }
    long(value)
  }

  /// Adds millionths without zeros at the end.
  @inline(__always)
  private func short(_ millionths: UInt64) {
    let (whole, fraction) = millionths.quotientAndRemainder(dividingBy: 1_000_000)
    digits(whole)
    guard fraction != 0 else { return }
    add(UInt8(ascii: "."))
    six(UInt32(truncatingIfNeeded: fraction))
    while unsafe next[-1] == UInt8(ascii: "0") { unsafe next -= 1 }
  }

  /// Adds an amount of micro-USD in USD, with exactly six decimals.
  @inline(__always)
  package func money(_ micro: Int64) {
    if micro < 0 { add(UInt8(ascii: "-")) }
    let (whole, fraction) = micro.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
    digits(whole)
    add(UInt8(ascii: "."))
    six(UInt32(truncatingIfNeeded: fraction))
  }

  @inline(__always)
  private func six(_ value: UInt32) {
    write(UInt64(value), count: 6)
  }

  @inline(__always)
  private func digits(_ value: UInt64) {
    // log10 2 is a little more than 1233 / 4096.
    let near = ((64 - (value | 1).leadingZeroBitCount) * 1233) >> 12
    write(value, count: near + (value >= RowText.tens[near] ? 1 : 0) + (value == 0 ? 1 : 0))
  }

  /// Writes the last digits of a number.
  @inline(__always)
  private func write(_ value: UInt64, count: Int) {
    var (rest, place) = (value, count)
    while place > 1 {
      let (quotient, pair) = rest.quotientAndRemainder(dividingBy: 100)
      place -= 2
      unsafe next[place] = RowText.pairs[Int(truncatingIfNeeded: 2 * pair)]
      unsafe next[place + 1] = RowText.pairs[Int(truncatingIfNeeded: 2 * pair + 1)]
      rest = quotient
    }
    if place == 1 { unsafe next[0] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10) }
    unsafe next += count
  }

  private static let tens: [21 of UInt64] = [
    1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000,
    10_000_000_000, 100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000,
    1_000_000_000_000_000, 10_000_000_000_000_000, 100_000_000_000_000_000,
    1_000_000_000_000_000_000, 10_000_000_000_000_000_000, .max,
  ]

  /// Adds the shortest decimal without an exponent.
  @inline(never)
  private func long(_ value: Double) {
    guard let found = ShortestDecimal.of(value.magnitude, powers) else { return other(value) }
    if value < 0 { add(UInt8(ascii: "-")) }
    var (rest, exponent) = found
    while exponent < 0 {
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      if digit != 0 { break }
      (rest, exponent) = (quotient, exponent + 1)
    }
    let start = unsafe next
    guard exponent < 0 else {
      digits(rest)
      for _ in 0..<exponent { add(UInt8(ascii: "0")) }
      return
    }
    digits(rest)
    let count = unsafe next - start
    let places = -exponent
    if places < count {
      // The digits after the point move on by one place.
      unsafe (next - places + 1).update(from: next - places, count: places)
      unsafe next[-places] = UInt8(ascii: ".")
      unsafe next += 1
      return
    }
    let zeros = places - count
    unsafe (start + 2 + zeros).update(from: start, count: count)
    unsafe start.update(repeating: UInt8(ascii: "0"), count: 2 + zeros)
    unsafe start[1] = UInt8(ascii: ".")
    unsafe next = start + 2 + zeros + count
  }

  /// Adds the shortest decimal of a number so small or large that few are.
  @inline(never)
  private func other(_ value: Double) {
    for byte in NumberText.shortest(value).utf8 { add(byte) }
  }
}
