// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Markets
internal import Tables

extension FieldPlan {
  /// Reads the fields of all rows, column by column.
  ///
  /// * `memory`: what phrases mean, kept from piece to piece.
  /// - Returns: false where any field has an unusual form; columns are then of no use.
  func fill(
    _ rows: RowColumns,
    from text: TextRows,
    phrases memory: inout [PhraseTable]
  ) -> Bool {
    if memory.count != phrases.count || !zip(memory, phrases).allSatisfy({ $0.isOf($1.tables) }) {
      memory = makePhrases()
    }
    rows.reserve(text.count)
    rows.count = 0
    rows.hasOwnLeverage = false
    for (phrase, own) in zip(phrases, memory) {
      let columns = unsafe phrase.fields.map { unsafe column(Int(fields[$0].place), rows) }
      guard unsafe text.words(phrase.fields.lowerBound, in: own, into: columns) else {
        return false
      }
    }
    for (place, field) in fields.enumerated() {
      let isRead =
        switch field.form {
        case .number: number(text, place, FieldScratch.Number(rawValue: Int(field.place)), rows)
        case .name: FieldPlan.names(text, place, rows)
        case .slot: unsafe text.wholes(place, into: rows.slot)
        case .flag: unsafe text.flags(place, into: rows.isProtected)
        case .skip, .word: true
        case .nothing: text.isEmpty(place)
        }
      guard isRead else { return false }
    }
    rows.count = text.count
    return true
  }

  private func number(
    _ text: TextRows,
    _ field: Int,
    _ number: FieldScratch.Number?,
    _ rows: RowColumns
  ) -> Bool {
    switch number {
    case .quantity: return unsafe text.numbers(field, into: rows.quantity, nothing: .nan)
    case .entryPrice: return unsafe text.numbers(field, into: rows.entryPrice, nothing: .nan)
    case .collateral: return unsafe text.numbers(field, into: rows.collateral, nothing: 0)
    case .maxLeverage:
      let column = unsafe rows.maxLeverage
      guard unsafe text.numbers(field, into: column, nothing: .nan) else { return false }
      for row in 0..<text.count where unsafe !column[row].isNaN { rows.hasOwnLeverage = true }
      return true
    case .stated: return unsafe text.numbers(field, into: rows.stated, nothing: .nan)
    case .threshold: return unsafe text.numbers(field, into: rows.threshold, nothing: .nan)
    case nil: return false
    }
  }

  /// The column of a word.
  private func column(_ word: Int, _ rows: RowColumns) -> UnsafeMutablePointer<Int32> {
    switch FieldScratch.Word(rawValue: word) {
    case .venue: unsafe rows.venue
    case .asset: unsafe rows.asset
    case .leg: unsafe rows.kind
    case .mode, nil: unsafe rows.mode
    }
  }

  private static func names(_ text: TextRows, _ field: Int, _ rows: RowColumns) -> Bool {
    text.texts(
      field,
      into: unsafe TextStarts(
        offsets: rows.nameOffset,
        lengths: rows.nameLength,
        highs: rows.nameHigh,
        lows: rows.nameLow
      )
    )
  }
}
