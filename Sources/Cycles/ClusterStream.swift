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
  /// Sums of the columns of folders and queries, and of text read by columns.
  private let tally: PerpTally
  private let bins: PerpBins
  /// Weights of the rows at hand, and those of them that are worked on one by one.
  private var weights: [Int32] = []
  private var deposits: [Double] = []
  private var single: [Int32] = []

  /// Begins with no account; `slot` is now.
  ///
  /// * `level`: vector instructions, which change nothing but time.
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
    bins = PerpBins(
      perps,
      markets: catalogue.venues.count * catalogue.assets.count,
      settings: settings,
      level: level
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
      try add(rows[first])
    }
  }

  /// Adds accounts of one perp that come as columns.
  package mutating func add(_ rows: PerpRows) throws(Failure) {
    var left: [LegRecord] = []
    try tally.add(rows, to: &builder, left: &left)
    if left.isEmpty { return }
    var others: [Int] = []
    try add(left, runs: left.indices.map { Int32($0) }, others: &others)
  }

  /// Adds the rows of a table that are accounts of one perp.
  ///
  /// * `others`: gets the rows that are left to `add(_:)`.
  package mutating func add(_ table: RowColumns, others: inout [Int]) throws(Failure) {
    if weights.count < table.count {
      weights = Array(repeating: 0, count: table.capacity)
      deposits = Array(repeating: 0, count: table.capacity)
    }
    let slots = unsafe table.slot
    for row in 0..<table.count {
      weights[row] = Int32(truncatingIfNeeded: weight(of: unsafe slots[row]))
    }
    if protection.isEnabled { try fillDeposits(table) }
    single.removeAll(keepingCapacity: true)
    let (weights, deposits) = (weights, deposits)
    try unsafe weights.withUnsafeBufferPointer {
      (weights: UnsafeBufferPointer<Int32>) throws(Failure) in
      try unsafe deposits.withUnsafeBufferPointer {
        (deposits: UnsafeBufferPointer<Double>) throws(Failure) in
        guard let weights = weights.baseAddress, let deposits = deposits.baseAddress else { return }
        try unsafe bins.add(
          table,
          weights: weights,
          deposits: deposits,
          others: &single,
          to: &builder
        )
      }
    }
    for place in single {
      let row = table.record(Int(place))
      if perps.takes(row) { try add(row) } else { others.append(Int(place)) }
    }
  }

  /// What protection deposits in the account of each row, at most.
  private mutating func fillDeposits(_ table: RowColumns) throws(Failure) {
    let (isProtected, isLone) = unsafe (table.isProtected, table.isLone)
    let (quantity, entry) = unsafe (table.quantity, table.entryPrice)
    let collateral = unsafe table.collateral
    for row in 0..<table.count {
      deposits[row] = 0
      guard unsafe isProtected[row] & isLone[row] != 0 else { continue }
      deposits[row] = usd(
        max(0, try cap(unsafe (quantity[row], entry[row], collateral[row]), own: -1))
      )
    }
  }

  /// Adds an account of one perp that `LonePerps` takes.
  private mutating func add(_ row: LegRecord) throws(Failure) {
    var deposited = row.deposited
    if row.isProtected && protection.isEnabled {
      deposited = max(
        deposited,
        try cap((row.quantity, row.entryPrice, row.collateralUSD), own: row.cap)
      )
    }
    let position = perps.position(row, deposited: deposited)
    switch position.assessment.status {
    case .atRisk: perpCounts[0] += 1
    case .unreachable: perpCounts[1] += 1
    case .liquidatable: perpCounts[2] += 1
    case .empty: perpCounts[3] += 1
    }
    try builder.add(position, of: perps, weight: weight(of: row.observedSlot))
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

  /// The cap of protection, as `ProtectionLimits` has it for the account of a perp.
  ///
  /// * `own`: what the book says of it, −1 for nothing.
  @inline(__always)
  private func cap(
    _ perp: (quantity: Double, entryPrice: Double, collateral: Double),
    own: Micro
  ) throws(Failure) -> Micro {
    let collateral = max(0, perp.collateral)
    let position = perp.quantity.magnitude * perp.entryPrice
    let cap =
      own >= 0
      ? own
      : try micro(
        protection.maxDepositRatio * (protection.capsByCollateral ? collateral : position)
      )
    // Refused there when it cannot be held.
    _ = try micro(max(protection.incrementUSD, protection.incrementRatio * collateral))
    return cap
  }

  /// Takes the sums of another thread.
  package mutating func merge(_ other: ClusterStream) throws(Failure) {
    var more = other
    try more.drain()
    try drain()
    try builder.merge(more.builder)
    counts.merge(more.counts) { $0 + $1 }
    for place in perpCounts.indices { perpCounts[place] += more.perpCounts[place] }
  }

  /// Adds the rows that wait.
  private mutating func drain() throws(Failure) {
    let (atRisk, unreachable, liquidatable) = try tally.drain(to: &builder)
    perpCounts[0] += atRisk
    perpCounts[1] += unreachable
    perpCounts[2] += liquidatable
    try bins.finish(into: &builder)
    perpCounts[0] += bins.counts.atRisk
    perpCounts[1] += bins.counts.unreachable
    perpCounts[2] += bins.counts.liquidatable
    bins.counts = (0, 0, 0)
  }

  /// The clusters of all that was added.
  package mutating func finish() throws(Failure) -> BookClusters.Result {
    try drain()
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
