// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Finds the known word nearest to a wrong one, for "did you mean …?".
///
/// The distance is Levenshtein's over Unicode scalars; the first of equally near words wins.
/// - Returns: nil when nothing lies within a third of the word's length plus one.
package func nearestWord(to word: String, among known: [String]) -> String? {
  let wrong = Array(word.unicodeScalars.prefix(200))
  var best: String?
  var least = wrong.count / 3 + 2
  for candidate in known {
    let letters = Array(candidate.unicodeScalars)
    // At least so many letters have to come or go.
    guard abs(letters.count - wrong.count) < least else { continue }
    var row = Array(0...letters.count)
    for (i, scalar) in wrong.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, letter) in letters.enumerated() {
        let above = row[j + 1]
        row[j + 1] = min(above + 1, row[j] + 1, diagonal + (scalar == letter ? 0 : 1))
        diagonal = above
      }
    }
    if row[letters.count] < least {
      least = row[letters.count]
      best = candidate
    }
  }
  return best
}

/// The suffix "; did you mean 'x'?", or nothing when no known word is near.
///
/// Known words may be input too, such as the columns of a header.
package func suggestion(for word: String, among known: [String]) -> String {
  nearestWord(to: word, among: known).map { "; did you mean '\(Failure.shown($0))'?" } ?? ""
}
