// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Markets
internal import Tables
package import TextKit

/// A book in pieces that several threads read.
package protocol BookPieces: Sendable {
  associatedtype Piece: Sendable

  /// The next piece with its place among all, nil after the last one.
  func next() -> (index: Int, piece: Piece)?
  /// Reads the rows of a piece.
  ///
  /// - Throws: the failure of the first row that is not good.
  func read(_ piece: Piece, into rows: inout LegPiece) throws(Failure) -> BookScanner.Outcome
  /// Gives the memory of a piece back to the system.
  func release(_ piece: Piece)
  /// Whether accounts may choose elevation groups, on which all their rows must agree.
  var hasGroups: Bool { get }
  /// What a user should know of the book.
  func warnings(_ path: String, hasStopLossPrices: Bool) -> [String]
  /// The newest slot of the book, or of some rows of it, −1 where none says.
  func newestSampled() -> Int64
  /// Whether names are told apart by spans where they rise.
  var hasSpans: Bool { get }
  /// Whether pieces are missing, so that whoever reads the whole book finds out why.
  var isBroken: Bool { get }
}

extension BookPieces {
  package var hasSpans: Bool { false }
  package var isBroken: Bool { false }
}

/// How the pieces of a book are to be made.
package struct BookPieceOptions: Sendable {
  /// Bytes of a piece, about.
  package var size: Int
  /// Pieces are to be cut with regard to quotes.
  package var hasQuotes = false
  /// Whether the accounts' texts are needed.
  package var named: Bool
  /// By venue · assets + asset: whether accounts of one perp may come as columns, without records;
  /// empty where none may.
  package var columnMarkets: [Bool] = []
  /// Threads of whatever else reads the book, 0 for as many as it likes.
  package var threads = 0
  package var catalogue: VenueCatalogue

  package init(size: Int, named: Bool, catalogue: VenueCatalogue) {
    (self.size, self.named, self.catalogue) = (size, named, catalogue)
  }

  /// Whether a path can be read in pieces at all.
  package static func canRead(_ path: String) -> Bool {
    NumpyBook.canRead(path) || QueryBook.canRead(path) || RecordPieces.canRead(path)
  }

  /// Opens a book, nil where it must be read as a whole.
  package func open(_ path: String) throws(Failure) -> (any BookPieces)? {
    if QueryBook.canRead(path) { return try QueryPieces(path, self) }
    if NumpyBook.canRead(path) { return try NumpyPieces(path, self) }
    guard let pieces = try BookScanner.pieces(path, size: size, mayHaveQuotes: hasQuotes) else {
      return nil
    }
    return CSVPieces(
      pieces: pieces,
      scanner: BookScanner(pieces, catalogue: catalogue, expectsQuotes: hasQuotes)
    )
  }
}

/// The pieces of a CSV file.
struct CSVPieces: BookPieces {
  let pieces: RecordPieces
  let scanner: BookScanner

  func next() -> (index: Int, piece: RecordPieces.Piece)? {
    guard let piece = pieces.next() else { return nil }
    return (piece.index, piece)
  }

  func read(
    _ piece: RecordPieces.Piece,
    into rows: inout LegPiece
  ) throws(Failure) -> BookScanner.Outcome {
    try scanner.read(piece, into: &rows)
  }

  func release(_ piece: RecordPieces.Piece) { pieces.release(piece) }

  var hasGroups: Bool { scanner.hasGroups }

  var hasSpans: Bool { true }

  var isBroken: Bool { pieces.isBroken }

  func warnings(_ path: String, hasStopLossPrices: Bool) -> [String] {
    scanner.warnings(path, hasStopLossPrices: hasStopLossPrices)
  }

  /// The newest slot of some rows here and there.
  func newestSampled() -> Int64 {
    var newest: Int64 = -1
    var rows = LegPiece()
    let step = max(1 << 16, pieces.byteCount / 8)
    for place in stride(from: 0, to: pieces.byteCount, by: step) {
      guard let piece = pieces.sample(from: place),
        let outcome = try? scanner.read(piece, into: &rows), outcome == .read
      else { continue }
      newest = max(newest, rows.newestSlot)
    }
    return newest
  }
}
