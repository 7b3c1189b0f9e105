// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Synchronization

/// The records of a CSV file in pieces, handed out to several threads in the order of the file.
///
/// The file is mapped, or inflated into memory by a thread of its own.
///
/// Every piece begins and ends where a record does. Records that follow each other with the same
/// text in the key column stay together, up to a limit. A file without quotes is cut at line ends
/// without being looked at; whoever meets a quote starts again with `mayHaveQuotes`, and then every
/// record is walked through once before it is handed out.
@safe
package final class RecordPieces: @unchecked Sendable {
  /// Some whole records.
  @safe
  package struct Piece: @unchecked Sendable {
    /// Place among the pieces, from 0.
    package let index: Int
    /// Where the piece begins in the file.
    package let offset: Int
    /// The records; at least 32 more bytes can be read after them, and the last one has a line end
    /// that the file may not have.
    @unsafe package let bytes: UnsafeBufferPointer<UInt8>
    fileprivate let count: Int
  }

  /// How many bytes of records with the same key stay together.
  private static let longestRun = 1 << 24
  /// Bytes that can be read after a piece.
  private static let padding = 64

  private struct Cutter {
    var start: Int
    var index = 0
    /// Copies of the last bytes of the file with something to read after them.
    var tails: [ByteBuffer] = []
  }

  /// Where the text begins, and how much of it is at hand.
  private let start: UnsafePointer<UInt8>
  private let count: Atomic<Int>
  private let inflated: InflatedText?
  private let size: Int
  private let key: Int
  private let mayHaveQuotes: Bool
  private let tokenizer: CSVTokenizer
  private let cutter: Mutex<Cutter>
  private let reader: CSVReader

  /// Divides what follows the header of a file that is at hand as a whole.
  ///
  /// * `reader`: just opened; it holds the file.
  /// * `path`: that of a file whose text must be inflated.
  /// * `size`: bytes of a piece, about.
  /// * `key`: the column whose equal texts stay together.
  /// - Returns: nil for an input that is not mapped, such as a pipe.
  package init?(
    _ reader: consuming CSVReader,
    path: String,
    size: Int,
    key: Int,
    mayHaveQuotes: Bool
  ) {
    if reader.source.isGzip {
      guard let text = InflatedText(path: path), let first = unsafe text.start else { return nil }
      unsafe start = first
      inflated = text
      count = Atomic(0)
    } else {
      guard reader.source.isComplete, reader.source.isMapped,
        let first = unsafe reader.source.window.baseAddress
      else { return nil }
      unsafe start = first
      inflated = nil
      count = unsafe Atomic(reader.source.window.count)
    }
    self.size = max(1, size)
    self.key = Int(reader.header.positions[key])
    self.mayHaveQuotes = mayHaveQuotes
    tokenizer = CSVTokenizer(capacity: reader.header.names.count + 1)
    cutter = Mutex(Cutter(start: reader.source.passed + reader.cursor))
    self.reader = reader
  }

  /// The text that is at hand.
  private var whole: UnsafeBufferPointer<UInt8> {
    unsafe UnsafeBufferPointer(start: start, count: count.load(ordering: .acquiring))
  }

  /// Waits until so much of the text is at hand; true once it is all that there is.
  private func reach(_ wanted: Int) -> Bool {
    guard let inflated else { return true }
    let found = inflated.reach(wanted)
    count.store(found.count, ordering: .releasing)
    return found.isComplete
  }

  /// The file turned out to be damaged, so that pieces are missing.
  package var isBroken: Bool { inflated?.isBroken == true }

  /// Failures know their lines.
  package var hasLines: Bool { inflated == nil }

  /// Whether a path names a file that can be cut into pieces.
  package static func canRead(_ path: String) -> Bool {
    !path.utf8.contains(0) && path != "/dev/stdin" && FileStatus.of(path)?.isRegular == true
  }

  /// Columns of the file that were not asked for.
  package var unknownColumns: [String] { reader.unknownColumns }

  /// The field of each column in a record, -1 where the header does not have it.
  package var fieldOfColumn: [Int32] { reader.header.positions }

  /// Fields of a record.
  package var width: Int { reader.header.names.count }

  /// Reads some records of a piece again, one by one, with all that the form allows.
  ///
  /// * `line`: the physical line at which they begin, for messages.
  @unsafe
  package func records(_ bytes: UnsafeBufferPointer<UInt8>, line: Int) -> CSVReader {
    unsafe CSVReader(bytes, line: line, as: reader)
  }

  /// Bytes after the header, of a file that is inflated as many as are good for samples.
  package var byteCount: Int {
    cutter.withLock {
      _ = reach(1 << 20)
      return unsafe whole.count - $0.start
    }
  }

  /// The physical line at a place of a mapped file, from 1.
  package func line(at place: Int) -> Int {
    let before = unsafe whole.prefix(place)
    return unsafe 1 + before.count { $0 == UInt8(ascii: "\n") }
  }

  /// The next piece, nil after the last one.
  package func next() -> Piece? {
    cutter.withLock { (cutter: inout Cutter) -> Piece? in
      let start = cutter.start
      var ahead = size + RecordPieces.longestRun
      var isLast = reach(start + ahead)
      guard unsafe start < whole.count, !isBroken else { return nil }
      var end = mayHaveQuotes ? walk(from: start) : cut(from: start)
      while unsafe !isLast && end + RecordPieces.padding > whole.count {
        ahead *= 2
        isLast = reach(start + ahead)
        end = mayHaveQuotes ? walk(from: start) : cut(from: start)
      }
      guard !isBroken else { return nil }
      let index = cutter.index
      cutter.start = end
      cutter.index += 1
      var bytes = unsafe UnsafeBufferPointer(rebasing: whole[start..<end])
      if unsafe end + RecordPieces.padding > whole.count {
        let tail = ByteBuffer(capacity: bytes.count + RecordPieces.padding + 1)
        unsafe tail.append(bytes)
        if unsafe bytes.last != UInt8(ascii: "\n") {
          let lineEnd: [UInt8] = [UInt8(ascii: "\n")]
          unsafe lineEnd.withUnsafeBufferPointer { unsafe tail.append($0) }
        }
        unsafe tail.room.initializeMemory(as: UInt8.self, repeating: 0)
        unsafe bytes = tail.bytes
        cutter.tails.append(tail)
      }
      return unsafe Piece(index: index, offset: start, bytes: bytes, count: end - start)
    }
  }

  /// About 64 KiB of records from somewhere in the middle, to learn what the file is like.
  ///
  /// Not one of the pieces, and wrong where quotes hold line ends.
  /// - Returns: nil near the end of the file.
  package func sample(from place: Int) -> Piece? {
    let start = lineEnd(after: place)
    let end = lineEnd(after: start + 1 << 16)
    guard unsafe end + RecordPieces.padding <= whole.count else { return nil }
    return unsafe Piece(
      index: -1,
      offset: start,
      bytes: UnsafeBufferPointer(rebasing: whole[start..<end]),
      count: end - start
    )
  }

  /// Gives the memory of a piece back to the system; a mapped file can still be read.
  package func release(_ piece: Piece) {
    if let inflated {
      inflated.release(piece.index, end: piece.offset + piece.count)
      return
    }
    guard let base = unsafe whole.baseAddress else { return }
    let page = 4095
    let first = unsafe Int(bitPattern: base + piece.offset) & ~page
    let end = unsafe Int(bitPattern: base + piece.offset + piece.count) & ~page
    guard end > first, let start = unsafe UnsafeMutableRawPointer(bitPattern: first) else { return }
    _ = unsafe madvise(start, end - first, MADV_DONTNEED)
  }

  // MARK: - Cuts

  /// The end of a piece at a line end, in a file without quotes.
  private func cut(from start: Int) -> Int {
    let total = unsafe whole.count
    guard start + size < total else { return total }
    var end = lineStart(before: start + size, from: start)
    if end == start { end = lineEnd(after: start + size) }
    guard key >= 0, end < total else { return end }
    let text = unsafe keyText(at: lineStart(before: end - 1, from: start))
    guard !text.isEmpty else { return end }
    let limit = end + RecordPieces.longestRun
    while end < min(total, limit), unsafe RecordPieces.isEqual(keyText(at: end), text) {
      end = lineEnd(after: end)
    }
    return end
  }

  /// The place after the last line feed before a place, or the lowest place.
  private func lineStart(before place: Int, from lowest: Int) -> Int {
    var start = place
    while start > lowest, unsafe whole[start - 1] != UInt8(ascii: "\n") { start -= 1 }
    return start
  }

  /// The place after the next line feed.
  private func lineEnd(after place: Int) -> Int {
    let total = unsafe whole.count
    guard place < total, let base = unsafe whole.baseAddress,
      let found = unsafe memchr(base + place, 10, total - place)
    else { return total }
    return unsafe UnsafePointer(found.assumingMemoryBound(to: UInt8.self)) - base + 1
  }

  /// The bytes of the key column of the record at a place.
  private func keyText(at place: Int) -> UnsafeBufferPointer<UInt8> {
    var next = place
    let total = unsafe whole.count
    var first = place
    var column = 0
    while next < total {
      let byte = unsafe whole[next]
      if byte == UInt8(ascii: ",") {
        if column == key { break }
        column += 1
        first = next + 1
      } else if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
        break
      }
      next += 1
    }
    return unsafe UnsafeBufferPointer(rebasing: whole[(column == key ? first : next)..<next])
  }

  private static func isEqual(
    _ left: UnsafeBufferPointer<UInt8>,
    _ right: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    unsafe left.count == right.count && left.elementsEqual(right)
  }

  /// The end of a piece, found record by record.
  private func walk(from start: Int) -> Int {
    var end = start
    var text = unsafe UnsafeBufferPointer(rebasing: whole[start..<start])
    while unsafe end < whole.count {
      let rest = unsafe UnsafeBufferPointer(rebasing: whole[end...])
      // What breaks the form is left to whoever reads the piece.
      guard case .record(let count) = unsafe tokenizer.scan(rest, isLast: true) else {
        return unsafe whole.count
      }
      var own = unsafe UnsafeBufferPointer(rebasing: rest[0..<0])
      if let field = tokenizer.field(key) {
        unsafe own = UnsafeBufferPointer(
          rebasing: rest[Int(field.offset)..<Int(field.offset + field.count)]
        )
      }
      let isNext = unsafe own.isEmpty || !RecordPieces.isEqual(own, text)
      if end - start >= size && (isNext || end - start > RecordPieces.longestRun) { return end }
      unsafe text = own
      end += count
    }
    return end
  }
}
