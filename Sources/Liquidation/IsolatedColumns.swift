// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Markets
package import Numerics
package import TextKit

/// Isolated perps as two columns, `quantity` and `constant`, in runs that share asset, table and
/// side.
///
///     constant = (collateral − quantity · entry) + deposited                       (SEMANTICS B1)
///
/// Runs begin at multiples of 64 rows; the rows between are `−side` and infinity, which have no
/// root. Rows that the kernels do not fit are left in `rest`, for `AffineBook`.
package struct IsolatedColumns: Sendable {
  /// One run of rows.
  package struct Run: Sendable {
    package var terms: IsolatedTerms
    package var asset: Int
    package var first: Int
    package var count: Int

    package init(terms: IsolatedTerms, asset: Int, first: Int, count: Int) {
      (self.terms, self.asset) = (terms, asset)
      (self.first, self.count) = (first, count)
    }
  }

  package private(set) var runs: [Run]
  package let quantity: HugeColumn
  package let constant: HugeColumn
  /// Probability of each row in 1/65,536, nil where all have that of their run.
  package let weights: WeightColumn?
  /// Accounts that are not in the columns.
  package let rest: [Int]
  /// Account of each place, −1 between runs; nil unless it was asked for.
  package let accountOfPlace: [Int32]?

  /// Rows that one thread takes at a time; fixed, so that threads cannot change anything.
  package static let chunk = 131_072
  private static let step = 64

  /// Rows in all runs.
  package var rowCount: Int { runs.reduce(0) { $0 + $1.count } }

  /// Takes runs of known lengths, to be filled.
  ///
  /// * `counts`: terms, asset and rows of each run.
  /// * `fill`: writes the rows of a part of a run: index of the run, rows within it, and the places
  ///   of
  ///   the first row's quantity and constant.
  package init(
    counts: [(terms: IsolatedTerms, asset: Int, count: Int)],
    threads: Int,
    fill:
      @Sendable (Int, Range<Int>, UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>)
      -> Void
  ) throws(Failure) {
    let runs = IsolatedColumns.runs(counts)
    let (quantity, constant) = IsolatedColumns.columns(runs)
    var parts: [(run: Int, rows: Range<Int>)] = []
    for (index, run) in runs.enumerated() {
      for part in IsolatedColumns.parts(of: run) { parts.append((index, part)) }
    }
    let list = parts
    try Parallel.forEach(list.count, threads: threads) { (index: Int) throws(Failure) in
      let (run, rows) = list[index]
      let place = runs[run].first + rows.lowerBound
      unsafe fill(run, rows, quantity.start + place, constant.start + place)
    }
    (self.runs, self.quantity, self.constant) = (runs, quantity, constant)
    weights = nil
    rest = []
    accountOfPlace = nil
    pad()
  }

  /// Compiles the perps of a book that stand for themselves.
  ///
  /// * `compiled`: the same book as rows.
  /// * `deposited`: protection of each account, added to its constant.
  /// * `weight`: probability of an account's rungs in 1/65,536; nil gives every row 65,536.
  /// * `keepsOrder`: remember which account each row is.
  package init(
    _ book: Book,
    _ compiled: AffineBook,
    catalogue: VenueCatalogue,
    deposited: [Micro],
    snapshot: PriceSnapshot,
    weight: ((Int) -> Int64)? = nil,
    keepsOrder: Bool = false
  ) {
    var sorter = IsolatedSorter(book, compiled, catalogue, snapshot)
    for account in book.accounts.indices {
      sorter.add(account, constant: compiled.isolatedConstant(account, deposited[account]))
    }
    let runs = IsolatedColumns.runs(
      sorter.runs.map { ($0.terms, $0.asset, $0.accounts.count) }
    )
    (quantity, constant) = IsolatedColumns.columns(runs)
    let places = quantity.count
    weights = weight == nil ? nil : WeightColumn(count: places)
    var order = keepsOrder ? Array(repeating: Int32(-1), count: places) : []
    for (run, source) in zip(runs, sorter.runs) {
      for (index, account) in source.accounts.enumerated() {
        let place = run.first + index
        unsafe quantity.start[place] = compiled.quantity[Int(compiled.firstRow[account])]
        unsafe constant.start[place] = compiled.isolatedConstant(account, deposited[account])
        if let weights, let weight { unsafe weights.start[place] = Int32(weight(account)) }
        if keepsOrder { order[place] = Int32(account) }
      }
    }
    self.runs = runs
    rest = sorter.rest
    accountOfPlace = keepsOrder ? order : nil
    pad()
  }

  /// The same rows under other terms, one for each run.
  package func replacing(_ terms: [IsolatedTerms]) -> IsolatedColumns {
    precondition(terms.count == runs.count, "Invariant: terms for every run")
    var copy = self
    for (index, own) in terms.enumerated() { copy.runs[index].terms = own }
    return copy
  }

  private static func runs(_ counts: [(terms: IsolatedTerms, asset: Int, count: Int)]) -> [Run] {
    var runs: [Run] = []
    var first = 0
    for entry in counts {
      runs.append(Run(terms: entry.terms, asset: entry.asset, first: first, count: entry.count))
      first += (entry.count + step - 1) / step * step
    }
    return runs
  }

  private static func columns(_ runs: [Run]) -> (HugeColumn, HugeColumn) {
    let places = runs.last.map { ($0.first + $0.count + step - 1) / step * step } ?? 0
    return (HugeColumn(count: places), HugeColumn(count: places))
  }

  private func pad() {
    for run in runs {
      let end = run.first + run.count
      for place in end..<(end + IsolatedColumns.step - 1) / IsolatedColumns.step * 64 {
        unsafe quantity.start[place] = run.terms.isLong ? 1 : -1
        unsafe constant.start[place] = .infinity
      }
    }
  }

  /// The parts of a run that are worked on at a time.
  package static func parts(of run: Run) -> [Range<Int>] {
    stride(from: 0, to: run.count, by: chunk).map { $0..<min(run.count, $0 + chunk) }
  }

  /// Writes the root of every row, as `HealthyInterval` gives it.
  ///
  /// * `prices`: a column of as many places as `quantity`.
  package func price(
    into prices: HugeColumn,
    level: VectorLevel,
    threads: Int
  ) throws(Failure) {
    var parts: [(run: Int, rows: Range<Int>)] = []
    for (index, run) in runs.enumerated() {
      for part in IsolatedColumns.parts(of: run) { parts.append((index, part)) }
    }
    let list = parts
    try Parallel.forEach(list.count, threads: threads) { (index: Int) throws(Failure) in
      let (run, rows) = list[index]
      let place = runs[run].first + rows.lowerBound
      unsafe level.priceColumn(
        runs[run].terms.group,
        quantity: quantity.start + place,
        constant: constant.start + place,
        prices: prices.start + place,
        count: (rows.count + 7) / 8 * 8
      )
    }
  }
}

extension AffineBook {
  /// The constant of an account of one row that no price moves.
  fileprivate func isolatedConstant(_ account: Int, _ deposited: Micro) -> Double {
    base[Int(firstRow[account])] + usd(deposited)
  }
}

/// Finds the run of each account, in order of first appearance.
private struct IsolatedSorter {
  struct Key: Hashable {
    var venue: Int
    var asset: Int
    var table: Int32
    /// Rate of a row without a table, 0 for the others.
    var rate: Double
    var isLong: Bool
  }
  struct Source {
    var terms: IsolatedTerms
    var asset: Int
    var accounts: [Int] = []
  }

  let book: Book
  let compiled: AffineBook
  let catalogue: VenueCatalogue
  let snapshot: PriceSnapshot
  var runs: [Source] = []
  var rest: [Int] = []
  private var runOfKey: [Key: Int] = [:]

  init(
    _ book: Book,
    _ compiled: AffineBook,
    _ catalogue: VenueCatalogue,
    _ snapshot: PriceSnapshot
  ) {
    (self.book, self.compiled) = (book, compiled)
    (self.catalogue, self.snapshot) = (catalogue, snapshot)
  }

  mutating func add(_ account: Int, constant: Double) {
    guard let key = key(of: account), let run = run(of: key),
      IsolatedTerms.fits(
        quantity: compiled.quantity[Int(compiled.firstRow[account])],
        constant: constant
      )
    else { return rest.append(account) }
    runs[run].accounts.append(account)
  }

  private func key(of account: Int) -> Key? {
    let entry = book.accounts[account]
    let row = Int(compiled.firstRow[account])
    guard entry.legs.count == 1, compiled.rows(of: account).count == 1,
      compiled.shape[account] == .single, compiled.table[row] >= 0
    else { return nil }
    let leg = entry.legs[0]
    let venue = catalogue.venues[leg.venue]
    guard leg.kind == .perp, leg.quantity != 0, venue.closeFactor >= 1,
      venue.rule.perpSplit != nil, catalogue.assets[leg.asset].underlying == leg.asset,
      let health = try? venue.rule.health(
        of: leg,
        in: LegContext(legs: entry.legs, confidenceRatio: 0, group: entry.elevationGroup)
      ), health.table > 0 || health.rate != nil
    else { return nil }
    return Key(
      venue: leg.venue,
      asset: leg.asset,
      table: compiled.table[row],
      rate: health.rate ?? 0,
      isLong: leg.quantity > 0
    )
  }

  private mutating func run(of key: Key) -> Int? {
    if let run = runOfKey[key] { return run >= 0 ? run : nil }
    let venue = catalogue.venues[key.venue]
    let lines =
      key.table > 0
      ? compiled.margins[Int(key.table)].lines : [MarginTable.Line(rate: key.rate, deduction: 0)]
    guard let split = venue.rule.perpSplit,
      let terms = IsolatedTerms(
        lines: lines,
        isLong: key.isLong,
        price: snapshot.prices[key.asset],
        atEquality: venue.liquidatesAtEquality,
        split: split
      )
    else {
      runOfKey[key] = -1
      return nil
    }
    runOfKey[key] = runs.count
    runs.append(Source(terms: terms, asset: key.asset))
    return runs.count - 1
  }
}
