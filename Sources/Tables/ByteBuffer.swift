// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// A growing run of bytes whose addresses stay until it grows or drops.
@safe final class ByteBuffer {
  private(set) var start: UnsafeMutablePointer<UInt8>
  private(set) var capacity: Int
  private(set) var count = 0

  init(capacity: Int) {
    self.capacity = max(capacity, 64)
    unsafe start = .allocate(capacity: self.capacity)
  }

  deinit { unsafe start.deallocate() }

  /// The bytes written so far.
  var bytes: UnsafeBufferPointer<UInt8> { unsafe UnsafeBufferPointer(start: start, count: count) }

  /// The room after the bytes.
  var room: UnsafeMutableRawBufferPointer {
    unsafe UnsafeMutableRawBufferPointer(start: start + count, count: capacity - count)
  }

  /// Makes the room at least this large.
  func reserve(_ more: Int) {
    guard capacity - count < more else { return }
    let larger = max(capacity * 2, count + more)
    let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
    unsafe moved.update(from: start, count: count)
    unsafe start.deallocate()
    unsafe start = moved
    capacity = larger
  }

  /// Counts bytes that were put into the room.
  func grow(by more: Int) { count += min(max(more, 0), capacity - count) }

  /// Adds bytes at the end.
  func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let first = bytes.baseAddress else { return }
    reserve(bytes.count)
    unsafe (start + count).update(from: first, count: bytes.count)
    count += bytes.count
  }

  /// Forgets the first bytes and moves the others to the front.
  func drop(_ first: Int) {
    let gone = min(max(first, 0), count)
    guard gone > 0 else { return }
    unsafe start.update(from: start + gone, count: count - gone)
    count -= gone
  }

  /// Forgets all bytes and keeps the memory.
  func clear() { count = 0 }
}
