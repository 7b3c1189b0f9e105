// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Liquidation
internal import Numerics
package import TextKit

extension ClusterBuilder {
  /// What the rows of columns came to.
  package struct ColumnResult: Sendable {
    package var builder: ClusterBuilder
    package var counts: [LiquidationStatus: Int]
  }

  /// Sums the rows of columns into bins, without writing a price.
  ///
  /// Threads take parts in turn and add to memory of their own; the sums are whole numbers, so
  /// neither their order nor `level` can change a digit.
  ///
  /// * `assets`: those that may come.
  /// - Throws: a data failure when a size or a sum is too large.
  package static func of(
    _ columns: IsolatedColumns,
    settings: ClusterSettings,
    assets: [Int],
    level: VectorLevel,
    threads: Int
  ) throws(Failure) -> ColumnResult {
    let partials = try ClusterBuilder.inParts(
      of: columns,
      isWeighed: columns.weights != nil,
      settings: settings,
      assets: assets,
      threads: threads
    ) { (tally, run, place, count, builder) throws(Failure) in
      var weights: UnsafePointer<Int32>?
      if let own = columns.weights { unsafe weights = UnsafePointer(own.start + place) }
      try unsafe tally.add(
        run.terms,
        asset: run.asset,
        quantity: columns.quantity.start + place,
        constant: columns.constant.start + place,
        weights: weights,
        count: count,
        level: level,
        to: &builder
      )
    }
    let builder = try joined(partials.map(\.0), settings: settings, assets: assets)
    let atRisk = partials.reduce(0) { $0 + $1.atRisk }
    let liquidatable = partials.reduce(0) { $0 + $1.liquidatable }
    let counts: [LiquidationStatus: Int] = [
      .atRisk: atRisk, .liquidatable: liquidatable,
      .unreachable: columns.rowCount - atRisk - liquidatable,
    ]
    return ColumnResult(builder: builder, counts: counts.filter { $0.value > 0 })
  }

  /// Sums rows whose roots are known, each whole: what binning alone costs.
  ///
  /// * `prices`: the column that `columns.price` filled.
  package static func ofPriced(
    _ columns: IsolatedColumns,
    prices: HugeColumn,
    settings: ClusterSettings,
    assets: [Int],
    level: VectorLevel,
    threads: Int
  ) throws(Failure) -> ClusterBuilder {
    let partials = try ClusterBuilder.inParts(
      of: columns,
      isWeighed: false,
      settings: settings,
      assets: assets,
      threads: threads
    ) { (tally, run, place, count, builder) throws(Failure) in
      try unsafe tally.addPriced(
        run.terms,
        asset: run.asset,
        quantity: columns.quantity.start + place,
        prices: prices.start + place,
        count: (count + 7) / 8 * 8,
        level: level,
        to: &builder
      )
    }
    return try joined(partials.map(\.0), settings: settings, assets: assets)
  }

  /// The sums of several builders of the same assets.
  private static func joined(
    _ parts: [ClusterBuilder],
    settings: ClusterSettings,
    assets: [Int]
  ) throws(Failure) -> ClusterBuilder {
    guard var builder = parts.first else {
      return ClusterBuilder(settings: settings, assets: assets)
    }
    for part in parts.dropFirst() { try builder.merge(part) }
    return builder
  }

  /// Rows of a part: small enough that threads end together.
  private static let partRows = 1 << 15

  /// Lets threads take parts of columns, each with memory of its own.
  ///
  /// Each thread has a range of parts, so that few threads meet the same asset and hand on sums of
  /// it; who is done goes on in the ranges of the others.
  private static func inParts(
    of columns: IsolatedColumns,
    isWeighed: Bool,
    settings: ClusterSettings,
    assets: [Int],
    threads: Int,
    _ add:
      @Sendable (BinTally, IsolatedColumns.Run, Int, Int, inout ClusterBuilder)
      throws(Failure) -> Void
  ) throws(Failure) -> [(ClusterBuilder, atRisk: Int, liquidatable: Int)] {
    var parts: [(run: IsolatedColumns.Run, rows: Range<Int>)] = []
    for run in columns.runs {
      for first in stride(from: 0, to: run.count, by: partRows) {
        parts.append((run, first..<min(run.count, first + partRows)))
      }
    }
    let list = parts
    let workers = min(threads, max(1, list.count))
    let ranges = WorkRanges(list.count, workers: workers)
    return try Parallel.map(workers, threads: threads) {
      (worker: Int) throws(Failure) -> (ClusterBuilder, atRisk: Int, liquidatable: Int) in
      var builder = ClusterBuilder(settings: settings, assets: assets)
      let tally = BinTally(binBPS: settings.binBPS, isWeighed: isWeighed)
      guard let tally else { throw Failure(.usage, "found bins below 5 bps, too narrow here") }
      while let index = ranges.next(worker) {
        let (run, rows) = list[index]
        try add(tally, run, run.first + rows.lowerBound, rows.count, &builder)
      }
      try tally.drain(to: &builder)
      return (builder, tally.atRisk, tally.liquidatable)
    }
  }

  /// The sums of one bin.
  struct BinSums {
    var weighted: Int128
    var variance: Int128
    var total: Int128
    var largest: Int64
    var positions: Int
  }
}
