// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CSIMD

/// Finds the ends of all fields of a text: its commas and line feeds.
///
/// * `text`: `count` bytes, after which 64 more can be read.
/// * `places`: gets the places in order; room for 16 more than there are bytes.
/// * `feeds`: gets the number of line feeds.
/// - Returns: the number of ends; −1 where there are quotes, bytes beyond ASCII or control
///   characters other than line feeds and the carriage returns before them. Of these `returns` gets
///   the number.
@inline(never)
package func findFieldEnds(
  _ text: UnsafePointer<UInt8>,
  count: Int,
  places: UnsafeMutablePointer<UInt32>,
  feeds: UnsafeMutablePointer<Int>,
  returns: UnsafeMutablePointer<Int>
) -> Int {
  var (found, lines, returned) = (0, 0, 0)
  var block = 0
  while block < count {
    var marks = unsafe byteMarks(text + block)
    if count &- block < 64 {
      let kept: UInt64 = (1 as UInt64) &<< UInt64(truncatingIfNeeded: count &- block) &- 1
      marks.ends &= kept
      marks.feeds &= kept
      marks.odd &= kept
    }
    while marks.odd != 0 {
      let place = unsafe text + (block &+ marks.odd.trailingZeroBitCount)
      guard unsafe place.pointee == 13, unsafe place[1] == 10 else { return -1 }
      marks.odd &= marks.odd &- 1
      returned &+= 1
    }
    unsafe endsStore(marks.ends, UInt32(truncatingIfNeeded: block), places + found)
    found &+= marks.ends.nonzeroBitCount
    lines &+= marks.feeds.nonzeroBitCount
    block &+= 64
  }
  unsafe feeds.pointee = lines
  unsafe returns.pointee = returned
  return found
}
