// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Markets
internal import Tables

extension FieldPlan {
  /// Reads the fields of all rows, column by column.
  ///
  /// - Returns: false where any field has an unusual form; columns are then of no use.
  func fill(_ rows: RowColumns, from text: TextRows) -> Bool {
    rows.reserve(text.count)
    rows.count = 0
    rows.hasOwnLeverage = false
    for (place, field) in fields.enumerated() {
      let isRead =
        switch field.form {
        case .number: number(text, place, FieldScratch.Number(rawValue: Int(field.place)), rows)
        case .word: word(text, place, FieldScratch.Word(rawValue: Int(field.place)), rows)
        case .name: FieldPlan.names(text, place, rows)
        case .slot: unsafe text.wholes(place, into: rows.slot)
        case .flag: unsafe text.flags(place, into: rows.isProtected)
        case .skip: true
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

  private func word(
    _ text: TextRows,
    _ field: Int,
    _ word: FieldScratch.Word?,
    _ rows: RowColumns
  ) -> Bool {
    guard let word else { return false }
    let column =
      switch word {
      case .venue: unsafe rows.venue
      case .asset: unsafe rows.asset
      case .leg: unsafe rows.kind
      case .mode: unsafe rows.mode
      }
    return unsafe text.words(field, in: tables[word.rawValue], into: column)
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
