// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Numerics
package import TextKit

/// Who runs liquidations (seed 3, "Keeper Network and Game Theory").
package enum KeeperModel: Int, Sendable {
  /// The venue itself, at once and for nothing.
  case venue
  /// A few entities, whose transactions congestion holds up.
  case monolithic
  /// Anybody: no limit but what is worth doing.
  case open
}

/// The settings of keepers.
package struct KeeperSettings: Sendable, Equatable {
  package var model = KeeperModel.venue
  package var count = 1.0
  /// Accounts that one transaction closes.
  package var batch = 1.0
  package var latencyMilliseconds: Int64 = 0
  package var gasUSD = 0.0
  /// By how much gas rises for each waiting account, and for volatility.
  package var gasCongestion = 0.0
  package var gasVolatility = 0.0
  /// Reward as a share of what is closed, and for each account, USD.
  package var rewardRate = 0.0
  package var tipUSD = 0.0
  /// Weight of volatility in the market risk that a keeper sees.
  package var riskWeight = 0.0
  /// Share of its gain that a keeper offers to be first.
  package var priorityShare = 0.0

  package init() {}
}

/// What a keeper gets and pays for one account, micro-USD.
package struct KeeperBid: Sendable, Equatable {
  package var reward: Micro
  package var gas: Micro
  package var priorityFee: Micro

  package init(reward: Micro, gas: Micro, priorityFee: Micro) {
    (self.reward, self.gas, self.priorityFee) = (reward, gas, priorityFee)
  }
}

/// Decides which liquidations keepers find worth doing, and how many fit in a step.
///
///     gas    = gas_usd · (1 + congestion · waiting + volatility weight · volatility) / batch
///     risk   = weight · volatility · notional
///     acts iff reward > gas + risk
///     monolithic: transactions of a step = count · Δt / (latency · (1 + congestion · waiting))
///
/// Gas is shared as if every batch were full; the priority fee is a share of what the keeper gains.
/// Source: seed 3 (fees, priority, batches, monolithic against permissionless), formulas ours.
package struct KeeperNetwork: Sendable, Equatable {
  private let settings: KeeperSettings
  /// Accounts that fit in this step, a fraction carried over; nil for no limit.
  private var room: Double?
  private var waiting = 0

  package init(_ settings: KeeperSettings) { self.settings = settings }

  /// Begins a step.
  package mutating func begin(waiting: Int, elapsedMilliseconds: Int64) {
    self.waiting = waiting
    guard settings.model == .monolithic else { return }
    let latency = Double(max(1, settings.latencyMilliseconds))
    let slowed = latency * (1 + settings.gasCongestion * Double(waiting))
    let transactions = settings.count * Double(elapsedMilliseconds) / slowed
    let left = room ?? 0
    room = (left - left.rounded(.down)) + transactions * settings.batch
  }

  /// The reward of a liquidation: `tip + rate · notional` (Maker: `tip + chip · tab`).
  package func reward(notionalUSD: Double) throws(Failure) -> Micro {
    try micro(settings.tipUSD + settings.rewardRate * notionalUSD)
  }

  /// The bid of a keeper for an account, nil when nobody acts in this step.
  ///
  /// * `since`: when the account became liquidatable; within the latency nobody can act.
  /// * `payable`: what account and insurance can pay of a reward, micro-USD.
  /// * `bonus`: what the liquidation itself brings, in place of the settings' reward.
  package func bid(
    time: Int64,
    since: Int64,
    notionalUSD: Double,
    payable: Micro,
    bonus: Micro? = nil,
    volatility: Double
  ) throws(Failure) -> KeeperBid? {
    if settings.model == .venue { return KeeperBid(reward: 0, gas: 0, priorityFee: 0) }
    if time - since < settings.latencyMilliseconds { return nil }
    if let room, room < 1 { return nil }
    var reward = min(try reward(notionalUSD: notionalUSD), max(0, payable))
    if let bonus { reward = bonus }
    let crowd =
      1 + settings.gasCongestion * Double(waiting) + settings.gasVolatility * volatility
    let gas = try micro(settings.gasUSD * crowd / settings.batch)
    let risk = try micro(settings.riskWeight * volatility * notionalUSD)
    let gain = try sum(reward, -gas, -risk)
    guard gain > 0 else { return nil }
    return KeeperBid(
      reward: reward,
      gas: gas,
      priorityFee: try share(settings.priorityShare, of: gain)
    )
  }

  /// Counts one account that was acted on.
  package mutating func use() {
    if let left = room { room = left - 1 }
  }
}
