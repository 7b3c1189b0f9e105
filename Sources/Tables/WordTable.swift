// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CSIMD

/// Short words of ASCII that are looked up by their bytes.
///
/// A word is two machine words: its bytes, zeros after them. Longer words are not in the table.
@safe
package final class WordTable: @unchecked Sendable {
  /// Bytes of the longest word that can be found.
  package static let longest = 15

  let entries: UnsafeMutablePointer<WordEntry>
  let mask: Int
  let empty: Int32

  deinit { unsafe entries.deallocate() }

  /// A table of words by their index; the first of equal words counts.
  ///
  /// * `empty`: what stands for no word at all.
  package init(_ words: [String], empty: Int32 = -1) {
    self.empty = empty
    var capacity = 16
    while capacity < 4 * words.count { capacity *= 2 }
    mask = capacity - 1
    unsafe entries = .allocate(capacity: capacity)
    unsafe entries.initialize(repeating: WordEntry(low: 0, high: 0, index: -1), count: capacity)
    for (index, word) in words.enumerated() {
      let bytes = Array(word.utf8)
      guard !bytes.isEmpty, bytes.count <= WordTable.longest, bytes.allSatisfy({ $0 < 0x80 }) else {
        continue
      }
      let (low, high) = WordTable.halves(of: bytes)
      var place = WordTable.place(low, high) & mask
      while unsafe entries[place].index >= 0 {
        if unsafe entries[place].low == low && entries[place].high == high { break }
        place = (place + 1) & mask
      }
      if unsafe entries[place].index < 0 {
        unsafe entries[place] = WordEntry(low: low, high: high, index: Int64(index))
      }
    }
  }

  @inline(__always)
  private static func place(_ low: UInt64, _ high: UInt64) -> Int {
    Int(truncatingIfNeeded: ((low ^ (high &* 31)) &* 0x9E37_79B9_7F4A_7C15) >> 40)
  }

  /// The index of a word, −1 for an unknown one.
  @inline(__always)
  package func index(_ low: UInt64, _ high: UInt64) -> Int32 {
    var place = WordTable.place(low, high) & mask
    while true {
      let entry = unsafe entries[place]
      if entry.index < 0 { return low | high == 0 ? empty : -1 }
      if entry.low == low && entry.high == high { return Int32(truncatingIfNeeded: entry.index) }
      place = (place + 1) & mask
    }
  }

  /// The index of a word, −1 for an unknown one.
  func index(_ bytes: UnsafeBufferPointer<UInt8>) -> Int32 {
    guard bytes.count <= WordTable.longest else { return -1 }
    let (low, high) = unsafe WordTable.halves(of: bytes)
    return index(low, high)
  }

  /// The bytes of a word of at most 16 as two machine words.
  private static func halves(of bytes: some Collection<UInt8>) -> (low: UInt64, high: UInt64) {
    var (low, high): (UInt64, UInt64) = (0, 0)
    for (place, byte) in bytes.enumerated() {
      if place < 8 {
        low |= UInt64(byte) << UInt64(8 * place)
      } else {
        high |= UInt64(byte) << UInt64(8 * place - 64)
      }
    }
    return (low, high)
  }
}
