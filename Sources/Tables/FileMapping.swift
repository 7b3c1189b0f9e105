// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A whole file seen as memory, given back to the system at the end.
@safe final class FileMapping {
  let bytes: UnsafeBufferPointer<UInt8>

  /// Maps the file for reading from front to back.
  ///
  /// - Returns: nil when the file is empty or of a kind that cannot be mapped.
  init?(_ descriptor: Descriptor, count: Int) {
    guard count > 0 else { return nil }
    let start = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor.number, 0)
    guard let start = unsafe start, unsafe start != MAP_FAILED else { return nil }
    unsafe madvise(start, count, MADV_SEQUENTIAL)
    let first = unsafe start.bindMemory(to: UInt8.self, capacity: count)
    unsafe bytes = UnsafeBufferPointer(start: first, count: count)
  }

  deinit {
    unsafe munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
  }
}
