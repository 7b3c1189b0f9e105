// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Clusters
import Cycles
import Liquidation
import Markets
import Numerics
import Settings
import TestSupport
import Testing
import TextKit

/// Forced flow, and clusters over time (SEMANTICS B6, B9).
@Suite struct FlowAndClusterTests {
  let kit: WorldBook

  init() throws { kit = try WorldBook() }

  private func randomBook(_ dice: inout SplitMix64) throws -> [Account] {
    var accounts: [Account] = []
    for index in 0..<200 {
      let quantity = dice.number(0.001, 1000)
      if dice.once(in: 3) {
        accounts.append(
          try kit.short("s\(index)", quantity, entry: 100, root: dice.number(101, 119))
        )
      } else if dice.once(in: 4) {
        let debt = quantity * 0.8 * dice.number(81, 99)
        accounts.append(
          try kit.loan("l\(index)", deposit: ("SOL", quantity), borrow: ("USDC", debt))
        )
      } else {
        accounts.append(
          try kit.long("p\(index)", quantity, entry: 105, root: dice.number(81, 99))
        )
      }
    }
    return accounts
  }

  /// Accounts whose roots move with several prices or with none.
  private func coupledBook(_ dice: inout SplitMix64) throws -> [Account] {
    var accounts: [Account] = []
    for index in 0..<60 {
      let name = "c\(index)"
      let ratio = dice.number(0.85, 0.99)
      switch index % 4 {
      case 0:
        accounts.append(
          try kit.loan(name, deposit: ("SOL", 10), borrow: ("BTC", 80 * ratio))
        )
      case 1:
        accounts.append(
          try kit.loan(name, deposit: ("BTC", 100), borrow: ("STSOL", 6.4 * ratio), cash: 1)
        )
      case 2:
        accounts.append(
          try kit.loan(name, deposit: ("SOL", 10), borrow: ("USDC", 790 * ratio), venue: "event")
        )
      default:
        accounts.append(
          try kit.loan(name, deposit: ("USDC", 100), borrow: ("USDC", 91 * ratio))
        )
      }
    }
    return accounts
  }

  @Test(arguments: PropertySeeds.first(20))
  func `the flow of all falls is the sum of the clusters`(seed: UInt64) throws {
    var dice = SplitMix64(seed: seed)
    var prices: [Double?] = [100]
    for _ in 0..<20 { prices.append(dice.number(85, 115)) }
    let world = try input(kit, try randomBook(&dice), kit.path(prices + [80, 120]))
    let settings = try WorldSettings(try worldSettings())
    var oracle = OracleStage(settings.oracle, input: world)
    oracle.advance(to: 0, of: world.path)
    var accounts = AccountStates(world, oracle)
    let protection = try ProtectionStage(settings.protection, input: world, oracle)
    var clusters = ClusterStage(settings.clusters, input: world)
    try clusters.refresh(time: 0, world, accounts, protection, oracle)
    var watch = MarginWatch(world, accounts, oracle)
    var stage = LiquidationStage(settings.liquidations, input: world)
    var flow: [Direction: Int128] = [:]
    let sol = try kit.asset("SOL")
    for step in 0..<world.path.stepCount {
      oracle.advance(to: step, of: world.path)
      let fallen = try stage.take(
        watch.fallen(world.affine, accounts, oracle),
        world,
        accounts,
        oracle
      )
      for account in fallen { accounts.isOpen[account] = false }
      for direction in Direction.allCases {
        flow[direction, default: 0] += stage.flow.amount(asset: sol, direction: direction)
      }
    }
    #expect(accounts.isOpen.allSatisfy { !$0 })
    for direction in Direction.allCases {
      let sum = clusters.clusters.filter { $0.direction == direction }
        .reduce(Int128(0)) { $0 + $1.forcedSize }
      #expect(flow[direction] == sum, "\(direction)")
      #expect(sum > 0)
    }
  }

  @Test(arguments: PropertySeeds.first(10))
  func `falls by trip prices are those of a plain look at every account`(seed: UInt64) throws {
    var dice = SplitMix64(seed: seed)
    var prices: [Double?] = [100]
    var others: [Double?] = [10]
    for _ in 0..<60 {
      prices.append(dice.once(in: 8) ? nil : dice.number(88, 112))
      others.append(dice.once(in: 8) ? nil : dice.number(9, 11))
    }
    var book = try randomBook(&dice) + coupledBook(&dice)
    for index in book.indices where dice.once(in: 2) {
      book[index].protection = .protected(cap: 50_000, deposited: Micro(dice.whole(0, 50)))
    }
    let path = try kit.path(
      seconds: prices.indices.map { Double($0) * 35 },
      [("SOL", prices), ("BTC", others)]
    )
    let world = try input(kit, book, path, confidences: ["SOL": 0.01])
    let settings = try WorldSettings(
      try worldSettings([
        "protection.cooldown_s": 0, "protection.deposit_increment_usd": 300,
        "protection.trigger_distance": 0.08, "protection.safe_distance": 0.1,
      ])
    )
    var oracle = OracleStage(settings.oracle, input: world)
    oracle.advance(to: 0, of: world.path)
    var accounts = AccountStates(world, oracle)
    var protection = try ProtectionStage(settings.protection, input: world, oracle)
    var watch = MarginWatch(world, accounts, oracle)
    var ledger = Ledger()
    var log: EventLog?
    for step in 0..<world.path.stepCount {
      oracle.advance(to: step, of: world.path)
      let fallen = watch.fallen(world.affine, accounts, oracle)
      #expect(fallen == plainlyFallen(world, accounts, oracle), "step \(step)")
      for account in fallen { accounts.isOpen[account] = false }
      // Deposits and withdrawals move roots between steps.
      let changed = protection.poll(
        time: world.path.times[step],
        previous: step > 0 ? world.path.times[step - 1] : nil,
        world,
        &accounts,
        oracle,
        &ledger,
        &log
      )
      for account in changed { watch.update(account, world.affine, accounts, oracle) }
    }
    #expect(protection.totals.deposits > 50)
    #expect(protection.totals.withdrawals > 50)
  }

  private func plainlyFallen(
    _ world: WorldInput,
    _ accounts: AccountStates,
    _ oracle: OracleStage
  ) -> [Int] {
    let book = world.affine
    return world.book.accounts.indices.filter { account in
      accounts.isOpen[account]
        && book.rows(of: account).allSatisfy { !oracle.isStale[Int(book.asset[$0])] }
        && book.rows(of: account).contains { row in
          book.interval(
            of: row,
            deposited: accounts.deposited[account],
            prices: oracle.prices,
            confidences: oracle.confidences
          ).isViolated(
            at: oracle.prices[Int(book.asset[row])],
            atEquality: book.tripsAtEquality[account]
          )
        }
    }
  }

  @Test func `clusters are made anew when refresh_s has passed and not before`() throws {
    let world = try input(
      kit,
      [kit.long("a", root: 90), kit.long("b", root: 80)],
      kit.path([100, 100])
    )
    let settings = try WorldSettings(try worldSettings(["clusters.refresh_s": 600]))
    var oracle = OracleStage(settings.oracle, input: world)
    oracle.advance(to: 0, of: world.path)
    var accounts = AccountStates(world, oracle)
    let protection = try ProtectionStage(settings.protection, input: world, oracle)
    var stage = ClusterStage(settings.clusters, input: world)
    func sizes() -> [Int128] { stage.clusters.map(\.forcedSize) }
    try stage.refresh(time: 5000, world, accounts, protection, oracle)
    #expect(sizes() == [800, 900].map { Int128(dollars($0)) })
    accounts.isOpen[0] = false
    try stage.refresh(time: 604_999, world, accounts, protection, oracle)
    #expect(sizes().count == 2)
    try stage.refresh(time: 605_000, world, accounts, protection, oracle)
    #expect(sizes() == [Int128(dollars(800))])
    accounts.isOpen[1] = false
    try stage.refresh(time: 1_204_999, world, accounts, protection, oracle)
    #expect(sizes().count == 1)
    try stage.refresh(time: 1_205_000, world, accounts, protection, oracle)
    #expect(stage.clusters.isEmpty)
  }

  @Test func `protected accounts stand at the root after their whole cap`() throws {
    let account = try kit.long("a", root: 90, protection: .protected(cap: 95))
    let world = try input(kit, [account], kit.path([100]))
    for (isEnabled, root) in [(1.0, 80.0), (0, 90)] {
      let settings = try WorldSettings(try worldSettings(["protection.enabled": isEnabled]))
      var oracle = OracleStage(settings.oracle, input: world)
      oracle.advance(to: 0, of: world.path)
      let accounts = AccountStates(world, oracle)
      let protection = try ProtectionStage(settings.protection, input: world, oracle)
      var stage = ClusterStage(settings.clusters, input: world)
      try stage.refresh(time: 0, world, accounts, protection, oracle)
      #expect(stage.clusters.map(\.forcedSize) == [Int128(try micro(root * 10))])
      #expect(stage.clusters.allSatisfy { $0.low <= root && root < $0.high })
    }
  }

  @Test func `only large and certain clusters of longs are candidates`() throws {
    // 200 of 6,000 USD each: size 1.2 million, confidence 95 − 3σ.
    var accounts: [Account] = []
    for index in 0..<200 { accounts.append(try kit.long("a\(index)", 60, root: 100.1)) }
    for index in 0..<200 { accounts.append(try kit.short("s\(index)", 60, root: 105.1)) }
    let world = try input(kit, accounts, kit.path([103]))
    let settings = try WorldSettings(try worldSettings())
    var oracle = OracleStage(settings.oracle, input: world)
    oracle.advance(to: 0, of: world.path)
    let protection = try ProtectionStage(settings.protection, input: world, oracle)
    var stage = ClusterStage(settings.clusters, input: world)
    try stage.refresh(time: 0, world, AccountStates(world, oracle), protection, oracle)
    #expect(stage.clusters.map(\.isDeployable) == [true, true])
    #expect(stage.clusters.map(\.direction) == [.above, .below])
    #expect(stage.candidates.map(\.direction) == [.below])
    #expect(stage.candidates.map(\.confidence) == [90])
  }

  @Test func `the flow of the deploy step earns nothing and that of the exit step does`() throws {
    // Longs fall in the bin while the vault is there; amm fees count at least the share of them.
    var accounts: [Account] = []
    for index in 0..<200 { accounts.append(try kit.long("a\(index)", 60, root: 100.1)) }
    let settings: [String: Double] = ["vault.inventory": 1, "market.depth_usd_per_pct": 1000]
    let path = try kit.path([102, 99.9, 100.2], every: 60)
    let (_, log) = try run(kit, accounts, path, settings)
    let cycle = try #require(log.cycles.first)
    let flow = Int128(try micro(60 * 100.1)) * 200
    let density = 1_000_000 / 0.004987541511039074
    let share = density / (density + 100 * 1000)
    let forced = Micro((share * Double(flow)).rounded(.toNearestOrEven))
    var own = try Deployment(
      try #require(try worldCluster(at: 100.1, size: 1)),
      amount: dollars(1_000_000),
      time: 0,
      spot: 102
    )
    try own.move(to: 99.9, flow: { 0 }, flowShare: share)
    let first = own.tradedAMM
    try own.move(to: 100.2, flow: { 0 }, flowShare: share)
    let second = own.tradedAMM - first
    #expect(Int128(forced) > first)
    #expect(cycle.fees == Micro((0.0025 * Double(Int128(forced) + second)).rounded()))
  }

  @Test func `a risk taken at each close makes the drawdown`() throws {
    let (_, log) = try run(
      kit,
      [kit.long("a", root: 100.1)],
      kit.path([101.5]),
      anyCluster
    )
    var cycle = try #require(log.cycles.first)
    var totals = VaultTotals()
    for (pnl, drawdown, worst) in [
      (10, 0, 10), (-4, 4, -4), (-3, 7, -4), (5, 7, -4), (9, 7, -4), (-8, 8, -8),
    ] as [(Int64, Int64, Int64)] {
      cycle.pnl = dollars(pnl)
      totals.add(cycle)
      #expect(totals.maxDrawdown == Int128(dollars(drawdown)))
      #expect(totals.worstCycle == dollars(worst))
    }
    #expect(totals.cycles == 6)
    #expect(totals.openAtEnd == 6)
    #expect(totals.pnl == Int128(dollars(9)))
  }
}
