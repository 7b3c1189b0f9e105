// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CSIMD

/// Where the texts of a column are written: their places, lengths and first 16 bytes.
@safe
package struct TextStarts {
  let offsets: UnsafeMutablePointer<Int32>
  let lengths: UnsafeMutablePointer<Int32>
  let highs: UnsafeMutablePointer<UInt64>
  let lows: UnsafeMutablePointer<UInt64>

  /// Columns with room for all rows.
  ///
  /// * `highs`, `lows`: the first bytes as two numbers that sort as the bytes do.
  package init(
    offsets: UnsafeMutablePointer<Int32>,
    lengths: UnsafeMutablePointer<Int32>,
    highs: UnsafeMutablePointer<UInt64>,
    lows: UnsafeMutablePointer<UInt64>
  ) {
    unsafe (self.offsets, self.lengths) = (offsets, lengths)
    unsafe (self.highs, self.lows) = (highs, lows)
  }
}

/// Plain rows of text, read column by column.
///
/// The ends of all fields are found first, 64 bytes at a time; every column is then read by a loop
/// of its own, with no branch on what a row holds. Whoever reads gets columns of numbers, or is
/// told that a row has another form.
@safe
package final class TextRows {
  /// Rows at hand.
  package private(set) var count = 0
  let level: TextLevel
  private var places: UnsafeMutablePointer<UInt32>
  private var odd: UnsafeMutablePointer<Int32>
  private var capacity = 0
  private var text: UnsafePointer<UInt8>?
  private var width = 1
  /// Line ends have a carriage return.
  private var hasReturns = false

  private static let powers: [16 of Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 0, 0, 0, 0, 0, 0, 0,
  ]
  private static let scales: [16 of UInt64] = [
    1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 0, 0, 0, 0, 0, 0, 0,
  ]

  /// Begins with no row; `level` changes nothing but time.
  package init(level: TextLevel = .strongest) {
    self.level = level
    unsafe places = .allocate(capacity: 0)
    unsafe odd = .allocate(capacity: 0)
  }

  deinit {
    unsafe places.deallocate()
    unsafe odd.deallocate()
  }

  /// Finds the fields of rows that all have `width` of them.
  ///
  /// * `bytes`: whole rows with their line ends, less than 16 MiB; 64 more bytes can be read, as
  ///   long as columns are read.
  /// - Returns: false where any row is of another form: with quotes, control characters or bytes
  ///   beyond ASCII, empty, or with more or fewer fields.
  package func find(_ bytes: UnsafeBufferPointer<UInt8>, width: Int) -> Bool {
    count = 0
    guard let start = bytes.baseAddress, bytes.count < 1 << 24, width > 0 else { return false }
    reserve(bytes.count + 64)
    unsafe (text, self.width) = (start, width)
    unsafe places[0] = .max
    var (feeds, returns) = (0, 0)
    let found = unsafe level.findFieldEnds(
      start,
      count: bytes.count,
      places: places + 1,
      feeds: &feeds,
      returns: &returns
    )
    guard found > 0, found == feeds * width, returns == 0 || returns == feeds else { return false }
    // As many line feeds as rows, and each at the end of one, so there is none elsewhere.
    let ends = unsafe places
    var last = width
    var differs: UInt8 = 0
    while last <= found {
      unsafe differs |= start[Int(ends[last])] ^ UInt8(ascii: "\n")
      last &+= width
    }
    hasReturns = returns > 0
    count = differs == 0 ? feeds : 0
    return differs == 0
  }

  private func reserve(_ wanted: Int) {
    guard wanted > capacity else { return }
    capacity = max(wanted, 2 * capacity)
    unsafe places.deallocate()
    unsafe odd.deallocate()
    unsafe places = .allocate(capacity: capacity)
    unsafe odd = .allocate(capacity: capacity)
  }

  /// Lends a column; of a group of fields the first, with `more` after it.
  @inline(__always)
  func with<R>(
    _ field: Int,
    more: Int = 0,
    _ body: (UnsafePointer<TextColumn>, Int) -> R
  ) -> R {
    var column = unsafe TextColumn(
      text: text,
      starts: places,
      field: Int64(field),
      width: Int64(width),
      returns: field + more == width - 1 && hasReturns ? 1 : 0
    )
    return unsafe body(&column, count)
  }

  /// Reads a column of finite numbers.
  ///
  /// * `nothing`: the value of an empty field.
  /// - Returns: false where any is no number.
  package func numbers(
    _ field: Int,
    into values: UnsafeMutablePointer<Double>,
    nothing: Double
  ) -> Bool {
    unsafe with(field) { (column: UnsafePointer<TextColumn>, count: Int) -> Bool in
      let found = unsafe TextRows.powers.span.withUnsafeBufferPointer {
        (powers: UnsafeBufferPointer<Double>) -> Int in
        guard let powers = powers.baseAddress else { return 0 }
        return unsafe level.readNumbers(
          column,
          values: values,
          count: count,
          nothing: nothing,
          powers: powers,
          odd: odd
        )
      }
      for place in 0..<found {
        let row = unsafe Int(odd[place])
        guard let value = unsafe NumberParser.double(bytes(field, of: row)) else { return false }
        unsafe values[row] = value
      }
      return true
    }
  }

  /// The bytes of one field.
  package func bytes(_ field: Int, of row: Int) -> UnsafeBufferPointer<UInt8> {
    let place = row * width + field
    let start = unsafe Int(places[place] &+ 1)
    let returns = field == width - 1 && hasReturns ? 1 : 0
    let count = unsafe Int(places[place + 1]) - start - returns
    return unsafe UnsafeBufferPointer(start: text.map { unsafe $0 + start }, count: count)
  }

  /// Reads a column of whole numbers of up to 16 digits, −1 for empty fields.
  ///
  /// - Returns: false where any is of another form.
  package func wholes(_ field: Int, into values: UnsafeMutablePointer<Int64>) -> Bool {
    unsafe with(field) { (column: UnsafePointer<TextColumn>, count: Int) -> Bool in
      unsafe TextRows.scales.span.withUnsafeBufferPointer {
        (scales: UnsafeBufferPointer<UInt64>) -> Bool in
        guard let scales = scales.baseAddress else { return false }
        return unsafe level.readWholes(column, values: values, count: count, scales: scales)
      }
    }
  }

  /// Reads a column of 0 and 1, empty fields as 0.
  ///
  /// - Returns: false where any is of another form.
  package func flags(_ field: Int, into values: UnsafeMutablePointer<UInt8>) -> Bool {
    unsafe with(field) { (column: UnsafePointer<TextColumn>, count: Int) -> Bool in
      unsafe level.readFlags(column, values: values, count: count)
    }
  }

  /// Reads a column of texts.
  ///
  /// - Returns: false where any has spaces or signs up to the comma.
  package func texts(_ field: Int, into starts: TextStarts) -> Bool {
    let isPlain = unsafe with(field) { (column: UnsafePointer<TextColumn>, count: Int) -> Bool in
      unsafe level.readTexts(column, starts, count: count)
    }
    guard isPlain else { return false }
    for row in 0..<count where unsafe starts.lengths[row] > 16 {
      let rest = unsafe bytes(field, of: row).dropFirst(16)
      guard unsafe rest.count < 1 << 16, unsafe rest.allSatisfy({ $0 > UInt8(ascii: ",") }) else {
        return false
      }
    }
    return true
  }

  /// Whether a column is empty.
  package func isEmpty(_ field: Int) -> Bool {
    for row in 0..<count where unsafe !bytes(field, of: row).isEmpty { return false }
    return true
  }
}
