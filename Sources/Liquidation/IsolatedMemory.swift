// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A column of doubles in large pages, at a multiple of 64 bytes.
///
/// Filled by threads that own disjoint parts, then only read.
@safe
package final class HugeColumn: @unchecked Sendable {
  package let start: UnsafeMutablePointer<Double>
  package let count: Int
  private let place: UnsafeMutableRawPointer

  /// Bytes of a large page.
  private static let page = 2 << 20

  /// Makes a column without contents; the system gives its memory when it is first touched.
  ///
  /// Columns of less than a large page take what they need. `MADV_HUGEPAGE` is a wish: without it
  /// everything works, more slowly.
  package init(count: Int) {
    self.count = count
    let bytes = max(64, (count * 8 + 63) / 64 * 64)
    let isLarge = bytes >= HugeColumn.page
    let size = isLarge ? (bytes + HugeColumn.page - 1) / HugeColumn.page * HugeColumn.page : bytes
    unsafe place = .allocate(byteCount: size, alignment: isLarge ? HugeColumn.page : 64)
    if isLarge {
      _ = unsafe madvise(place, size, MADV_HUGEPAGE)
    }
    unsafe start = place.bindMemory(to: Double.self, capacity: size / 8)
  }

  /// Writes 0 to a part, which makes the system give its memory.
  package func clear(_ range: Range<Int>) {
    unsafe (start + range.lowerBound).update(repeating: 0, count: range.count)
  }

  deinit { unsafe place.deallocate() }
}

/// Weights of rows, in 1/65,536; see `HugeColumn`.
@safe
package final class WeightColumn: @unchecked Sendable {
  package let start: UnsafeMutablePointer<Int32>

  /// Makes a column of zeros.
  package init(count: Int) {
    unsafe start = .allocate(capacity: max(1, count))
    unsafe start.initialize(repeating: 0, count: count)
  }

  deinit { unsafe start.deallocate() }
}
