// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CZlib
internal import TextKit

/// The text inside a gzip stream, member after member, never more of it than was asked for.
@safe final class Inflater {
  private let name: String
  private let input: ByteBuffer
  private var stream: UnsafeMutablePointer<z_stream>
  private var isInsideMember = true
  private var isAtEnd = false

  /// Begins with the compressed bytes that were read already.
  init(name: String, first: UnsafeBufferPointer<UInt8>) throws(Failure) {
    self.name = name
    input = ByteBuffer(capacity: 1 << 16)
    unsafe input.append(first)
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: unsafe z_stream())
    unsafe stream.pointee.next_in = input.start
    unsafe stream.pointee.avail_in = UInt32(input.count)
    let size = unsafe Int32(MemoryLayout<z_stream>.size)
    guard unsafe inflateInit2_(stream, 15 + 16, zlibVersion(), size) == Z_OK else {
      throw Failure(.inputOutput, "cannot read \(name): no memory for zlib")
    }
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// Puts text into the buffer and gives the number of bytes, 0 at the end.
  func read(
    into buffer: UnsafeMutableRawBufferPointer,
    from descriptor: Descriptor
  ) throws(Failure) -> Int {
    let room = UInt32(clamping: buffer.count)
    unsafe stream.pointee.next_out = buffer.assumingMemoryBound(to: UInt8.self).baseAddress
    unsafe stream.pointee.avail_out = room
    while unsafe stream.pointee.avail_out == room {
      try refill(from: descriptor)
      if !isInsideMember {
        guard try beginMember(from: descriptor) else { return 0 }
      }
      if isAtEnd, unsafe stream.pointee.avail_in == 0 { throw endsEarly }
      switch unsafe inflate(stream, Z_NO_FLUSH) {
      case Z_OK, Z_BUF_ERROR: break
      case Z_STREAM_END: isInsideMember = false
      case Z_MEM_ERROR: throw Failure(.inputOutput, "cannot read \(name): no memory for zlib")
      default: throw damaged(unsafe stream.pointee.msg.map { unsafe String(cString: $0) })
      }
    }
    return unsafe Int(room - stream.pointee.avail_out)
  }

  /// Reads more compressed bytes when all were used.
  private func refill(from descriptor: Descriptor) throws(Failure) {
    guard unsafe stream.pointee.avail_in == 0 && !isAtEnd else { return }
    input.clear()
    let count = try unsafe descriptor.read(into: input.room, name: name)
    input.grow(by: count)
    isAtEnd = count == 0
    unsafe stream.pointee.next_in = input.start
    unsafe stream.pointee.avail_in = UInt32(count)
  }

  /// Goes on with a further member; zeros after a member are the padding of a tape.
  private func beginMember(from descriptor: Descriptor) throws(Failure) -> Bool {
    while true {
      try refill(from: descriptor)
      guard unsafe stream.pointee.avail_in > 0, let next = unsafe stream.pointee.next_in else {
        return false
      }
      let byte = unsafe next.pointee
      guard byte == 0 else {
        guard byte == 0x1f else { throw damaged("other bytes follow its end") }
        unsafe inflateReset(stream)
        isInsideMember = true
        return true
      }
      unsafe stream.pointee.next_in = next + 1
      unsafe stream.pointee.avail_in -= 1
    }
  }

  private var endsEarly: Failure {
    Failure(
      .data,
      "\(name): the gzip stream ends early, expected its check sum and length; "
        + "copy or compress the file again"
    )
  }

  private func damaged(_ reason: String?) -> Failure {
    Failure(
      .data,
      "\(name): the gzip stream is damaged (\(reason ?? "unknown reason")); "
        + "copy or compress the file again"
    )
  }
}
