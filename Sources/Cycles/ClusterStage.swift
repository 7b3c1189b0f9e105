// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Clusters
internal import Liquidation
internal import Markets
internal import Numerics
package import TextKit

/// Recomputes the clusters of the accounts that are still open (SEMANTICS B9).
///
/// The monitor has just read the accounts, so their age is `clusters.read_lag_slots`; a protected
/// account stands at its root after the rest of its cap is deposited.
package struct ClusterStage {
  private let settings: ClusterSettings
  private var builder: ClusterBuilder
  private var computedAt: Int64?
  private var ladders = LadderMemory()
  /// All clusters of the last computation.
  package private(set) var clusters: [Cluster] = []
  /// Those at which the vault may deploy.
  package private(set) var candidates: [Cluster] = []

  package init(_ settings: ClusterSettings, input: WorldInput) {
    self.settings = settings
    builder = ClusterBuilder(settings: settings, assets: input.assets)
  }

  /// Forgets what it knows of an account whose legs have changed.
  mutating func forget(_ rows: Range<Int>) { ladders.forget(rows) }

  /// Computes the clusters when they are due.
  package mutating func refresh(
    time: Int64,
    _ input: WorldInput,
    _ accounts: AccountStates,
    _ protection: ProtectionStage,
    _ oracle: OracleStage
  ) throws(Failure) {
    if let computedAt, time - computedAt < settings.refreshMilliseconds { return }
    computedAt = time
    let book = input.affine
    let freshness = settings.freshness(age: settings.readLagSlots)
    for account in 0..<book.accountCount where accounts.isOpen[account] {
      let deposited = accounts.deposited[account]
      let full = protection.fullDeposit(of: account, deposited: deposited)
      for row in book.rows(of: account) {
        let interval =
          full == deposited
          ? accounts.interval(of: row, book, oracle)
          : book.interval(
            of: row,
            deposited: accounts.credit(of: account, deposited: full),
            prices: oracle.prices,
            confidences: oracle.confidences
          )
        try builder.add(
          row: row,
          of: book,
          interval: interval,
          freshness: freshness,
          prices: oracle.prices
        ) { assessment in
          ladders.rungs(
            of: row,
            assessment,
            deposited: accounts.credit(of: account, deposited: full),
            input,
            prices: oracle.prices,
            confidences: oracle.confidences
          )
        }
      }
    }
    clusters = builder.finish(
      order: input.ranks,
      spots: oracle.spots,
      deviations: input.confidenceRatios
    )
    candidates = clusters.filter { $0.isDeployable && $0.direction == .below }
  }
}
