// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import TextKit

/// Text that is read or inflated block by block into a buffer that never holds much of it.
@safe final class BlockReader {
  /// Nothing follows the bytes at hand.
  private(set) var isComplete = false

  private let name: String
  private let descriptor: Descriptor
  private let buffer = ByteBuffer(capacity: 1 << 18)
  private var inflater: Inflater?

  /// Reads the first block; a gzip stream is known by the name or by its first two bytes.
  init(_ descriptor: Descriptor, name: String, isGzip: Bool) throws(Failure) {
    self.descriptor = descriptor
    self.name = name
    try fill(atLeast: 3)
    guard unsafe isGzip || BlockReader.isGzip(buffer.bytes) else { return }
    inflater = try unsafe Inflater(name: name, first: buffer.bytes)
    buffer.clear()
    isComplete = false
    try fill(atLeast: 3)
  }

  /// The bytes at hand, until the next change.
  var bytes: UnsafeBufferPointer<UInt8> { unsafe buffer.bytes }

  /// The text is that of a gzip stream.
  var isGzip: Bool { inflater != nil }

  /// How many bytes are at hand.
  var count: Int { buffer.count }

  /// Forgets the first bytes at hand.
  func drop(_ consumed: Int) { buffer.drop(consumed) }

  /// Adds at least so many bytes, unless the input ends.
  func fill(atLeast wanted: Int) throws(Failure) {
    buffer.reserve(max(wanted, 1 << 16))
    let goal = buffer.count + wanted
    while !isComplete && buffer.count < goal {
      let room = unsafe buffer.room
      let count =
        if let inflater {
          try unsafe inflater.read(into: room, from: descriptor)
        } else {
          try unsafe descriptor.read(into: room, name: name)
        }
      buffer.grow(by: count)
      isComplete = count == 0
    }
  }

  /// Tells whether the bytes begin as a gzip stream does.
  static func isGzip(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    unsafe bytes.count >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b
  }
}
