// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Clusters
internal import Liquidation
internal import Markets
internal import Numerics
package import TextKit

/// What the accounts of a book whose roots no price moves add to the clusters, protected ones with
/// their whole cap: equal for every path that starts at the same prices.
package final class ClusterGround: Sendable {
  let settings: ClusterSettings
  let lanes: AccountLanes
  let plan: ProtectionPlan
  /// The sums of all `single` accounts but the watched.
  let builder: ClusterBuilder
  /// The other accounts that can be at risk: their rows are looked at again at every refresh.
  let moving: [Int32]
  /// Protected accounts with more inside than their cap, whose deposits must be followed.
  let watched: [Int32]
  /// The first prices, with the ladders that were made for them.
  let start: ClusterRows
  /// Deposits with which each account enters; for the watched their cap.
  let deposits: [Micro]

  package init(
    _ settings: ClusterSettings,
    _ lanes: AccountLanes,
    _ plan: ProtectionPlan
  ) throws(Failure) {
    self.settings = settings
    self.lanes = lanes
    self.plan = plan
    let input = lanes.input
    let accounts = input.book.accounts
    var deposits = accounts.map(\.protection.deposited)
    var watched: [Int32] = []
    for (place, account) in lanes.protected.enumerated() {
      deposits[account] = plan.fullDeposits[place]
      if plan.settings.isEnabled, accounts[account].protection.deposited > plan.limits[place].cap {
        watched.append(Int32(account))
        deposits[account] = plan.limits[place].cap
      }
    }
    var builder = ClusterBuilder(settings: settings, assets: input.assets)
    var moving: [Int32] = []
    let isWatched = Set(watched)
    var rows = ClusterRows(lanes, settings)
    rows.moveToStart()
    for account in accounts.indices where !isWatched.contains(Int32(account)) {
      switch lanes.lane[account] {
      case .idle: continue
      case .single: try rows.add(account, deposited: deposits[account], to: &builder)
      case .marked, .general: moving.append(Int32(account))
      }
    }
    start = rows
    self.builder = builder
    self.moving = moving
    self.watched = watched
    self.deposits = deposits
  }
}

/// Adds the rows of accounts to sums at the prices of one step.
struct ClusterRows: Sendable {
  private let lanes: AccountLanes
  private let book: AffineBook
  private let freshness: Double
  private(set) var prices: [Double]
  private var confidences: [Double]
  private var ladders = LadderMemory()

  init(_ lanes: AccountLanes, _ settings: ClusterSettings) {
    self.lanes = lanes
    book = lanes.input.affine
    freshness = settings.freshness(age: settings.readLagSlots)
    let table = lanes.input.catalogue.assets
    prices = table.assets.map { $0.isQuote ? 1 : .nan }
    confidences = Array(repeating: 0, count: table.count)
  }

  /// Puts the first prices of the path in place.
  mutating func moveToStart() {
    let path = lanes.input.path
    for (column, asset) in path.assets.enumerated() {
      set(asset, path.value(step: 0, column: column))
    }
  }

  /// Puts the prices of a step in place.
  mutating func move(to step: Int, of track: OracleTrack) {
    for asset in prices.indices {
      if let column = track.spot[asset] { set(asset, column.values[step]) }
    }
  }

  private mutating func set(_ asset: Int, _ price: Double) {
    prices[asset] = price
    confidences[asset] = lanes.input.confidenceRatios[asset] * price
  }

  /// Adds an account's rows as they stand with some deposits.
  mutating func add(
    _ account: Int,
    deposited: Micro,
    to builder: inout ClusterBuilder
  ) throws(Failure) {
    for row in book.rows(of: account) {
      let interval = book.interval(
        of: row,
        deposited: deposited,
        prices: prices,
        confidences: confidences
      )
      try builder.add(
        row: row,
        of: book,
        interval: interval,
        freshness: freshness,
        prices: prices
      ) { assessment in
        ladders.rungs(
          of: row,
          assessment,
          deposited: deposited,
          lanes.input,
          prices: prices,
          confidences: confidences
        )
      }
    }
  }
}

/// The clusters at which the vault may deploy, refresh by refresh, of several worlds that differ
/// only in which protected accounts are left.
package struct ClusterTimeline: Sendable {
  /// The clusters of one refresh.
  struct Epoch: Sendable {
    /// The first step at which the vault sees them.
    var start: Int
    var candidates: [Cluster]
  }

  let epochs: [Epoch]

  /// The last steps of which the clusters are computed, −1 for those before the first step.
  static func refreshes(_ settings: ClusterSettings, _ times: [Int64]) -> [Int] {
    var steps = [-1]
    var computedAt = times[0]
    for (step, time) in times.enumerated() where time - computedAt >= settings.refreshMilliseconds {
      computedAt = time
      steps.append(step)
    }
    return steps
  }

  /// Computes the timelines of some protection runs over one ground.
  ///
  /// What all of them share is added and taken away once: the ground, the accounts whose roots
  /// move, and the unprotected that fell.
  package static func of(
    _ ground: ClusterGround,
    _ track: OracleTrack,
    _ bare: BareFalls,
    _ runs: [ProtectionRun]
  ) throws(Failure) -> [ClusterTimeline] {
    let settings = ground.settings
    let lanes = ground.lanes
    let empty = ClusterBuilder(settings: settings, assets: lanes.input.assets)
    var rows = ClusterRows(lanes, settings)
    // What was counted at the first prices is taken away as it was counted.
    var start = ground.start
    var epochs = runs.map { _ in [Epoch]() }
    var fallen = FallenRows(bare.unprotected, empty)
    var gone = runs.map { FallenRows($0.falls, empty) }
    let watched = Set(ground.watched)
    for refresh in refreshes(settings, track.times) {
      rows.move(to: max(0, refresh), of: track)
      var moving = empty
      for account in ground.moving {
        try rows.add(Int(account), deposited: ground.deposits[Int(account)], to: &moving)
      }
      try fallen.advance(to: refresh, ground, watched, &start, &rows)
      var shared = ground.builder
      try shared.merge(moving)
      for place in runs.indices {
        try gone[place].advance(to: refresh, ground, watched, &start, &rows)
        var whole = shared
        for account in ground.watched {
          if let deposited = runs[place].deposit(of: Int(account), after: refresh, lanes) {
            let full = max(deposited, ground.deposits[Int(account)])
            try rows.add(Int(account), deposited: full, to: &whole)
          }
        }
        let candidates = whole.deployable(
          .below,
          without: [fallen.single, fallen.moving, gone[place].single, gone[place].moving],
          spots: rows.prices,
          deviations: lanes.input.confidenceRatios
        )
        epochs[place].append(Epoch(start: refresh + 1, candidates: candidates))
      }
    }
    return epochs.map { ClusterTimeline(epochs: $0) }
  }
}

/// What accounts that have fallen would add to the sums.
private struct FallenRows {
  private let falls: [AccountFall]
  private var next = 0
  private var movingAccounts: [Int32] = []
  /// Sums of fallen `single` accounts, and of the others at the prices of the last refresh.
  private(set) var single: ClusterBuilder
  private(set) var moving: ClusterBuilder

  init(_ falls: [AccountFall], _ empty: ClusterBuilder) {
    self.falls = falls
    single = empty
    moving = empty
  }

  mutating func advance(
    to step: Int,
    _ ground: ClusterGround,
    _ watched: Set<Int32>,
    _ start: inout ClusterRows,
    _ rows: inout ClusterRows
  ) throws(Failure) {
    while next < falls.count, Int(falls[next].step) <= step {
      let account = falls[next].account
      next += 1
      if watched.contains(account) { continue }
      if ground.lanes.lane[Int(account)] == .single {
        try start.add(Int(account), deposited: ground.deposits[Int(account)], to: &single)
      } else {
        movingAccounts.append(account)
      }
    }
    moving.clear()
    for account in movingAccounts {
      try rows.add(Int(account), deposited: ground.deposits[Int(account)], to: &moving)
    }
  }
}

extension ProtectionRun {
  /// The deposits of a watched account after a step, nil once it has fallen.
  func deposit(of account: Int, after step: Int, _ lanes: AccountLanes) -> Micro? {
    if falls.contains(where: { Int($0.account) == account && Int($0.step) <= step }) { return nil }
    guard let changes = history[account] else {
      return lanes.input.book.accounts[account].protection.deposited
    }
    var deposited = changes.first?.deposited
    for change in changes where change.step <= step { deposited = change.deposited }
    return deposited
  }
}
