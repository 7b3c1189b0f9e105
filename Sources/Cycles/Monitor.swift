// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
internal import Markets
internal import Numerics

/// What the monitor did in a minute, as it logs it.
package struct MonitorStats: Sendable, Equatable {
  package var checked = 0
  package var deposits = 0
  package var withdrawals = 0
  package var calls = 0

  package init() {}
}

/// What the monitor knows and has left: prices and accounts as it last read them, calls, the pool.
struct Monitor: Sendable {
  /// A root as it was when the account was read.
  struct SeenRoot: Sendable {
    var row: Int
    /// Nil when the account had no root.
    var assessment: Assessment?
    var readAt: Int64
  }

  let settings: MonitorSettings
  private let start: Int64
  var budget = CallBudget()
  var backOff = BackOff()
  /// Prices as the monitor sees them, and since when.
  private(set) var prices: [Double] = []
  private(set) var pricesAt: Int64
  /// By protected account.
  var roots: [SeenRoot?]
  var lastPoll: [Int64?]
  private(set) var volatilities: [TriggerVolatility]
  var pool: Micro
  var stats = MonitorStats()
  private var warnedInMinute: Int64?
  /// Over how many seconds the calls of this step are spread.
  private var seconds = 1

  init(_ settings: MonitorSettings, accounts: Int, assets: Int, start: Int64) {
    self.settings = settings
    self.start = start
    pricesAt = start
    roots = Array(repeating: nil, count: accounts)
    lastPoll = Array(repeating: nil, count: accounts)
    volatilities = Array(repeating: TriggerVolatility(), count: assets)
    pool = settings.pool
  }

  /// Takes the time and prices of a step.
  ///
  /// * `isSpread`: whether polls are spread over the time since the last step.
  /// - Returns: what the minute that ended came to, nil when none did or nothing was done.
  mutating func begin(
    time: Int64,
    previous: Int64?,
    _ oracle: OracleStage,
    isSpread: Bool
  ) -> MonitorStats? {
    if settings.volatilityMultiple > 0 {
      for asset in volatilities.indices where oracle.prices[asset] > 0 {
        volatilities[asset] = volatilities[asset].seeing(
          oracle.prices[asset],
          at: time,
          windowSeconds: settings.volatilityWindowSeconds
        )
      }
    }
    seconds = isSpread ? Int(min(60, max(1, (time - (previous ?? time)) / 1000))) : 1
    let minute = budget.minute
    budget = budget.at(time, settings.limits)
    guard minute != nil, minute != budget.minute else { return nil }
    let past = stats
    stats = MonitorStats()
    return settings.countsCalls && past != MonitorStats() ? past : nil
  }

  /// Lets trades, the price service and the reconciliation make their calls, and takes prices and
  /// says whether accounts come with the reconciliation.
  ///
  /// A service that gets no call of its own gives nothing: prices grow older.
  mutating func serve(
    time: Int64,
    previous: Int64?,
    openAccounts: Int,
    _ oracle: OracleStage
  ) -> Bool {
    let load = settings.load
    let minuteStart = floorQuotient(time, 60_000) * 60_000
    let inMinute = previous.map { max($0, minuteStart - 1) }
    let inSecond = previous.map { max($0, time - 1000 * Int64(seconds)) }
    func trades(from: Int64?) -> Int {
      Int(ConsumerLoad.count(perMinute: load.trades, from: from, to: time, start: start))
    }
    budget = budget.charged(trades(from: inMinute), inSecond: trades(from: inSecond))
    func due(_ period: Int64) -> Int {
      Int(ConsumerLoad.count(of: period, from: inMinute, to: time, start: start))
    }
    let age = settings.priceAgeMilliseconds
    let pricesDue = due(age > 0 ? age : ConsumerLoad.pricePeriod)
    let reads = (openAccounts + settings.batch - 1) / settings.batch
    let readsDue = due(ConsumerLoad.reconciliationPeriod)
    var hasPrices = pricesDue > 0
    var isReconciled = readsDue > 0
    if load.hasServices {
      hasPrices = hasPrices && call(.reconciliation, past: pricesDue - 1, count: 1)
      isReconciled = isReconciled && call(.reconciliation, past: readsDue - 1, count: reads)
    }
    if age == 0 || hasPrices || previous == nil {
      prices = oracle.prices
      pricesAt = time
    }
    return isReconciled
  }

  /// Calls of a service: those of the time since the last step, then the present ones.
  private mutating func call(_ priority: CallPriority, past: Int, count: Int) -> Bool {
    budget = budget.charged(max(0, past) * count, inSecond: 0)
    let answer = budget.calling(priority, count: count, settings.limits, seconds: seconds)
    budget = answer.state
    return answer.answer == .made
  }

  /// Lets snapshots and queries make what calls are left to them.
  mutating func analyse(time: Int64, previous: Int64?, openAccounts: Int) {
    let load = settings.load
    if load.isEmpty { return }
    let minuteStart = floorQuotient(time, 60_000) * 60_000
    let from = previous.map { max($0, minuteStart - 1) }
    var count = Int(
      ConsumerLoad.count(perMinute: load.queries, from: from, to: time, start: start)
    )
    if load.hasServices {
      let snapshots = ConsumerLoad.count(
        of: ConsumerLoad.snapshotPeriod,
        from: from,
        to: time,
        start: start
      )
      count += Int(snapshots) * ((openAccounts + settings.batch - 1) / settings.batch)
    }
    budget =
      budget.calling(.analytics, count: count, settings.limits, seconds: seconds).state
  }

  /// Makes calls of the monitor, all or none of them.
  mutating func call(_ priority: CallPriority, count: Int = 1) -> CallBudget.Answer {
    let answer = budget.calling(priority, count: count, settings.limits, seconds: seconds)
    guard answer.answer == .made else { return answer.answer }
    budget = answer.state
    if settings.countsCalls { stats.calls += count }
    return .made
  }

  /// Makes the call of a trade, which nothing delays.
  mutating func trade() {
    budget = budget.charged(1, inSecond: 1)
    stats.calls += 1
  }

  /// Whether prices are too old to act on.
  func hasStalePrices(at time: Int64) -> Bool {
    time - pricesAt > settings.priceAgeMilliseconds + settings.staleAfterMilliseconds
  }

  /// Calls of this minute where they went beyond its budget, once in a minute.
  mutating func overrun() -> Int? {
    guard budget.isOver(settings.limits), warnedInMinute != budget.minute else { return nil }
    warnedInMinute = budget.minute
    return budget.madeInMinute
  }
}
