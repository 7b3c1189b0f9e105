// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
internal import Markets
internal import Numerics
internal import TextKit

/// What the waterfall of one world remembers from step to step.
struct WaterfallStage: Sendable {
  let settings: WaterfallSettings
  /// Whether anything differs from closing all that falls at once; if not, no step comes here.
  let isActive: Bool
  private let start: Int64
  var queue: LiquidationQueue
  var keepers: KeeperNetwork
  var depth: MarketDepth
  var moves: RecentMoves
  /// Machines of accounts that are being liquidated.
  var machines: [Int: WaterfallMachine] = [:]
  /// First order of an account in a thin market: when, and the size of each leg then.
  var thinOrders: [Int: ThinOrder] = [:]
  /// Accounts that were counted as liquidated.
  var counted: Set<Int> = []
  /// Liquidator vaults by venue; none where the waterfall is not full.
  var vaults: [[BackstopVault]]
  /// Prices of the last step, for auto-deleveraging; those of the first one at the start.
  var previousPrices: [Double]
  private(set) var elapsedMilliseconds: Int64 = 0
  /// Insurance that does not pay in this step.
  private var frozen: Micro = 0
  /// Rows of the account at hand.
  var rows: [LiquidationRecord] = []
  /// Cash of accounts as their legs have it, and as the ledger moved it: equal, or we have a bug.
  var cashKept: Int128 = 0
  var cashMoved: Int128 = 0
  private var vaultCapital: Int128 = 0

  /// When selling in a thin market began.
  struct ThinOrder: Sendable {
    var time: Int64
    var sizes: [Double]
  }

  init(_ settings: WaterfallSettings, _ input: WorldInput, _ oracle: OracleStage) throws(Failure) {
    self.settings = settings
    isActive = !settings.walkReasons(input.catalogue).isEmpty
    let count = input.catalogue.assets.count
    start = input.path.times[0]
    queue = LiquidationQueue(throughput: settings.throughput)
    keepers = KeeperNetwork(settings.keepers)
    depth = MarketDepth(depthUSDPerPercent: settings.depthUSDPerPercent, assetCount: count)
    moves = RecentMoves(halfLifeSeconds: settings.volatilityHalfLifeSeconds, assetCount: count)
    previousPrices = oracle.prices
    vaults = []
    guard isActive else { return }
    for venue in input.catalogue.venues {
      var list: [BackstopVault] = []
      for terms in venue.waterfall.mode == .full ? venue.waterfall.liquidators : [] {
        var capital = settings.backstop.capital
        if let own = terms.capitalUSD { capital = try micro(own) }
        list.append(
          BackstopVault(
            name: terms.name,
            capital: capital,
            isCross: terms.isCross,
            marginRatio: settings.backstop.marginRatio,
            withdrawFraction: settings.backstop.withdrawFraction,
            assetCount: count
          )
        )
      }
      vaults.append(list)
      vaultCapital += list.reduce(0) { $0 + Int128($1.cash) }
    }
  }

  /// Begins a step: volatility, depth, room of engine and keepers, outage of insurance.
  mutating func begin(
    time: Int64,
    previous: Int64?,
    _ oracle: OracleStage,
    insurance: inout Micro
  ) {
    elapsedMilliseconds = previous.map { time - $0 } ?? 0
    moves.take(oracle.prices, elapsedMilliseconds: elapsedMilliseconds)
    depth.refill()
    queue.begin(elapsedMilliseconds: previous == nil ? nil : elapsedMilliseconds)
    keepers.begin(waiting: queue.accounts.count, elapsedMilliseconds: elapsedMilliseconds)
    if settings.insuranceOutage.contains(time - start) {
      frozen = insurance
      insurance = 0
    }
  }

  /// Ends a step: marks become the previous ones, insurance pays again.
  mutating func end(_ oracle: OracleStage, insurance: inout Micro) throws(Failure) {
    previousPrices = oracle.prices
    insurance = try sum(insurance, frozen)
    frozen = 0
  }

  /// What the machines' own books and the ledger differ by, micro-USD; 0 unless we have a bug.
  ///
  /// * `insurance`: change of the fund since the start.
  /// * `boughtLots`: what backstop buyers paid for lots, which no vault knows.
  func imbalance(_ ledger: Ledger, insurance: Micro, boughtLots: Int128) -> UInt128 {
    guard isActive else { return 0 }
    let vaultGains = vaults.joined().reduce(Int128(0)) { $0 + Int128($1.cash) } - vaultCapital
    return (ledger[.insurance] - Int128(insurance)).magnitude
      + (ledger[.backstop] + boughtLots - vaultGains).magnitude + ledger[.adl].magnitude
      + (cashKept - cashMoved).magnitude
  }

  /// Whether a component fails at a time.
  func fails(_ window: OutageWindow, at time: Int64) -> Bool { window.contains(time - start) }

  /// The largest recent move among an account's assets.
  func volatility(of account: Int, _ input: WorldInput) -> Double {
    input.affine.rows(of: account).reduce(0) { max($0, moves.moves[Int(input.affine.asset[$1])]) }
  }

  /// The price of an asset at the previous step.
  func previousPrice(of asset: Int, in table: AssetTable) -> Double {
    let entry = table[asset]
    return entry.underlying == asset
      ? previousPrices[asset] : entry.ratio * previousPrices[entry.underlying]
  }
}
