// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
package import TextKit

/// Writes one `.npy` column value by value; the header is completed at the end.
///
/// The file is not renamed: it belongs into a folder that is renamed as a whole (`FolderOutput`).
package final class NPYWriter {
  /// Values written so far.
  package private(set) var count = 0
  /// The type of the values.
  package let type: NPYType
  private let path: String
  private let descriptor: Descriptor
  private var waiting: [UInt8] = []

  /// Bytes written at once: large blocks lie in large pages of the system's cache, which are mapped
  /// ten times as fast.
  private static let blockBytes = 1 << 22

  /// Makes the file, which must not be there.
  package init(path: String, type: NPYType) throws(Failure) {
    self.path = path
    self.type = type
    guard let made = Descriptor.open(path, O_WRONLY | O_CREAT | O_EXCL) else {
      throw OutputTarget.refused(path, systemText(errno))
    }
    descriptor = made
    waiting = NPYHeader.bytes(type: type, count: 0)
  }

  /// Adds a number; whole types take it towards zero.
  package func add(_ value: Double) throws(Failure) {
    switch type {
    case .float64: try put(value.bitPattern)
    case .float32: try put(Float(value).bitPattern)
    default: try add(Int64(exactly: value.rounded(.towardZero)) ?? .min)
    }
  }

  /// Adds a whole number; of what does not fit the lowest bits are kept.
  package func add(_ value: Int64) throws(Failure) {
    switch type {
    case .float64, .float32: try add(Double(value))
    case .int64: try put(UInt64(bitPattern: value))
    case .int32: try put(UInt32(truncatingIfNeeded: value))
    case .int16: try put(UInt16(truncatingIfNeeded: value))
    case .int8, .uint8: try put(UInt8(truncatingIfNeeded: value))
    case .bool: try put(UInt8(value == 0 ? 0 : 1))
    }
  }

  /// Adds values of one byte each.
  package func add(_ bytes: [UInt8]) throws(Failure) {
    waiting += bytes
    count += bytes.count / type.size
    try flush(above: NPYWriter.blockBytes)
  }

  /// Completes the header and hands the file to the disk.
  package func finish() throws(Failure) {
    try flush(above: 0)
    let header = NPYHeader.bytes(type: type, count: count)
    let written = unsafe header.withUnsafeBytes { (bytes: UnsafeRawBufferPointer) -> Int in
      unsafe pwrite(descriptor.number, bytes.baseAddress, bytes.count, 0)
    }
    guard written == header.count, fsync(descriptor.number) == 0 else {
      throw OutputTarget.refused(path, systemText(errno))
    }
  }

  private func put(_ value: some FixedWidthInteger) throws(Failure) {
    unsafe withUnsafeBytes(of: value.littleEndian) { (bytes: UnsafeRawBufferPointer) in
      unsafe waiting.append(contentsOf: bytes)
    }
    count += 1
    try flush(above: NPYWriter.blockBytes)
  }

  private func flush(above limit: Int) throws(Failure) {
    guard waiting.count > limit else { return }
    let code = unsafe waiting.withUnsafeBytes { (bytes: UnsafeRawBufferPointer) -> Int32 in
      unsafe descriptor.write(bytes)
    }
    guard code == 0 else { throw OutputTarget.refused(path, systemText(code)) }
    waiting.removeAll(keepingCapacity: true)
  }
}
