// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Clusters
package import Liquidation
package import Markets
internal import Numerics
package import TextKit

/// The clusters of a book that comes in pieces: the sums of one thread.
///
/// Gives what `BookClusters` gives for the whole book, since all sums are integers.
package struct ClusterStream: Sendable {
  private let catalogue: VenueCatalogue
  private let snapshot: PriceSnapshot
  private let settings: ClusterSettings
  private let protection: ProtectionSettings
  private let slot: Int64
  private let perps: LonePerps
  private var builder: ClusterBuilder
  private var counts: [LiquidationStatus: Int] = [:]
  /// Accounts of one perp: at risk, unreachable, liquidatable, empty.
  private var perpCounts = [0, 0, 0, 0]
  /// Weights of ages, by the last bits of the age.
  private var weightOfAge: [(age: Int64, weight: Int64)]
  private let weightOfNoAge: Int64
  /// Sums of rows that come as columns.
  private let tally: PerpTally

  /// Begins with no account; `slot` is now, `level` has no influence on the result.
  package init(
    catalogue: VenueCatalogue,
    snapshot: PriceSnapshot,
    perps: LonePerps,
    settings: ClusterSettings,
    protection: ProtectionSettings,
    slot: Int64,
    level: VectorLevel = .strongest
  ) {
    (self.catalogue, self.snapshot, self.perps) = (catalogue, snapshot, perps)
    (self.settings, self.protection, self.slot) = (settings, protection, slot)
    builder = ClusterBuilder(settings: settings, assetCount: catalogue.assets.count)
    weightOfNoAge = settings.weight(freshness: settings.freshness(age: nil), cross: 1)
    weightOfAge = Array(repeating: (-1, 0), count: 1 << 12)
    tally = PerpTally(
      perps,
      settings: settings,
      slot: slot,
      cap: protection.isEnabled ? protection.perpCap : nil,
      level: level,
      venueCount: catalogue.venues.count,
      assetCount: catalogue.assets.count
    )
  }

  /// Adds accounts of any kind.
  package mutating func add(_ book: Book) throws(Failure) {
    guard !book.accounts.isEmpty else { return }
    let ladder = LadderSolver(
      book,
      catalogue,
      try AffineBook(compiling: book, catalogue: catalogue, snapshot: snapshot),
      confidenceRatios: snapshot.confidenceRatios
    )
    try BookClusters.add(
      0..<book.accounts.count,
      of: ladder,
      to: &builder,
      &counts,
      snapshot: snapshot,
      settings: settings,
      protection: protection,
      slot: slot
    )
  }

  /// Adds the accounts of some rows, the rows of one following each other.
  ///
  /// * `runs`: the first row of each account.
  /// * `others`: gets the places in `runs` of accounts that are left to `add(_:)`.
  package mutating func add(
    _ rows: [LegRecord],
    runs: [Int32],
    others: inout [Int]
  ) throws(Failure) {
    for run in runs.indices {
      let first = Int(runs[run])
      let isLone = first + 1 == (run + 1 < runs.count ? Int(runs[run + 1]) : rows.count)
      guard isLone, perps.takes(rows[first]) else {
        others.append(run)
        continue
      }
      let row = rows[first]
      var deposited = row.deposited
      if row.isProtected && protection.isEnabled { deposited = max(deposited, try cap(of: row)) }
      let position = perps.position(row, deposited: deposited)
      switch position.assessment.status {
      case .atRisk: perpCounts[0] += 1
      case .unreachable: perpCounts[1] += 1
      case .liquidatable: perpCounts[2] += 1
      case .empty: perpCounts[3] += 1
      }
      try builder.add(position, of: perps, weight: weight(of: row.observedSlot))
    }
  }

  /// Adds accounts of one perp that come as columns; `close()` must follow before a merge.
  package mutating func add(_ rows: PerpRows) throws(Failure) {
    var left: [LegRecord] = []
    try tally.add(rows, to: &builder, left: &left)
    if left.isEmpty { return }
    var others: [Int] = []
    try add(left, runs: left.indices.map { Int32($0) }, others: &others)
  }

  /// Takes the sums of all columns so far.
  package mutating func close() throws(Failure) {
    let (atRisk, unreachable, liquidatable) = try tally.drain(to: &builder)
    perpCounts[0] += atRisk
    perpCounts[1] += unreachable
    perpCounts[2] += liquidatable
  }

  @inline(__always)
  private mutating func weight(of observedSlot: Int64) -> Int64 {
    if observedSlot < 0 { return weightOfNoAge }
    let age = max(0, slot - observedSlot)
    let place = Int(truncatingIfNeeded: age) & (weightOfAge.count - 1)
    if weightOfAge[place].age == age { return weightOfAge[place].weight }
    let weight = settings.weight(freshness: settings.freshness(age: Double(age)), cross: 1)
    weightOfAge[place] = (age, weight)
    return weight
  }

  /// The cap of protection, as `ProtectionLimits` has it for the account of this perp.
  private func cap(of row: LegRecord) throws(Failure) -> Micro {
    let collateral = max(0, row.collateralUSD)
    let position = row.quantity.magnitude * row.entryPrice
    let cap =
      row.cap >= 0
      ? row.cap
      : try micro(
        protection.maxDepositRatio * (protection.capsByCollateral ? collateral : position)
      )
    // Refused there when it cannot be held.
    _ = try micro(max(protection.incrementUSD, protection.incrementRatio * collateral))
    return cap
  }

  /// Takes the sums of another thread.
  package mutating func merge(_ other: ClusterStream) throws(Failure) {
    try builder.merge(other.builder)
    counts.merge(other.counts) { $0 + $1 }
    for place in perpCounts.indices { perpCounts[place] += other.perpCounts[place] }
  }

  /// The clusters of all that was added.
  package mutating func finish() -> BookClusters.Result {
    let clusters = builder.finish(
      order: catalogue.assets.ranks,
      spots: snapshot.prices,
      deviations: snapshot.confidenceRatios
    )
    let statuses: [LiquidationStatus] = [.atRisk, .unreachable, .liquidatable, .empty]
    for (place, status) in statuses.enumerated() { counts[status, default: 0] += perpCounts[place] }
    return BookClusters.Result(clusters: clusters, counts: counts, outsideGrid: builder.outsideGrid)
  }
}

extension ProtectionSettings {
  /// What protected accounts of one perp may count on.
  fileprivate var perpCap: PerpCap {
    // Where the increment of the largest collateral can be held, that of every row can.
    let most = max(incrementUSD, incrementRatio * 1e12)
    return PerpCap(
      ratio: maxDepositRatio,
      countsCollateral: capsByCollateral,
      isSure: most >= 0 && most < 9e12
    )
  }
}
