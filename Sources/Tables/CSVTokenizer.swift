// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Where one field of a record lies.
struct CSVField {
  /// Its first byte, counted from the start of the record; after the quote if it has one.
  var offset: Int32 = 0
  /// Its bytes in the file, without the outer quotes.
  var count: Int32 = 0
  /// Where its text lies in the scratch buffer when quotes were doubled, else -1.
  var scratchOffset: Int32 = -1
  /// The length of that text.
  var scratchCount: Int32 = 0
}

/// What the tokenizer found at one position.
enum CSVScan: Equatable {
  /// A record; the count includes its line end.
  case record(count: Int)
  /// The record goes on after the bytes that are at hand.
  case incomplete
  /// Something that no record may have, and how far from the start of the record.
  case complaint(CSVComplaint, at: Int)
}

/// A breach of RFC 4180.
enum CSVComplaint {
  case tooLong
  case unclosedQuote
  case unclosedLongQuote
  case quoteInsideField
  case textAfterQuote
  case loneReturn
}

/// Splits one record into fields, eight bytes at a time.
///
/// All bytes that mean something (comma, quote, CR, LF) are at most 44, digits and letters are not.
@safe final class CSVTokenizer {
  /// The largest record in bytes, without its line end.
  static let limit = 1 << 20

  /// The number of fields of the record.
  private(set) var count = 0
  /// The physical lines that the record takes.
  private(set) var lineCount = 0
  /// The bytes of the record without its line end.
  private(set) var length = 0

  private var fields: UnsafeMutablePointer<CSVField>
  private var capacity: Int
  private let scratch = ByteBuffer(capacity: 0)

  init(capacity: Int) {
    self.capacity = max(capacity, 1)
    unsafe fields = .allocate(capacity: self.capacity)
    unsafe fields.initialize(repeating: CSVField(), count: self.capacity)
  }

  deinit { unsafe fields.deallocate() }

  /// A field of the record, nil where there is none.
  @inline(__always)
  func field(_ index: Int) -> CSVField? {
    UInt(bitPattern: index) < UInt(min(count, capacity)) ? unsafe fields[index] : nil
  }

  /// The text of a field whose quotes were doubled.
  func unescaped(_ field: CSVField) -> UnsafeBufferPointer<UInt8> {
    unsafe UnsafeBufferPointer(
      start: scratch.start + Int(field.scratchOffset),
      count: Int(field.scratchCount)
    )
  }

  /// Forgets the record.
  func clear() {
    count = 0
    length = 0
  }

  /// Makes room for this many fields of a record; further ones are counted only.
  func reserve(_ fieldCount: Int) {
    guard fieldCount > capacity else { return }
    unsafe fields.deallocate()
    capacity = fieldCount
    unsafe fields = .allocate(capacity: capacity)
    unsafe fields.initialize(repeating: CSVField(), count: capacity)
    clear()
  }

  /// Scans one record from the start of the bytes, which are the last ones or go on.
  func scan(_ bytes: UnsafeBufferPointer<UInt8>, isLast: Bool) -> CSVScan {
    clear()
    scratch.clear()
    lineCount = 1
    guard let start = bytes.baseAddress else { return .incomplete }
    let cut = min(bytes.count, CSVTokenizer.limit + 2)
    let end = unsafe start + cut
    let isFinal = isLast && cut == bytes.count
    let shortage = cut < bytes.count ? CSVScan.complaint(.tooLong, at: 0) : .incomplete
    let fields = unsafe fields
    var found = 0
    var next = unsafe start
    while true {
      let first = unsafe next
      var field = CSVField()
      if unsafe next < end && next.pointee == UInt8(ascii: "\"") {
        unsafe next += 1
        field.offset = unsafe Int32(truncatingIfNeeded: next - start)
        guard unsafe skipQuoted(&next, end, &field, isFinal: isFinal) else {
          if isFinal { return .complaint(.unclosedQuote, at: unsafe first - start) }
          return cut < bytes.count
            ? .complaint(.unclosedLongQuote, at: unsafe first - start) : .incomplete
        }
      } else {
        guard unsafe CSVTokenizer.skipPlain(&next, end) else {
          return .complaint(.quoteInsideField, at: unsafe next - start)
        }
        field.offset = unsafe Int32(truncatingIfNeeded: first - start)
        field.count = unsafe Int32(truncatingIfNeeded: next - first)
      }
      if found < capacity { unsafe fields[found] = field }
      found += 1
      guard unsafe next < end else {
        return isFinal ? unsafe finish(found, length: next - start, lineEnd: 0) : shortage
      }
      switch unsafe next.pointee {
      case UInt8(ascii: ","):
        unsafe next += 1
      case UInt8(ascii: "\n"):
        return unsafe finish(found, length: next - start, lineEnd: 1)
      case UInt8(ascii: "\r"):
        guard unsafe next + 1 < end else {
          return isFinal ? unsafe finish(found, length: next - start, lineEnd: 1) : shortage
        }
        guard unsafe next[1] == UInt8(ascii: "\n") else {
          return .complaint(.loneReturn, at: unsafe next - start)
        }
        return unsafe finish(found, length: next - start, lineEnd: 2)
      default:
        return .complaint(.textAfterQuote, at: unsafe next - start)
      }
    }
  }

  // MARK: - Parts of a record

  private func finish(_ found: Int, length: Int, lineEnd: Int) -> CSVScan {
    guard length <= CSVTokenizer.limit else { return .complaint(.tooLong, at: 0) }
    count = found
    self.length = length
    return .record(count: length + lineEnd)
  }

  /// Goes to what ends a field without quotes, or to a quote, which gives false.
  @inline(__always)
  private static func skipPlain(_ next: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>)
    -> Bool
  {
    while true {
      while unsafe end - next >= 8 {
        let word = unsafe UInt64(
          littleEndian: UnsafeRawPointer(next).loadUnaligned(as: UInt64.self)
        )
        // The high bit of each byte of `small` is set where the byte is at most 44.
        let large = (word | 0x8080_8080_8080_8080) &- 0x2D2D_2D2D_2D2D_2D2D
        let small = ~(large | word) & 0x8080_8080_8080_8080
        if small != 0 {
          unsafe next += small.trailingZeroBitCount >> 3
          break
        }
        unsafe next += 8
      }
      while unsafe next < end && next.pointee > UInt8(ascii: ",") { unsafe next += 1 }
      guard unsafe next < end else { return true }
      switch unsafe next.pointee {
      case UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\r"): return true
      case UInt8(ascii: "\""): return false
      default: unsafe next += 1
      }
    }
  }

  /// Goes past the closing quote; gives false where there is none in the bytes at hand.
  private func skipQuoted(
    _ next: inout UnsafePointer<UInt8>,
    _ end: UnsafePointer<UInt8>,
    _ field: inout CSVField,
    isFinal: Bool
  ) -> Bool {
    let first = unsafe next
    var copied = unsafe next
    while unsafe next < end {
      let byte = unsafe next.pointee
      unsafe next += 1
      if byte == UInt8(ascii: "\n") { lineCount += 1 }
      guard byte == UInt8(ascii: "\"") else { continue }
      guard unsafe next < end || isFinal else { return false }
      if unsafe next < end && next.pointee == UInt8(ascii: "\"") {
        if field.scratchOffset < 0 { field.scratchOffset = Int32(scratch.count) }
        unsafe scratch.append(UnsafeBufferPointer(start: copied, count: next - copied))
        unsafe next += 1
        unsafe copied = next
        continue
      }
      let last = unsafe next - 1
      field.count = unsafe Int32(truncatingIfNeeded: last - first)
      if field.scratchOffset >= 0 {
        unsafe scratch.append(UnsafeBufferPointer(start: copied, count: last - copied))
        field.scratchCount = Int32(scratch.count) - field.scratchOffset
      }
      return true
    }
    return false
  }
}
