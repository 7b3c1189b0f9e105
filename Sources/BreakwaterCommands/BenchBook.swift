// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
internal import Markets
internal import Numerics
internal import Tables
internal import TextKit

/// A synthetic book of cross accounts, compiled in memory.
///
/// Sizes have a Pareto tail, six of ten legs are long, and leverage lies between 1 and 12, so that
/// a bad day liquidates some. Every number is a choice.
struct BenchBook {
  private(set) var book: AffineBook
  let snapshot: PriceSnapshot
  let assets: AssetTable
  private let isFlat: Bool

  /// Maintenance rate of flat books and of the first tier.
  private static let rate = 0.02

  init(accounts: Int, assets count: Int, legs: Int, seed: UInt64, isFlat: Bool) throws(Failure) {
    var table = AssetTable()
    for index in 0..<count {
      let digits = String(index + 1)
      _ = table.add(
        "A" + String(repeating: "0", count: max(0, 5 - digits.utf8.count)) + digits
      )
    }
    var snapshot = PriceSnapshot(table)
    let prices = Philox(seed: seed, scenario: 1, stream: .bookAccounts)
    for index in 0..<count {
      let place = prices.uniforms(index: UInt32(index), block: 0).0
      let price = ExactMath.exp(place * 11 - 1)
      snapshot.set(
        index,
        price: DecimalRounding.significant(price, digits: 6),
        confidence: 0
      )
    }
    var margins = MarginTableSet()
    let bound = [0.0, 50_000, 250_000, 1_000_000]
    var tiers: [MarginTable.Tier] = []
    for (step, lower) in bound.enumerated() {
      tiers.append(
        MarginTable.Tier(lowerUSD: lower, rate: BenchBook.rate * Double(step + 1))
      )
    }
    let tiered = Int32(margins.add(try MarginTable(tiers: tiers)))
    var book = AffineBook(margins: margins)
    let draws = Philox(seed: seed, scenario: 0, stream: .bookAccounts)
    for account in 0..<accounts {
      var rows: [AffineBook.WideRow] = []
      var (value, size) = (0.0, 0.0)
      // Legs lie in equal parts of the assets, so that no asset comes twice and rows are sorted.
      let start = draws.uniforms(index: UInt32(account), block: 0)
      let scale = 2_000 / (1.0001 - start.0).squareRoot()
      for leg in 0..<legs {
        let first = leg * count / legs
        let width = (leg + 1) * count / legs - first
        let pair = draws.uniforms(index: UInt32(account), block: UInt32(leg + 1))
        let asset = first + min(width - 1, Int(pair.0 * Double(width)))
        let fraction = pair.0 * Double(width) - Double(asset - first)
        let notional = scale / (1.01 - pair.1)
        let units = notional / snapshot.prices[asset] * (fraction < 0.6 ? 1 : -1)
        value += units * snapshot.prices[asset]
        size += notional
        rows.append(
          AffineBook.WideRow(
            asset: Int32(asset),
            quantity: units,
            slope: isFlat ? units - units.magnitude * BenchBook.rate : units,
            table: isFlat ? 0 : tiered
          )
        )
      }
      let fixed = size / (1 + 11 * start.1) - value
      book.append(rows, fixed: fixed, equityFixed: fixed, tripsAtEquality: false)
    }
    (self.book, self.snapshot, self.assets, self.isFlat) = (book, snapshot, table, isFlat)
  }

  /// Moves of a day, every two assets with a correlation of one half.
  func draws(_ count: Int, seed: UInt64) throws(Failure) -> ShockGenerator {
    let processes = assets.symbols.enumerated().map {
      AssetProcess.preset(symbol: $1, price: snapshot.prices[$0], isEvent: false)
    }
    return try ShockGenerator(
      count: count,
      seed: seed,
      processes: processes,
      assets: Array(0..<assets.count),
      model: ShockModel(processes, horizonSeconds: 86_400, correlation: 0.5),
      start: snapshot
    )
  }

  /// Writes the rows as compressed sparse rows, constants, prices by asset, and our counts.
  func write(to folder: String, prices: [Double], counts: [Int]) throws(Failure) {
    try OutputFolder.create(folder)
    let place = folder.hasSuffix("/") ? folder : folder + "/"
    try NumPyFile.write(book.firstRow, shape: [book.firstRow.count], to: place + "indptr.npy")
    try NumPyFile.write(book.asset, shape: [book.rowCount], to: place + "indices.npy")
    try NumPyFile.write(book.slope, shape: [book.rowCount], to: place + "slopes.npy")
    let constants = (0..<book.accountCount).map { book.fixed(of: $0, deposited: 0) }
    try NumPyFile.write(constants, shape: [constants.count], to: place + "constants.npy")
    let width = prices.count / assets.count
    try NumPyFile.write(prices, shape: [assets.count, width], to: place + "prices.npy")
    try NumPyFile.write(counts.map(Int64.init), shape: [counts.count], to: place + "counts.npy")
  }
}

/// Arrays in the format of NumPy, version 1.0.
enum NumPyFile {
  /// Writes numbers in row order.
  static func write<Number: BitwiseCopyable>(
    _ numbers: [Number],
    shape: [Int],
    to path: String
  ) throws(Failure) {
    let type = Number.self == Double.self ? "<f8" : "<i\(MemoryLayout<Number>.size)"
    let sizes = shape.map { "\($0)," }.joined(separator: " ")
    var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(sizes)), }"
    // The data begin at a multiple of 64 bytes.
    header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
    let length = header.utf8.count
    let magic: [UInt8] =
      [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 255), UInt8(length >> 8)]
    var file = try OutputFile(path: path)
    try file.write(magic + Array(header.utf8))
    let bytes = unsafe numbers.withUnsafeBytes { unsafe Array($0) }
    try file.write(bytes)
    try file.commit()
  }
}
