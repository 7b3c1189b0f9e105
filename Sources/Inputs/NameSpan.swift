// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// The accounts' names of some rows that rise from row to row, so that none comes twice.
///
/// Names rise by their bytes, or by their length and then by their bytes. A name is known by its
/// first 16 bytes and its length; where these do not rise, nothing is said of the others.
package struct NameSpan: Sendable {
  /// What is compared of a name.
  struct Key: Sendable, Equatable {
    var high: UInt64
    var low: UInt64
    var length: Int32

    /// Whether the bytes come after those of another name.
    @inline(__always)
    func follows(_ other: Key) -> Bool {
      high > other.high || (high == other.high && low > other.low)
    }

    /// Whether the name is longer, or as long with bytes that come after.
    @inline(__always)
    func isBeyond(_ other: Key) -> Bool {
      length > other.length || (length == other.length && follows(other))
    }
  }

  /// Nil where there is no account that other rows could belong to.
  var ends: (first: Key, last: Key)?
  /// The names rise by their bytes.
  package var risesByBytes = true
  /// The names rise by their length, and names of one length by their bytes.
  package var risesByLength = true

  /// A span without names.
  package init() {}

  /// Whether the names rise in any way.
  package var rises: Bool { risesByBytes || risesByLength }

  /// Adds a name that comes after the others.
  @inline(__always)
  mutating func append(_ key: Key) {
    if let last = ends?.last {
      risesByBytes = risesByBytes && key.follows(last)
      risesByLength = risesByLength && key.isBeyond(last)
      ends?.last = key
    } else {
      ends = (key, key)
    }
  }

  /// Adds the names of rows that come after the others.
  package mutating func append(_ other: NameSpan) {
    guard let more = other.ends else { return }
    risesByBytes = risesByBytes && other.risesByBytes
    risesByLength = risesByLength && other.risesByLength
    append(more.first)
    ends?.last = more.last
  }
}
