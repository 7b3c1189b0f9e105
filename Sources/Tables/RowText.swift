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
  private var next: UnsafeMutablePointer<UInt8>

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
    var rest = value
    for place in 0..<6 {
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      unsafe next[5 - place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
      rest = quotient
    }
    unsafe next += 6
  }

  @inline(__always)
  private func digits(_ value: UInt64) {
    var count = 1
    var limit: UInt64 = 10
    while count < 20 && value >= limit {
      count += 1
      let (more, overflows) = limit.multipliedReportingOverflow(by: 10)
      limit = overflows ? .max : more
    }
    if value == .max { count = 20 }
    var rest = value
    for place in 0..<count {
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      unsafe next[count - 1 - place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
      rest = quotient
    }
    unsafe next += count
  }

  /// Adds the shortest decimal by the standard library, its digits placed without an exponent.
  @inline(never)
  private func long(_ value: Double) {
    var digits = NumberBytes()
    value.write(to: &digits)
    let isPlain = unsafe digits.bytes.span.withUnsafeBufferPointer {
      (bytes: UnsafeBufferPointer<UInt8>) -> Bool in
      let text = unsafe UnsafeBufferPointer(rebasing: bytes[..<digits.count])
      guard digits.isComplete, unsafe !text.contains(UInt8(ascii: "e")), text.count > 2,
        unsafe text[text.count - 2] != UInt8(ascii: ".")
          || text[text.count - 1] != UInt8(ascii: "0")
      else { return false }
      unsafe add(text)
      return true
    }
    if !isPlain {
      for byte in NumberText.shortest(value).utf8 { add(byte) }
    }
  }
}

/// Takes the text of one number without making a `String`.
private struct NumberBytes: TextOutputStream {
  private(set) var bytes = [40 of UInt8](repeating: 0)
  private(set) var count = 0
  /// Nothing came that there was no room for.
  private(set) var isComplete = true

  mutating func write(_ string: String) {
    for byte in string.utf8 { append(byte) }
  }

  /// Called by the standard library where it has the digits at hand; `write` does the same.
  // swift-format-ignore: NoLeadingUnderscores
  mutating func _writeASCII(_ buffer: UnsafeBufferPointer<UInt8>) {
    for place in buffer.indices { unsafe append(buffer[place]) }
  }

  @inline(__always)
  private mutating func append(_ byte: UInt8) {
    guard count < 40 else {
      isComplete = false
      return
    }
    bytes[count] = byte
    count += 1
  }
}
