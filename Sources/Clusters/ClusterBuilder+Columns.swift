// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Liquidation
internal import Numerics
internal import Synchronization
package import TextKit

extension ClusterBuilder {
  /// What the rows of columns came to.
  package struct ColumnResult: Sendable {
    package var builder: ClusterBuilder
    package var counts: [LiquidationStatus: Int]
  }

  /// Sums the rows of columns into bins, without writing a price.
  ///
  /// Threads take parts in turn and add to memory of their own; the sums are whole numbers, so neither
  /// their order nor `level` can change a digit.
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
    var parts: [(run: IsolatedColumns.Run, rows: Range<Int>)] = []
    for run in columns.runs {
      for part in IsolatedColumns.parts(of: run) { parts.append((run, part)) }
    }
    let list = parts
    let next = Atomic<Int>(0)
    let partials = try Parallel.map(min(threads, max(1, list.count)), threads: threads) {
      (_: Int) throws(Failure) -> (ClusterBuilder, atRisk: Int, liquidatable: Int) in
      var builder = ClusterBuilder(settings: settings, assets: assets)
      let tally = BinTally(binBPS: settings.binBPS, isWeighed: columns.weights != nil)
      guard let tally else { throw Failure(.usage, "found bins below 5 bps, too narrow here") }
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < list.count else { break }
        let (run, rows) = list[index]
        let place = run.first + rows.lowerBound
        var weights: UnsafePointer<Int32>?
        if let own = columns.weights { unsafe weights = UnsafePointer(own.start + place) }
        try unsafe tally.add(
          run.terms,
          asset: run.asset,
          quantity: columns.quantity.start + place,
          constant: columns.constant.start + place,
          weights: weights,
          count: rows.count,
          level: level,
          to: &builder
        )
      }
      try tally.drain(to: &builder)
      return (builder, tally.atRisk, tally.liquidatable)
    }
    var builder = ClusterBuilder(settings: settings, assets: assets)
    var (atRisk, liquidatable) = (0, 0)
    for partial in partials {
      try builder.merge(partial.0)
      atRisk += partial.atRisk
      liquidatable += partial.liquidatable
    }
    let counts: [LiquidationStatus: Int] = [
      .atRisk: atRisk, .liquidatable: liquidatable,
      .unreachable: columns.rowCount - atRisk - liquidatable,
    ]
    return ColumnResult(builder: builder, counts: counts.filter { $0.value > 0 })
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
