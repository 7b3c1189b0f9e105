// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CSIMD

/// What words of a row that follow each other mean, for all combinations of them that were met.
///
/// Most rows of a table repeat a few combinations, so one comparison finds what three words mean. A
/// combination that finds no room is looked up word by word each time.
@safe
package final class PhraseTable {
  /// Combinations that there is room for.
  private static let capacity = 1 << 12

  /// The tables of the words, in the order of the fields.
  let words: [WordTable]
  let entries: UnsafeMutablePointer<PhraseEntry>
  let mask = PhraseTable.capacity - 1
  private(set) var places: UnsafeMutablePointer<Int32>
  private var rows = 0

  /// Begins with no combination; there are at most eight words.
  package init(_ words: [WordTable]) {
    self.words = words
    unsafe entries = .allocate(capacity: PhraseTable.capacity)
    unsafe entries.initialize(repeating: PhraseEntry(), count: PhraseTable.capacity)
    unsafe places = .allocate(capacity: 0)
  }

  deinit {
    unsafe entries.deallocate()
    unsafe places.deallocate()
  }

  /// Whether these are the tables of the words.
  package func isOf(_ tables: [WordTable]) -> Bool {
    tables.count == words.count && zip(tables, words).allSatisfy { $0 === $1 }
  }

  /// Makes room for the phrases of so many rows.
  func reserve(_ count: Int) {
    guard count > rows else { return }
    rows = max(count, 2 * rows)
    unsafe places.deallocate()
    unsafe places = .allocate(capacity: rows)
  }

  /// Keeps what a phrase means that was not there.
  ///
  /// * `column`: the first field, with `words.count - 1` more after it.
  /// - Returns: its place; nil where it is too long or finds no room.
  func learn(_ column: UnsafePointer<TextColumn>, row: Int, _ meanings: [Int32]) -> Int32? {
    let place = unsafe phraseLearn(column, Int64(words.count - 1), Int64(row), entries, Int64(mask))
    guard place >= 0 else { return nil }
    unsafe withUnsafeMutableBytes(of: &entries[Int(place)].values) {
      (bytes: UnsafeMutableRawBufferPointer) in
      for (word, meaning) in meanings.enumerated() {
        unsafe bytes.storeBytes(of: meaning, toByteOffset: 4 * word, as: Int32.self)
      }
    }
    return place
  }
}

extension TextRows {
  /// Looks up fields that follow each other, each of them a word.
  ///
  /// * `values`: columns for what they mean, one for each table of `phrases`.
  /// - Returns: false where any word is unknown.
  package func words(
    _ field: Int,
    in phrases: PhraseTable,
    into values: [UnsafeMutablePointer<Int32>]
  ) -> Bool {
    phrases.reserve(count)
    let more = phrases.words.count - 1
    let places = unsafe phrases.places
    return unsafe with(field, more: more) {
      (column: UnsafePointer<TextColumn>, count: Int) -> Bool in
      let missing = unsafe level.findPhrases(
        column,
        more: more,
        phrases,
        places: places,
        count: count
      )
      var others: [(row: Int, meanings: [Int32])] = []
      if missing > 0 {
        for row in 0..<count where unsafe places[row] < 0 {
          unsafe places[row] = phraseFind(
            column,
            Int64(more),
            Int64(row),
            phrases.entries,
            Int64(phrases.mask)
          )
          if unsafe places[row] >= 0 { continue }
          guard let meanings = meanings(field, row, phrases) else { return false }
          let place = unsafe phrases.learn(column, row: row, meanings)
          unsafe places[row] = place ?? 0
          if place == nil { others.append((row, meanings)) }
        }
      }
      for word in unsafe values.indices {
        let column = unsafe values[word]
        unsafe level.readPhrases(places, phrases, word: word, values: column, count: count)
        for other in others { unsafe column[other.row] = other.meanings[word] }
      }
      return true
    }
  }

  /// What the words of a row mean, nil where one is unknown.
  private func meanings(_ field: Int, _ row: Int, _ phrases: PhraseTable) -> [Int32]? {
    var found: [Int32] = []
    for (place, table) in phrases.words.enumerated() {
      let index = unsafe table.index(bytes(field + place, of: row))
      guard index >= 0 else { return nil }
      found.append(index)
    }
    return found
  }
}
