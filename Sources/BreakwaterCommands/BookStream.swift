// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Inputs
internal import Liquidation
internal import Markets
internal import Numerics
internal import Synchronization
internal import Tables
internal import TextKit

/// A book that is worked on piece by piece while it is read, on several threads.
///
/// The result is that of the whole book in memory. Whatever a stream cannot know for certain, such
/// as an account whose rows lie apart, ends it without a result, and the caller takes the other
/// way.
struct BookStream {
  /// How books are read; `BREAKWATER_PATH` is for tests.
  enum Way: Equatable {
    /// `plain`: the whole book in memory.
    case plain
    /// `pieces:BYTES`.
    case pieces(Int)

    static func of(_ text: String?) -> Way {
      guard let text else { return .pieces(1 << 18) }
      if text.hasPrefix("pieces:"), let size = Int(text.dropFirst(7)), size > 0 {
        return .pieces(size)
      }
      return .plain
    }
  }

  /// What the rows have in common.
  struct Facts: Sendable {
    var newestSlot: Int64 = -1
    var hasStopLossPrices = false
    var isUsed: [Bool] = []
    var rows = 0
    let fingerprints = Fingerprints()

    mutating func take(_ piece: LegPiece) {
      newestSlot = max(newestSlot, piece.newestSlot)
      hasStopLossPrices = hasStopLossPrices || piece.hasStopLossPrices
      rows += piece.records.count
      piece.collect(into: fingerprints)
    }
  }

  /// Why a pass stopped before its end.
  private enum Stop {
    case failure(piece: Int, Failure)
    case quotes
    case other
  }

  let path: String
  let catalogue: VenueCatalogue
  let size: Int
  let threads: Int

  /// One pass over the book.
  ///
  /// * `begin`: makes what a thread keeps; called once for each.
  /// * `each`: works on a piece; a failure ends the pass without a result.
  /// - Returns: what all threads kept with the facts, nil where the stream cannot tell the result.
  /// - Throws: the first record that is not good, as the plain way would.
  func pass<Worker: Sendable>(
    begin: @Sendable () -> Worker,
    output: OrderedOutput? = nil,
    each: @Sendable (inout Worker, borrowing LegPiece, Int) throws(Failure) -> Void
  ) throws(Failure) -> (workers: [Worker], facts: Facts, scanner: BookScanner)? {
    for mayHaveQuotes in [false, true] {
      guard
        let pieces = try BookScanner.pieces(path, size: size, mayHaveQuotes: mayHaveQuotes)
      else { return nil }
      let scanner = BookScanner(pieces, catalogue: catalogue, expectsQuotes: mayHaveQuotes)
      let stop = Mutex<Stop?>(nil)
      let parts = try Parallel.map(threads, threads: threads) {
        (_: Int) throws(Failure) -> (worker: Worker, facts: Facts) in
        var worker = begin()
        let facts = BookStream.work(pieces, scanner, stop, output) {
          (rows: borrowing LegPiece, number: Int) throws(Failure) in
          try each(&worker, rows, number)
        }
        return (worker, facts)
      }
      switch stop.withLock({ $0 }) {
      case .quotes where !mayHaveQuotes && output == nil: continue
      case .quotes, .other: return nil
      case .failure(_, let failure):
        if scanner.hasGroups { return nil }
        throw failure
      case nil: break
      }
      guard let facts = BookStream.joined(parts.map(\.facts), threads: threads) else { return nil }
      return (parts.map(\.worker), facts, scanner)
    }
    return nil
  }

  /// Works on pieces as long as there are any.
  private static func work(
    _ pieces: RecordPieces,
    _ scanner: BookScanner,
    _ stop: borrowing Mutex<Stop?>,
    _ output: OrderedOutput?,
    each: (borrowing LegPiece, Int) throws(Failure) -> Void
  ) -> Facts {
    var rows = LegPiece()
    var facts = Facts()
    while stop.withLock({ $0 == nil }) {
      output?.begin()
      guard let piece = pieces.next() else {
        output?.skip()
        break
      }
      do throws(Failure) {
        let outcome = try scanner.read(piece, into: &rows)
        guard outcome == .read else {
          BookStream.note(outcome == .hasQuotes ? .quotes : .other, stop)
          output?.skip()
          break
        }
      } catch {
        BookStream.note(.failure(piece: piece.index, error), stop)
        output?.skip()
        break
      }
      facts.take(rows)
      do throws(Failure) {
        try each(rows, piece.index)
      } catch {
        BookStream.note(.other, stop)
        break
      }
      pieces.release(piece)
    }
    facts.isUsed = rows.isUsed
    return facts
  }

  /// Keeps the reason that decides: one to take another way, else the earliest failure.
  private static func note(_ reason: Stop, _ stop: borrowing Mutex<Stop?>) {
    stop.withLock { (kept: inout Stop?) in
      switch (kept, reason) {
      case (nil, _): kept = reason
      case (.failure(let first, _), .failure(let second, _)):
        if second < first { kept = reason }
      case (.failure, _): kept = reason
      case (.quotes, .other): kept = reason
      default: break
      }
    }
  }

  /// The facts of all threads; nil for an empty book, and for one in which the rows of an account
  /// may lie apart.
  private static func joined(_ parts: [Facts], threads: Int) -> Facts? {
    var facts = Facts()
    for part in parts {
      facts.newestSlot = max(facts.newestSlot, part.newestSlot)
      facts.hasStopLossPrices = facts.hasStopLossPrices || part.hasStopLossPrices
      facts.rows += part.rows
      if facts.isUsed.isEmpty { facts.isUsed = part.isUsed }
      for (asset, isUsed) in part.isUsed.enumerated() where isUsed { facts.isUsed[asset] = true }
    }
    guard facts.rows > 0 else { return nil }
    let all = parts.map(\.fingerprints)
    let groups = 16
    let repeats = try? Parallel.map(groups, threads: threads) {
      (group: Int) throws(Failure) -> Bool in
      var list: [UInt64] = []
      var scratch: [UInt64] = []
      for bucket in stride(from: group, to: Fingerprints.bucketCount, by: groups) {
        list.removeAll(keepingCapacity: true)
        for part in all { part.append(bucket: bucket, to: &list) }
        if Fingerprints.hasRepeat(list, scratch: &scratch) { return true }
      }
      return false
    }
    return repeats?.contains(true) == false ? facts : nil
  }
}
