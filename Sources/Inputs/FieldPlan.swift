// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Markets
internal import Tables

/// What the fields of one record were found to say.
@safe
final class FieldScratch {
  /// Fields that are numbers; NaN where there is none.
  enum Number: Int {
    case quantity, entryPrice, collateral, maxLeverage, stated, threshold
  }

  /// Fields that are words: their places among the known words, −1 for others.
  enum Word: Int {
    case venue, asset, leg, mode
  }

  fileprivate let numbers: UnsafeMutablePointer<Double>
  fileprivate let words: UnsafeMutablePointer<Int32>
  fileprivate(set) var fingerprint: UInt64 = 0
  fileprivate(set) var nameLength: Int32 = 0
  fileprivate(set) var slot: Int64 = -1
  fileprivate(set) var isProtected = false
  /// Where the account's text begins.
  @unsafe fileprivate(set) var name: UnsafePointer<UInt8>

  init() {
    unsafe numbers = .allocate(capacity: 6)
    unsafe numbers.initialize(repeating: .nan, count: 6)
    // Without a column for it the margin mode is the first word.
    unsafe words = .allocate(capacity: 4)
    unsafe words.initialize(repeating: 0, count: 4)
    unsafe name = UnsafePointer(UnsafeRawPointer(words).assumingMemoryBound(to: UInt8.self))
  }

  deinit {
    unsafe numbers.deallocate()
    unsafe words.deallocate()
  }

  @inline(__always)
  subscript(number: Number) -> Double { unsafe numbers[number.rawValue] }

  @inline(__always)
  subscript(word: Word) -> Int32 { unsafe words[word.rawValue] }
}

/// How the fields of a record are read, in the order of the file.
struct FieldPlan: Sendable {
  enum Form: UInt8 {
    case skip, number, word, name, slot, flag
    /// So rare that a record with it is read in another way.
    case nothing
  }

  struct Field {
    var form = Form.skip
    /// Place among the numbers or words.
    var place: UInt8 = 0
  }

  private(set) var fields: [Field]
  /// Fields that follow each other and are words, with the tables of these.
  private(set) var phrases: [(fields: Range<Int>, tables: [WordTable])] = []
  let tables: [WordTable]
  /// Ranges of numbers that a book may have and that few have.
  private(set) var extras: [(FieldScratch.Number, ClosedRange<Double>)] = []

  /// Looks up the columns of a book.
  init(_ pieces: RecordPieces, _ catalogue: VenueCatalogue) {
    fields = Array(repeating: Field(), count: pieces.width)
    tables = [
      WordTable(catalogue.venues.map(\.name)), WordTable(catalogue.assets.symbols),
      WordTable(["perp", "deposit", "borrow"]),
      WordTable(["cross", "isolated", "strict_isolated", "no_cross"], empty: 0),
    ]
    for column in BookFile.Column.allCases where pieces.fieldOfColumn[column.rawValue] >= 0 {
      fields[Int(pieces.fieldOfColumn[column.rawValue])] = FieldPlan.field(column)
      switch column {
      case .maxLeverage: extras.append((.maxLeverage, 0.5...1000))
      case .liquidationPrice: extras.append((.stated, 0...1e15))
      case .liquidationThreshold: extras.append((.threshold, 0...2))
      default: break
      }
    }
    for (place, field) in fields.enumerated() where field.form == .word {
      let table = tables[Int(field.place)]
      if let last = phrases.last, last.fields.upperBound == place {
        phrases[phrases.count - 1].fields = last.fields.lowerBound..<place + 1
        phrases[phrases.count - 1].tables.append(table)
      } else {
        phrases.append((place..<place + 1, [table]))
      }
    }
  }

  /// Memory for the phrases of one thread.
  func makePhrases() -> [PhraseTable] { phrases.map { PhraseTable($0.tables) } }

  private static func field(_ column: BookFile.Column) -> Field {
    switch column {
    case .account: Field(form: .name)
    case .venue: word(.venue)
    case .asset: word(.asset)
    case .leg: word(.leg)
    case .marginMode: word(.mode)
    case .quantity: number(.quantity)
    case .entryPrice: number(.entryPrice)
    case .collateral: number(.collateral)
    case .maxLeverage: number(.maxLeverage)
    case .liquidationPrice: number(.stated)
    case .liquidationThreshold: number(.threshold)
    case .protected: Field(form: .flag)
    case .observedSlot: Field(form: .slot)
    case .deposited, .cap, .trigger, .safe, .stopLossPrice, .elevationGroup: Field(form: .nothing)
    }
  }

  private static func number(_ number: FieldScratch.Number) -> Field {
    Field(form: .number, place: UInt8(number.rawValue))
  }

  private static func word(_ word: FieldScratch.Word) -> Field {
    Field(form: .word, place: UInt8(word.rawValue))
  }

  /// Reads the record at a place that is followed by a line feed.
  ///
  /// - Returns: the place after its line end; nil where the record has any unusual form.
  @inline(never)
  func read(
    _ start: UnsafePointer<UInt8>,
    into found: FieldScratch
  ) -> UnsafePointer<UInt8>? {
    var cursor = unsafe ByteCursor(start)
    let last = fields.count - 1
    for index in fields.indices {
      let field = fields[index]
      switch field.form {
      case .number: unsafe found.numbers[Int(field.place)] = cursor.number()
      case .word:
        unsafe found.words[Int(field.place)] = cursor.word(in: tables[Int(field.place)])
      case .name:
        unsafe found.name = cursor.next
        found.fingerprint = cursor.name()
        found.nameLength = unsafe Int32(truncatingIfNeeded: cursor.next - found.name)
      case .slot: found.slot = cursor.wholeNumber()
      case .flag: found.isProtected = cursor.flag()
      case .skip: cursor.skip()
      case .nothing: cursor.isUnusual = cursor.isUnusual || !cursor.isAtEnd
      }
      if cursor.isUnusual { return nil }
      if index < last {
        guard cursor.byte == UInt8(ascii: ",") else { return nil }
        unsafe cursor.next += 1
      }
    }
    if cursor.byte == UInt8(ascii: "\r") { unsafe cursor.next += 1 }
    guard cursor.byte == UInt8(ascii: "\n") else { return nil }
    return unsafe cursor.next + 1
  }
}
