// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Numerics

/// One round trip of the vault, as `cycles.csv` shows it.
package struct CycleRecord: Sendable, Equatable {
  package var asset: Int
  package var cycle: Int
  package var clusterLow: Double
  package var clusterHigh: Double
  package var forcedSize: Int128
  package var confidence: Int
  package var deployedAt: Int64
  package var deployPrice: Double
  package var deployed: Micro
  package var filledShare: Double
  package var lowestPrice: Double
  package var exitedAt: Int64
  package var reason: ExitReason
  package var exitPrice: Double
  package var baseBought: Double
  package var quoteSpent: Micro
  package var fees: Micro
  package var performanceFee: Micro
  package var costs: Micro
  package var gapLoss: Micro
  package var pnl: Micro
  package var pnlHeld: Micro
  package var pnlAMM: Micro
  /// Quote that went out and came back in the selected inventory; what the ledger moves.
  package var spent: Micro
  package var proceeds: Micro
}

/// One act of protection, as `protection_events.csv` shows it.
package struct ProtectionRecord: Sendable, Equatable {
  /// What happened.
  package enum Event: String, Sendable {
    case deposit
    case withdrawal
    case exhausted
    case walletEmpty = "wallet_empty"
    case returned
    /// The account was closed because its protection was exhausted.
    case closed
    /// The account reached its own stop-loss.
    case stopLoss = "stop_loss"
    /// What its user is told.
    case notification
    // Of the monitor as a whole, without an account.
    case skipped
    case rateLimited = "rate_limited"
    case budgetExceeded = "budget_exceeded"
    case stats
  }

  /// What a row says beyond its columns.
  package enum Note: Sendable, Equatable {
    /// The event that a notification is about.
    case about(Event)
    case skipping(CallPriority)
    case backingOff(milliseconds: Int64)
    case exceeded(calls: Int)
    case stats(MonitorStats)
  }

  /// −1 for an event of the monitor as a whole; it has no asset and no price either.
  package var account: Int
  package var asset: Int
  package var time: Int64
  package var event: Event
  package var amount: Micro
  package var total: Micro
  package var price: Double
  package var liquidationPrice: Double?
  package var distance: Double?
  package var note: Note?
}

extension ProtectionRecord {
  /// An event of the monitor as a whole.
  static func ofMonitor(_ event: Event, _ note: Note, time: Int64) -> ProtectionRecord {
    ProtectionRecord(
      account: -1,
      asset: -1,
      time: time,
      event: event,
      amount: 0,
      total: 0,
      price: 0,
      note: note
    )
  }
}

/// One auction from opening to close, as `auctions.csv` shows it.
package struct AuctionRecord: Sendable, Equatable {
  package var lot: Lot
  package var outcome: LotOutcome
  package var winner: Int?
  package var closedAt: Int64
  package var price: Micro
  package var spot: Double
  package var surplus: Micro
  package var badDebt: Micro
  /// Debt that neither proceeds nor the account's cash covered.
  package var unpaid: Micro
}

/// One liquidation, as `liquidations.csv` shows it.
package struct LiquidationRecord: Sendable, Equatable {
  /// How the account was liquidated.
  package enum Kind: String, Sendable {
    case market
    case auction
    /// A share by market order, the rest stays.
    case partial
    /// Taken over by a liquidator vault.
    case backstop
    /// Closed against the opposing side, and the other side of it.
    case adl
    case deleveraged
  }

  package var account: Int
  package var asset: Int
  package var time: Int64
  package var liquidatableSince: Int64
  package var kind: Kind
  package var quantity: Double
  package var mark: Double
  package var liquidationPrice: Double?
  package var notional: Micro
  /// Number of the lot that the collateral became.
  package var lot: Int?
  package var penalty: Micro
  package var shortfall: Micro
}

/// Every event of one scenario, kept only for the cells that are shown in detail.
package struct EventLog: Sendable, Equatable {
  package var cycles: [CycleRecord] = []
  package var protection: [ProtectionRecord] = []
  package var auctions: [AuctionRecord] = []
  package var liquidations: [LiquidationRecord] = []
  package var liquidationEvents: [LiquidationEvent] = []
  /// Whether liquidation was more than a close at the mark, so that it may have such events.
  package var hasWaterfall: Bool

  package init(hasWaterfall: Bool = false) { self.hasWaterfall = hasWaterfall }

  /// Adds a closed auction and tells its liquidation what the lot left unpaid.
  mutating func close(_ auction: AuctionRecord) {
    auctions.append(auction)
    for index in liquidations.indices
    where liquidations[index].kind == .auction && liquidations[index].lot == auction.lot.number {
      liquidations[index].shortfall = auction.unpaid
    }
  }

  /// Puts auctions in the order of opening and protection in the order of time.
  mutating func sort() {
    auctions.sort { $0.lot.number < $1.lot.number }
    let ordered = protection.enumerated().sorted {
      ($0.element.time, $0.offset) < ($1.element.time, $1.offset)
    }
    protection = ordered.map(\.element)
  }
}
