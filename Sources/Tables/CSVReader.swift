// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import TextKit

/// Reads a CSV file record by record, without an object for a row or a field.
///
///     var reader = try CSVReader(path: "book.csv", required: ["asset", "quantity"])
///     while try reader.next() {
///       let quantity = try reader.number(1)
///     }
///
/// The form is RFC 4180 in UTF-8: commas, quotes where needed, lines that end with LF or CR LF, a
/// header line with each column once, in any order. Lines with nothing in them are passed over.
/// After a failure of `next()` there are no further records.
@safe package struct CSVReader: ~Copyable {
  /// The path as the user wrote it, or "standard input".
  package var name: String { source.name }
  /// The columns by index: required, optional, then the others if they are kept.
  package var columns: [String] { header.columns }
  /// Columns of the file that were not asked for, in its order; the caller warns once.
  package var unknownColumns: [String] { header.unknown }
  /// The physical line at which the current record starts, from 1.
  package private(set) var line = 0

  var source: TextSource
  let tokenizer: CSVTokenizer
  private(set) var header: CSVHeader
  private(set) var record = unsafe UnsafeBufferPointer<UInt8>(start: nil, count: 0)
  private var fieldCount = 0
  /// Where the next record begins in the window.
  private(set) var cursor = 0
  private var nextLine = 1
  private var hasEnded = false

  /// Opens a file, `-` being standard input, and reads its header.
  ///
  /// The required columns must be there and are addressed by their index in that list, the indices
  /// of the optional ones follow. With `keepsOthers` all further columns are addressed too, in the
  /// order of the file.
  package init(
    path: String,
    required: [String],
    optional: [String] = [],
    keepsOthers: Bool = false
  ) throws(Failure) {
    try self.init(
      source: TextSource(path: path),
      required: required,
      optional: optional,
      keepsOthers: keepsOthers
    )
  }

  /// Reads the header of an input that is open.
  package init(
    source: consuming TextSource,
    required: [String],
    optional: [String] = [],
    keepsOthers: Bool = false
  ) throws(Failure) {
    self.source = source
    tokenizer = CSVTokenizer(capacity: required.count + optional.count + 8)
    header = CSVHeader()
    let names = try readHeader(wanted: required + optional)
    header = try CSVHeader(
      names: names,
      required: required,
      optional: optional,
      keepsOthers: keepsOthers,
      place: (file: self.source.name, line: line)
    )
    fieldCount = names.count
    tokenizer.clear()
  }

  /// Reads records that someone else holds in memory, with the header of another reader.
  ///
  /// * `bytes`: whole records, unchanged as long as this reader is used.
  /// * `line`: the physical line at which they begin.
  @unsafe
  init(_ bytes: UnsafeBufferPointer<UInt8>, line: Int, as other: borrowing CSVReader) {
    unsafe source = TextSource(bytes, name: other.name)
    header = other.header
    fieldCount = other.fieldCount
    tokenizer = CSVTokenizer(capacity: fieldCount)
    nextLine = line
  }

  /// Bytes of the window up to the end of the current record.
  package var consumed: Int { cursor }

  /// Goes to the next record.
  ///
  /// - Returns: false when there is none.
  package mutating func next() throws(Failure) -> Bool {
    guard !hasEnded else { return false }
    hasEnded = true
    repeat {
      guard try scan() else { return false }
    } while tokenizer.length == 0
    guard tokenizer.count == fieldCount else { throw wrongFieldCount }
    hasEnded = false
    return true
  }

  // MARK: - Scanning

  /// Scans one record, with more bytes from the source as needed.
  private mutating func scan() throws(Failure) -> Bool {
    line = nextLine
    while true {
      let rest = unsafe UnsafeBufferPointer(rebasing: source.window[cursor...])
      if rest.isEmpty && source.isComplete {
        tokenizer.clear()
        return false
      }
      switch unsafe tokenizer.scan(rest, isLast: source.isComplete) {
      case .record(let count):
        unsafe record = rest
        cursor += count
        nextLine = line + tokenizer.lineCount
        return true
      case .complaint(let complaint, let offset):
        throw unsafe failure(complaint, at: offset, in: rest)
      case .incomplete:
        tokenizer.clear()
        let consumed = cursor
        cursor = 0
        try source.advance(past: consumed)
      }
    }
  }

  /// Reads the first line that is not empty.
  private mutating func readHeader(wanted: [String]) throws(Failure) -> [String] {
    if unsafe source.window.starts(with: [0xEF, 0xBB, 0xBF]) { cursor = 3 }
    try refuseBinary(wanted: wanted)
    repeat {
      guard try scan() else { throw emptyFile(wanted: wanted) }
    } while tokenizer.length == 0
    if tokenizer.count > wanted.count + 8 {
      // A second scan of the same line, now that the number of its fields is known.
      tokenizer.reserve(tokenizer.count)
      _ = unsafe tokenizer.scan(record, isLast: source.isComplete)
    }
    var names: [String] = []
    for index in 0..<tokenizer.count {
      guard let bytes = unsafe fieldBytes(index), let name = unsafe CSVReader.validText(bytes)
      else { throw binaryHeader(wanted: wanted) }
      names.append(name)
    }
    return names
  }
}
