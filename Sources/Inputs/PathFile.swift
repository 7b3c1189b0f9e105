// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Markets
internal import Tables
package import TextKit

/// How bars become steps, and which part of a file is taken.
package struct PathOptions: Sendable, Equatable {
  package var stamp = BarStamp.start
  package var order = BarOrder.auto
  package var barSeconds: Double?
  /// Only rows within these times, UTC epoch milliseconds, both included.
  package var fromMilliseconds: Int64?
  package var toMilliseconds: Int64?

  package init() {}

  fileprivate func takes(_ time: Int64) -> Bool {
    time >= fromMilliseconds ?? .min && time <= toMilliseconds ?? .max
  }
}

/// Reads one scenario: wide `timestamp_ms,BTC,ETH,…` or bars
/// `timestamp_ms,asset,open,high,low,close` (DESIGN 4).
package enum PathFile {
  private static let barColumns = ["asset", "open", "high", "low", "close"]

  /// The path of a file, with warnings for the user.
  ///
  /// Columns of assets that no venue knows, and of those priced from another, are ignored.
  package static func read(
    _ path: String,
    assets: AssetTable,
    options: PathOptions
  ) throws(Failure) -> (path: PricePath, warnings: [String]) {
    let symbols = assets.assets.enumerated()
      .filter { !$0.element.isQuote && $0.element.underlying == $0.offset }
    let reader = try CSVReader(
      path: path,
      required: ["timestamp_ms"],
      optional: barColumns + symbols.map(\.element.symbol)
        + symbols.map { $0.element.symbol + ":funding" },
      keepsOthers: true
    )
    let missing = barColumns.indices.filter { !reader.has($0 + 1) }
    if missing.count < barColumns.count {
      guard missing.isEmpty else {
        throw Failure.data(
          file: path,
          line: 1,
          found: "bars without " + missing.map { barColumns[$0] }.joined(separator: ", "),
          expected: "timestamp_ms,asset,open,high,low,close"
        )
      }
      return try bars(reader, path: path, assets: assets, options: options)
    }
    let first = barColumns.count + 1
    let columns = symbols.indices.filter { reader.has($0 + first) }
    let rates = symbols.indices.map {
      (column: $0 + first + symbols.count, asset: symbols[$0].offset)
    }
    .filter { reader.has($0.column) }
    let extras = PathExtras(reader.columns, after: first + 2 * symbols.count, assets)
    return try wide(
      reader,
      path: path,
      columns: columns.map { $0 + first },
      assets: columns.map { symbols[$0].offset },
      extras: extras,
      rates: rates,
      table: assets,
      options: options
    )
  }

  private static func wide(
    _ source: consuming CSVReader,
    path: String,
    columns: [Int],
    assets: [Int],
    extras: PathExtras,
    rates: [(column: Int, asset: Int)],
    table: AssetTable,
    options: PathOptions
  ) throws(Failure) -> (PricePath, [String]) {
    var reader = source
    var extras = extras
    guard !columns.isEmpty else {
      throw Failure.data(
        file: path,
        line: 1,
        found: "timestamp_ms," + reader.unknownColumns.joined(separator: ","),
        expected: "timestamp_ms and a column for each asset, or bars:"
          + " timestamp_ms,asset,open,high,low,close"
      )
    }
    var times: [Int64] = []
    var values: [Double] = []
    var funding: [Double] = []
    var previous: Int64?
    while try reader.next() {
      let time = try reader.integer(0)
      if let previous, time <= previous {
        throw reader.failure(
          0,
          expected: "a time after \(previous)",
          advice: "sort the rows and remove repeats"
        )
      }
      previous = time
      guard options.takes(time) else { continue }
      for column in columns {
        values.append(reader.isEmpty(column) ? .nan : try price(reader, column))
        if times.isEmpty && reader.isEmpty(column) {
          throw reader.failure(
            column,
            expected: "a price for every asset in the first row",
            advice: "begin the path where every asset has a price"
          )
        }
      }
      for (column, _) in rates { funding.append(try rate(reader, column)) }
      for column in extras.columns {
        extras.append(reader.isEmpty(column) ? .nan : try price(reader, column))
      }
      times.append(time)
    }
    try checkNotEmpty(path, times.isEmpty)
    let warnings =
      InputWarnings.table(path, unknown: extras.unknown)
      + PegTable.unasked(path, assets: assets, table)
    let made = try PricePath(
      name: path,
      times: times,
      assets: assets,
      values: values,
      funding: rates.isEmpty
        ? nil : FundingTrack(assets: rates.map(\.asset), values: funding)
    )
    return (try extras.adding(to: made, table), warnings)
  }

  private static func bars(
    _ source: consuming CSVReader,
    path: String,
    assets: AssetTable,
    options: PathOptions
  ) throws(Failure) -> (PricePath, [String]) {
    var reader = source
    var bars: [Bar] = []
    var previous: [Int: Int64] = [:]
    var ignored = 0
    while try reader.next() {
      let time = try reader.integer(0)
      guard options.takes(time) else { continue }
      let symbol = try reader.text(1)
      guard let asset = assets.index(of: symbol), !assets[asset].isQuote,
        assets[asset].underlying == asset
      else {
        ignored += 1
        continue
      }
      if let last = previous[asset], time <= last {
        throw reader.failure(
          0,
          expected: "a time after \(last) for \(symbol)",
          advice: "sort the rows and remove repeats"
        )
      }
      previous[asset] = time
      bars.append(
        Bar(
          time: time,
          asset: asset,
          open: try price(reader, 2),
          high: try price(reader, 3),
          low: try price(reader, 4),
          close: try price(reader, 5)
        )
      )
    }
    try checkNotEmpty(path, bars.isEmpty)
    var warnings = InputWarnings.table(path, unknown: reader.unknownColumns)
    if ignored > 0 {
      warnings.append("\(path): ignored \(ignored) bars of assets that no venue prices by itself")
    }
    let made = try PricePath(
      name: path,
      bars: bars,
      stamp: options.stamp,
      order: options.order,
      spacing: options.barSeconds.map { Int64(($0 * 1000).rounded(.toNearestOrEven)) }
    )
    warnings += PegTable.unasked(path, assets: made.assets, assets)
    return (try made.pegging(in: assets), warnings)
  }

  private static func price(
    _ reader: borrowing CSVReader,
    _ column: Int
  ) throws(Failure) -> Double {
    let value = try reader.number(column)
    guard value > 0, value <= PricePath.highestPrice else {
      throw reader.failure(column, expected: "a price above 0, at most 1e15")
    }
    guard value >= PricePath.lowestPrice else {
      throw reader.failure(column, expected: "a price of at least 1e-100")
    }
    return value
  }

  /// A funding rate, NaN where the one before stays in force.
  private static func rate(
    _ reader: borrowing CSVReader,
    _ column: Int
  ) throws(Failure) -> Double {
    if reader.isEmpty(column) { return .nan }
    let value = try reader.number(column)
    guard value.magnitude <= 1000 else {
      throw reader.failure(column, expected: "a rate of an interval, a share from -1000 to 1000")
    }
    return value
  }

  private static func checkNotEmpty(_ path: String, _ isEmpty: Bool) throws(Failure) {
    guard isEmpty else { return }
    throw Failure.data(
      file: path,
      found: "no rows",
      expected: "at least one row with a known asset",
      advice: "check the file and the times asked for"
    )
  }
}
