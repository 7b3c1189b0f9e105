// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import CSIMD

/// Looks up some fields that follow each other in a row as one phrase.
///
/// * `more`: fields of the phrase after that of the column.
/// * `entries`: a table of `mask + 1` places, addressed as `phrasePlace` does.
/// * `places`: gets the place of each row's phrase, −1 for one that is not there.
/// - Returns: how many are not there.
@inline(never)
package func findPhrases(
  _ column: UnsafePointer<TextColumn>,
  more: Int,
  entries: UnsafePointer<PhraseEntry>,
  mask: Int,
  places: UnsafeMutablePointer<Int32>,
  count: Int
) -> Int {
  var column = unsafe column.pointee
  var missing = 0
  for row in 0..<count {
    let place = unsafe phraseFind(
      &column,
      Int64(truncatingIfNeeded: more),
      Int64(truncatingIfNeeded: row),
      entries,
      Int64(truncatingIfNeeded: mask)
    )
    unsafe places[row] = place
    missing &-= Int(place &>> 31)
  }
  return missing
}

/// Writes what one word of every row's phrase means.
///
/// * `word`: its place in the phrase, below 8.
@inline(never)
package func readPhrases(
  _ places: UnsafePointer<Int32>,
  entries: UnsafePointer<PhraseEntry>,
  word: Int,
  values: UnsafeMutablePointer<Int32>,
  count: Int
) {
  let stride = MemoryLayout<PhraseEntry>.stride / MemoryLayout<Int32>.stride
  let first = unsafe UnsafeRawPointer(entries).assumingMemoryBound(to: Int32.self) + (8 &+ word)
  for row in 0..<count { unsafe values[row] = first[Int(places[row]) &* stride] }
}
