// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Clusters
package import Liquidation
package import Markets
internal import Numerics
package import TextKit

/// The clusters of a book as it was read, outside any simulation.
package enum BookClusters {
  /// Rows whose sums one thread makes at a time.
  private static let chunk = 65_536

  /// What the rows of a book came to.
  package struct Result: Sendable {
    package var clusters: [Cluster]
    /// Rows by status, after protection's caps.
    package var counts: [LiquidationStatus: Int]
    /// Rungs whose price no bin holds.
    package var outsideGrid: Int
  }

  /// Aggregates a book at current prices.
  ///
  /// * `slot`: now; an account read earlier counts for less, one that does not say counts in full.
  /// * `threads`: no influence on the result.
  package static func compute(
    book: Book,
    compiled: AffineBook,
    catalogue: VenueCatalogue,
    snapshot: PriceSnapshot,
    settings: ClusterSettings,
    protection: ProtectionSettings,
    slot: Int64,
    threads: Int
  ) throws(Failure) -> Result {
    let table = catalogue.assets
    let assets = book.underlyingAssets(in: table)
    let ladder = LadderSolver(
      book,
      catalogue,
      compiled,
      confidenceRatios: snapshot.confidenceRatios
    )
    let chunks = (book.accounts.count + chunk - 1) / chunk
    let partials = try Parallel.map(chunks, threads: threads) {
      (index: Int) throws(Failure) -> (ClusterBuilder, [LiquidationStatus: Int]) in
      var builder = ClusterBuilder(settings: settings, assets: assets)
      var counts: [LiquidationStatus: Int] = [:]
      try add(
        index * chunk..<min(book.accounts.count, (index + 1) * chunk),
        of: ladder,
        to: &builder,
        &counts,
        snapshot: snapshot,
        settings: settings,
        protection: protection,
        slot: slot
      )
      return (builder, counts)
    }
    var builder = ClusterBuilder(settings: settings, assets: assets)
    var counts: [LiquidationStatus: Int] = [:]
    for (partial, some) in partials {
      try builder.merge(partial)
      counts.merge(some) { $0 + $1 }
    }
    let clusters = builder.finish(
      order: table.ranks,
      spots: snapshot.prices,
      deviations: snapshot.confidenceRatios
    )
    return Result(clusters: clusters, counts: counts, outsideGrid: builder.outsideGrid)
  }

  /// Adds some accounts of a compiled book to the sums and counts of one thread.
  static func add(
    _ accounts: Range<Int>,
    of ladder: LadderSolver,
    to builder: inout ClusterBuilder,
    _ counts: inout [LiquidationStatus: Int],
    snapshot: PriceSnapshot,
    settings: ClusterSettings,
    protection: ProtectionSettings,
    slot: Int64
  ) throws(Failure) {
    let (book, table, compiled) = (ladder.book, ladder.catalogue.assets, ladder.affine)
    for place in accounts {
      let account = book.accounts[place]
      var deposited = account.protection.deposited
      if account.protection.isProtected && protection.isEnabled {
        let limits = try ProtectionLimits(account, protection) {
          snapshot.price(of: $0, in: table)
        }
        deposited = max(deposited, limits.cap)
      }
      let age = account.observedSlot.map { Double(max(0, slot - $0)) }
      let freshness = settings.freshness(age: age)
      for row in compiled.rows(of: place) {
        let interval = compiled.interval(
          of: row,
          deposited: deposited,
          prices: snapshot.prices,
          confidences: snapshot.confidences
        )
        let assessment = try builder.add(
          row: row,
          of: compiled,
          interval: interval,
          freshness: freshness,
          prices: snapshot.prices
        ) { assessment in
          ladder.rungs(
            of: row,
            assessment,
            deposited: deposited,
            prices: snapshot.prices,
            confidences: snapshot.confidences
          )
        }
        counts[assessment.status, default: 0] += 1
      }
    }
  }
}
