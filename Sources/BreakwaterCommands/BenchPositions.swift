// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
internal import Markets
internal import Numerics
internal import Tables
internal import TextKit

/// A synthetic book of isolated perps of eight assets, in the columns of the kernels.
///
/// Margin tables are the first six tiers of eight contracts as Binance had them in October 2024;
/// positions are invented: sizes log-normal around 4,900 USD, leverage around 8, entries within
/// some 6 % of the price, 55 % long.
struct BenchPositions {
  static let symbols = ["BTC", "ETH", "SOL", "BNB", "XRP", "DOGE", "AVAX", "LINK"]
  static let prices = [60_000, 2_500, 150, 550, 2.2, 0.15, 22, 14]
  private static let shares = [0.30, 0.22, 0.16, 0.10, 0.08, 0.06, 0.04, 0.04]
  private static let lower: [[Double]] = [
    [0, 5e4, 6e5, 3e6, 1.2e7, 7e7], [0, 5e4, 6e5, 3e6, 1.2e7, 5e7],
    [0, 2e4, 1e5, 8e5, 4e6, 8e6], [0, 1e4, 5e4, 2e5, 1.5e6, 3e6],
    [0, 1e4, 2e4, 1.6e5, 8e5, 1.6e6], [0, 1e4, 5e4, 7.5e5, 8e5, 1.6e6],
    [0, 5e3, 2.5e4, 8e4, 4e5, 8e5], [0, 1e4, 5e4, 8e4, 4e5, 8e5],
  ]
  private static let rates: [[Double]] = [
    [0.004, 0.005, 0.0065, 0.01, 0.02, 0.025], [0.004, 0.005, 0.0065, 0.01, 0.02, 0.025],
    [0.005, 0.0065, 0.01, 0.02, 0.025, 0.05], [0.005, 0.006, 0.01, 0.02, 0.025, 0.05],
    [0.005, 0.0065, 0.01, 0.02, 0.025, 0.05], [0.005, 0.007, 0.01, 0.02, 0.025, 0.05],
    [0.005, 0.0065, 0.01, 0.02, 0.025, 0.05], [0.005, 0.01, 0.015, 0.02, 0.025, 0.05],
  ]
  private static let longShare = 0.55

  /// One position as a book has it.
  struct Position {
    var quantity: Double
    var entry: Double
    var collateral: Double

    var constant: Double { collateral + -quantity * entry }
  }

  /// Closed at once, and the first fifth of a position above 100,000 USD before the rest.
  let whole: IsolatedColumns
  let split: IsolatedColumns
  let tables: [MarginTable]
  private let seed: UInt64

  init(count: Int, seed: UInt64, threads: Int) throws(Failure) {
    self.seed = seed
    var tables: [MarginTable] = []
    for asset in BenchPositions.symbols.indices {
      tables.append(
        try MarginTable(
          tiers: zip(BenchPositions.lower[asset], BenchPositions.rates[asset]).map {
            MarginTable.Tier(lowerUSD: $0, rate: $1)
          }
        )
      )
    }
    self.tables = tables
    let counts = BenchPositions.counts(count)
    let parts = PerpSplit(aboveUSD: 100_000, firstShare: 0.2)
    let made = unsafe try IsolatedColumns(
      counts: try BenchPositions.runs(tables, counts, parts),
      threads: threads
    ) { run, rows, quantity, constant in
      let draws = Philox(seed: seed, scenario: UInt32(run), stream: .bookAccounts)
      for row in rows {
        let position = BenchPositions.position(row, of: run, draws)
        unsafe quantity[row - rows.lowerBound] = position.quantity
        unsafe constant[row - rows.lowerBound] = position.constant
      }
    }
    split = made
    let once = PerpSplit(aboveUSD: .infinity, firstShare: 1)
    whole = made.replacing(try BenchPositions.runs(tables, counts, once).map(\.terms))
  }

  /// Rows of each asset's longs and shorts.
  private static func counts(_ count: Int) -> [Int] {
    var counts = shares.flatMap { share in
      let rows = Int((Double(count) * share).rounded(.down))
      let longs = Int((Double(rows) * longShare).rounded(.down))
      return [longs, rows - longs]
    }
    counts[0] += count - counts.reduce(0, +)
    return counts
  }

  private static func runs(
    _ tables: [MarginTable],
    _ counts: [Int],
    _ parts: PerpSplit
  ) throws(Failure) -> [(terms: IsolatedTerms, asset: Int, count: Int)] {
    var runs: [(terms: IsolatedTerms, asset: Int, count: Int)] = []
    for (run, count) in counts.enumerated() {
      let terms = IsolatedTerms(
        lines: tables[run / 2].lines,
        isLong: run % 2 == 0,
        price: prices[run / 2],
        atEquality: false,
        split: parts,
        // What 95 % that stay are: 0.95 in 1/65,536.
        weight: 62_259
      )
      guard let terms else {
        throw Failure(.internalError, "the tables of the benchmark do not fit")
      }
      runs.append((terms, run / 2, count))
    }
    return runs
  }

  /// The position of a row; it depends on the seed and the row alone.
  private static func position(_ row: Int, of run: Int, _ draws: Philox) -> Position {
    let index = UInt32(truncatingIfNeeded: row)
    let (first, second) = draws.normals(index: index, block: 0)
    let (third, _) = draws.normals(index: index, block: 16)
    let entry = prices[run / 2] * ExactMath.exp(0.06 * first)
    let notional = ExactMath.exp(8.5 + 1.9 * second)
    let leverage = min(50, max(0.8, 8 * ExactMath.exp(0.8 * third)))
    let size = notional / entry
    return Position(
      quantity: run % 2 == 0 ? size : -size,
      entry: entry,
      collateral: notional / leverage
    )
  }

  /// Writes the columns of the naive form, one row for each position, as .npy files.
  ///
  /// `entry`, `size` (signed), `collateral`, and `rate` and `deduction` of the tier that holds at
  /// the liquidation price; `asset`; and `tiers`: lower bound, rate and deduction of each tier.
  func write(to folder: String) throws(Failure) {
    try OutputFolder.create(folder)
    let tiers = tables.indices.flatMap { asset in
      zip(BenchPositions.lower[asset], tables[asset].lines).flatMap { lower, line in
        [lower, line.rate, line.deduction]
      }
    }
    try npy("\(folder)/tiers.npy", shape: "(8, 6, 3)") { (put) throws(Failure) in
      for value in tiers { try put(value) }
    }
    try npy("\(folder)/price.npy", shape: "(8,)") { (put) throws(Failure) in
      for value in BenchPositions.prices { try put(value) }
    }
    let names = ["entry", "size", "collateral", "rate", "deduction", "asset"]
    let columns = names.map { _ in HugeColumn(count: whole.quantity.count) }
    try fill(columns)
    for (name, column) in zip(names, columns) {
      try npy("\(folder)/\(name).npy", shape: "(\(whole.rowCount),)") { (put) throws(Failure) in
        for run in whole.runs {
          for place in run.first..<run.first + run.count { try unsafe put(column.start[place]) }
        }
      }
    }
  }

  /// Computes the columns of `write`.
  private func fill(_ columns: [HugeColumn]) throws(Failure) {
    var parts: [(run: Int, rows: Range<Int>)] = []
    for (index, run) in whole.runs.enumerated() {
      for part in IsolatedColumns.parts(of: run) { parts.append((index, part)) }
    }
    let list = parts
    try Parallel.forEach(list.count, threads: Parallel.threads(0)) { (index: Int) throws(Failure) in
      let (number, rows) = list[index]
      let run = whole.runs[number]
      let draws = Philox(seed: seed, scenario: UInt32(number), stream: .bookAccounts)
      for row in rows {
        let position = BenchPositions.position(row, of: number, draws)
        let line = holding(run.asset, position)
        let values = [
          position.entry, position.quantity, position.collateral, line.rate, line.deduction,
          Double(run.asset),
        ]
        for (column, value) in zip(columns, values) {
          unsafe column.start[run.first + row] = value
        }
      }
    }
  }

  /// The line that gives the root.
  private func holding(_ asset: Int, _ position: Position) -> MarginTable.Line {
    let quantity = position.quantity
    var best = tables[asset].lines[0]
    var bestRoot = 0.0
    for (tier, line) in tables[asset].lines.enumerated() {
      let slope = quantity - quantity.magnitude * line.rate
      let root = -(position.constant + line.deduction) / slope
      if tier == 0 || (quantity > 0 ? root > bestRoot : root < bestRoot) {
        (best, bestRoot) = (line, root)
      }
    }
    return best
  }

  /// Writes an array of doubles in NumPy's format, version 1.0.
  private func npy(
    _ path: String,
    shape: String,
    _ body: ((Double) throws(Failure) -> Void) throws(Failure) -> Void
  ) throws(Failure) {
    var file = try OutputFile(path: path)
    var header = "{'descr': '<f8', 'fortran_order': False, 'shape': \(shape), }"
    while (header.utf8.count + 11) % 64 != 0 { header += " " }
    let length = header.utf8.count + 1
    try file.write(
      [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 255), UInt8(length >> 8)]
        + Array(header.utf8) + [10]
    )
    var bytes: [UInt8] = []
    bytes.reserveCapacity(1 << 16)
    var parts: [[UInt8]] = []
    try body { (value: Double) throws(Failure) in
      unsafe withUnsafeBytes(of: value.bitPattern.littleEndian) {
        unsafe bytes.append(contentsOf: $0)
      }
      if bytes.count >= 1 << 20 {
        parts.append(bytes)
        bytes.removeAll(keepingCapacity: true)
      }
    }
    for part in parts { try file.write(part) }
    try file.write(bytes)
    try file.commit()
  }
}
