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
    /// `pieces:BYTES`, and `only:BYTES` where no other way may be taken.
    case pieces(Int, only: Bool)

    static func of(_ text: String?) -> Way {
      guard let text else { return .pieces(1 << 16, only: false) }
      let parts = text.split(separator: ":")
      guard parts.count == 2, parts[0] == "pieces" || parts[0] == "only",
        let size = Int(parts[1]), size > 0
      else { return .plain }
      return .pieces(size, only: parts[0] == "only")
    }
  }

  /// What the rows have in common.
  struct Facts: Sendable {
    var newestSlot: Int64 = -1
    var hasStopLossPrices = false
    var isUsed: [Bool] = []
    var rows = 0
    let fingerprints = Fingerprints()
    /// The names of pieces, with the places of these; used while all names rise.
    var spans: [(piece: Int, names: NameSpan)] = []
    private var names = NameSpan()

    /// Notes a piece; false where names do not rise although `asSpans` says so.
    mutating func take(_ piece: LegPiece, number: Int, asSpans: Bool) -> Bool {
      newestSlot = max(newestSlot, piece.newestSlot)
      hasStopLossPrices = hasStopLossPrices || piece.hasStopLossPrices
      rows += piece.count
      guard asSpans else {
        piece.collect(into: fingerprints)
        return true
      }
      guard let span = piece.span else { return false }
      spans.append((number, span))
      names.append(span)
      return names.rises
    }
  }

  /// Why a pass stopped before its end.
  private enum Stop {
    case failure(piece: Int, Failure)
    case quotes
    /// The names do not rise.
    case names
    case other
  }

  /// What is assumed of a book in a pass; a pass that finds otherwise begins again.
  struct Form: Sendable {
    var hasQuotes = false
    /// Accounts' names rise, so that no two are the same.
    var rises = true
  }

  let path: String
  var pieces: BookPieceOptions
  let threads: Int

  var catalogue: VenueCatalogue { pieces.catalogue }

  /// What one pass over a book gave.
  struct Pass<Worker: Sendable>: Sendable {
    /// What every thread kept.
    var workers: [Worker]
    var facts: Facts
    var source: any BookPieces
    /// What the book was found to be like.
    var form: Form
  }

  /// Where the parts of a pass go.
  enum Output: Sendable {
    case none
    case file(OrderedOutput)

    var ordered: OrderedOutput? { if case .file(let output) = self { output } else { nil } }
  }

  /// One pass over the book.
  ///
  /// * `form`: what is known of the book.
  /// * `open`: makes the output of a pass, if there is one.
  /// * `begin`: makes what a thread keeps; called once for each.
  /// * `each`: works on a piece, given its number; a failure ends the pass without a result.
  /// * `end`: completes the output of a pass that went well.
  /// - Returns: nil where a stream cannot tell the result.
  /// - Throws: the first record that is not good, as the plain way would.
  func pass<Worker: Sendable>(
    form known: Form = Form(),
    open: () throws(Failure) -> Output = { () throws(Failure) in .none },
    begin: @Sendable () -> Worker,
    each: @Sendable (inout Worker, borrowing LegPiece, Int, Output) throws(Failure) -> Void,
    end: (Pass<Worker>, Output) throws(Failure) -> Void = { (_, _) throws(Failure) in }
  ) throws(Failure) -> Pass<Worker>? {
    var form = known
    while true {
      var options = pieces
      options.hasQuotes = form.hasQuotes
      guard let source = try options.open(path) else { return nil }
      form.rises = form.rises && source.hasSpans
      let stop = Mutex<Stop?>(nil)
      // That an output cannot be opened is told after what is wrong with the book.
      guard let output = try? open() else { return nil }
      let rises = form.rises
      let parts = try Parallel.map(threads, threads: threads) {
        (_: Int) throws(Failure) -> (worker: Worker, facts: Facts) in
        var worker = begin()
        let facts = BookStream.work(source, stop, output, rises: rises) {
          (rows: borrowing LegPiece, number: Int) throws(Failure) in
          try each(&worker, rows, number, output)
        }
        return (worker, facts)
      }
      if source.isBroken { return nil }
      switch stop.withLock({ $0 }) {
      case .quotes where !form.hasQuotes:
        form = Form(hasQuotes: true, rises: false)
        continue
      case .names where form.rises:
        form.rises = false
        continue
      case .quotes, .names, .other: return nil
      case .failure(_, let failure):
        if source.hasGroups { return nil }
        throw failure
      case nil: break
      }
      let all = parts.map(\.facts)
      if rises, !BookStream.rise(all) {
        form.rises = false
        continue
      }
      guard let facts = BookStream.joined(all, threads: threads) else { return nil }
      let found = Pass(workers: parts.map(\.worker), facts: facts, source: source, form: form)
      try end(found, output)
      return found
    }
  }

  /// Whether the names of all pieces rise in the order of the file.
  private static func rise(_ parts: [Facts]) -> Bool {
    var whole = NameSpan()
    for span in parts.flatMap(\.spans).sorted(by: { $0.piece < $1.piece }) {
      whole.append(span.names)
    }
    return whole.rises
  }

  /// Works on pieces as long as there are any.
  private static func work(
    _ source: some BookPieces,
    _ stop: borrowing Mutex<Stop?>,
    _ output: Output,
    rises: Bool,
    each: (borrowing LegPiece, Int) throws(Failure) -> Void
  ) -> Facts {
    var rows = LegPiece()
    rows.keepsSpans = rises
    var facts = Facts()
    defer { if stop.withLock({ $0 != nil }) { output.ordered?.abandon() } }
    while stop.withLock({ $0 == nil }) {
      output.ordered?.begin()
      guard let (index, piece) = source.next() else {
        output.ordered?.skip()
        break
      }
      do throws(Failure) {
        let outcome = try source.read(piece, into: &rows)
        guard outcome == .read else {
          BookStream.note(outcome == .hasQuotes ? .quotes : .other, stop)
          break
        }
      } catch {
        BookStream.note(.failure(piece: index, error), stop)
        break
      }
      guard facts.take(rows, number: index, asSpans: rises) else {
        BookStream.note(.names, stop)
        break
      }
      do throws(Failure) {
        try each(rows, index)
      } catch {
        BookStream.note(.other, stop)
        break
      }
      source.release(piece)
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
      case (.quotes, .other), (.names, .quotes), (.names, .other): kept = reason
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
