// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
package import TextKit

/// One column of numbers in a `.npy` file, mapped into memory and never loaded as a whole.
///
/// Values are read in ranges of rows; `forget` gives the memory of rows that are done back.
@safe package final class NPYArray: @unchecked Sendable {
  /// The path as the user wrote it.
  package let path: String
  /// The type of the values.
  package let type: NPYType
  /// How many values there are.
  package let count: Int
  private let mapping: FileMapping
  private let start: UnsafeRawPointer

  /// Opens a file and checks its header and size.
  ///
  /// - Throws: a missing-input failure when it cannot be opened, a data failure with what was found
  ///   and expected when it is not such a file.
  package init(path: String) throws(Failure) {
    guard let descriptor = Descriptor.open(path, O_RDONLY) else {
      let code = errno
      throw Failure(.missingInput, "\(path): cannot be opened: \(systemText(code))")
    }
    guard let status = descriptor.status, status.isRegular, status.size > 0,
      let mapping = FileMapping(descriptor, count: status.size),
      let first = unsafe mapping.bytes.baseAddress
    else {
      throw Failure(.data, "\(path): found no bytes, expected a .npy file")
    }
    let header = try unsafe NPYHeader(mapping.bytes, size: status.size, file: path)
    self.path = path
    self.mapping = mapping
    type = header.type
    count = header.count
    unsafe start = UnsafeRawPointer(first) + header.offset
  }

  /// Reads a range of values as numbers; truth values are 0 and 1.
  ///
  /// Rows beyond the end are left out.
  package func numbers(_ rows: Range<Int>, into values: inout [Double]) {
    switch type {
    case .float64: read(rows, Double.self, into: &values) { $0 }
    case .float32: read(rows, Float.self, into: &values) { Double($0) }
    case .int64: read(rows, Int64.self, into: &values) { Double($0) }
    case .int32: read(rows, Int32.self, into: &values) { Double($0) }
    case .int16: read(rows, Int16.self, into: &values) { Double($0) }
    case .int8: read(rows, Int8.self, into: &values) { Double($0) }
    case .uint8, .bool: read(rows, UInt8.self, into: &values) { Double($0) }
    }
  }

  /// Reads a range of values as whole numbers, those of floating columns towards zero.
  ///
  /// What has no place in 64 bits becomes the least of them.
  package func integers(_ rows: Range<Int>, into values: inout [Int64]) {
    switch type {
    case .float64:
      read(rows, Double.self, into: &values) { Int64(exactly: $0.rounded(.towardZero)) ?? .min }
    case .float32:
      read(rows, Float.self, into: &values) { Int64(exactly: $0.rounded(.towardZero)) ?? .min }
    case .int64: read(rows, Int64.self, into: &values) { $0 }
    case .int32: read(rows, Int32.self, into: &values) { Int64($0) }
    case .int16: read(rows, Int16.self, into: &values) { Int64($0) }
    case .int8: read(rows, Int8.self, into: &values) { Int64($0) }
    case .uint8, .bool: read(rows, UInt8.self, into: &values) { Int64($0) }
    }
  }

  /// One value as a whole number, 0 beyond the end; see `integers`.
  package func integer(_ row: Int) -> Int64 {
    guard row >= 0, row < count else { return 0 }
    if type == .int64 {
      return unsafe start.loadUnaligned(fromByteOffset: row * 8, as: Int64.self)
    }
    var values: [Int64] = []
    integers(row..<row + 1, into: &values)
    return values[0]
  }

  /// Reads a range of a column of bytes.
  package func bytes(_ rows: Range<Int>) -> [UInt8] {
    var values: [UInt8] = []
    guard type.size == 1 else { return values }
    read(rows, UInt8.self, into: &values) { $0 }
    return values
  }

  /// Gives the memory of rows that are done back to the system; they can be read again.
  package func forget(_ rows: Range<Int>) {
    let page = 1 << 16
    let base = unsafe UInt(bitPattern: mapping.bytes.baseAddress)
    let offset = unsafe UInt(bitPattern: start) - base
    let rows = rows.clamped(to: 0..<count)
    let first = (offset + UInt(rows.lowerBound * type.size)) / UInt(page) * UInt(page)
    let end = (offset + UInt(rows.upperBound * type.size)) / UInt(page) * UInt(page)
    guard end > first, let start = unsafe UnsafeMutableRawPointer(bitPattern: base + first) else {
      return
    }
    unsafe madvise(start, Int(end - first), MADV_DONTNEED)
  }

  /// Lends the values from a row on as they lie in the file; nil where they have another type or
  /// do not lie at a multiple of their size.
  ///
  /// Valid as long as the array, up to `count`.
  package func values<Value: BitwiseCopyable>(
    from row: Int,
    as type: Value.Type
  ) -> UnsafePointer<Value>? {
    let isSame =
      switch self.type {
      case .float64: type == Double.self
      case .float32: type == Float.self
      case .int64: type == Int64.self
      case .int32: type == Int32.self
      case .int16: type == Int16.self
      case .int8: type == Int8.self || type == UInt8.self
      case .bool: type == Int8.self || type == UInt8.self
      case .uint8: type == UInt8.self
      }
    let place = unsafe start + row * MemoryLayout<Value>.stride
    guard isSame, row >= 0, row <= count,
      UInt(bitPattern: place) % UInt(MemoryLayout<Value>.alignment) == 0
    else { return nil }
    return unsafe place.assumingMemoryBound(to: Value.self)
  }

  /// Lends a range of a column of bytes as it lies in the file; nothing where it has other types.
  package func withBytes<R>(_ rows: Range<Int>, _ body: (Span<UInt8>) -> R) -> R {
    let rows = type.size == 1 ? rows.clamped(to: 0..<count) : 0..<0
    let bytes = unsafe UnsafeBufferPointer(
      start: start.assumingMemoryBound(to: UInt8.self) + rows.lowerBound,
      count: rows.count
    )
    return unsafe body(bytes.span)
  }

  @inline(__always)
  private func read<Stored: BitwiseCopyable, Value: BitwiseCopyable>(
    _ rows: Range<Int>,
    _: Stored.Type,
    into values: inout [Value],
    _ value: (Stored) -> Value
  ) {
    let size = MemoryLayout<Stored>.size
    let rows = rows.clamped(to: 0..<count)
    let first = unsafe start + rows.lowerBound * size
    guard let zero = rows.isEmpty ? nil : value(unsafe first.loadUnaligned(as: Stored.self)) else {
      values.removeAll(keepingCapacity: true)
      return
    }
    // The memory of the last call is used again, without a look at each place.
    if values.count > rows.count { values.removeLast(values.count - rows.count) }
    if values.count < rows.count {
      values.append(contentsOf: repeatElement(zero, count: rows.count - values.count))
    }
    unsafe values.withUnsafeMutableBufferPointer { (room: inout UnsafeMutableBufferPointer) in
      for row in room.indices {
        let stored = unsafe first.loadUnaligned(fromByteOffset: row * size, as: Stored.self)
        unsafe room[row] = value(stored)
      }
    }
  }
}
