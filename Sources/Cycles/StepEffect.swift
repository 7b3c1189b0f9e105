// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// The effects of one step, in the order in which they happen: what `ReferenceWorld` walks through.
///
/// Seed 2 lists nine effects of `begin_block`; DESIGN 6 adds what a simulation needs around them.
/// Of the nine, `seedNames` says which of ours stands for each, and `unmodelled` why some have
/// none.
package enum StepEffect: String, CaseIterable, Sendable {
  /// New prices, also the marks that were too old; an update always precedes a margin check.
  case updateOracle = "update_oracle"
  /// Funding at the rate before, and interest on debt.
  case distributeFunding = "distribute_funding"
  /// Who has fallen, in the order of risk; liquidator vaults are marked, waiting accounts that are
  /// healthy again leave the queue.
  case findLiquidatable = "check_all_users_for_liquidatables"
  /// Lending and event accounts: market, partial and backstop liquidation, or lots.
  case liquidateLoans = "apply_bole_liquidations"
  /// The rates that the next step pays at.
  case updateFundingRates = "update_funding_rates"
  /// Perps: market order, partial close, backstop.
  case liquidatePerps = "liquidate_perps"
  /// Bankrupt perp accounts: insurance, auto-deleveraging, socialised loss; then closed accounts
  /// leave the queue.
  case resolveBankrupt = "auto_deleveraging"
  /// Clocks advance, bids are taken, the backstop ladder runs.
  case runAuctions = "auctions"
  /// Owners' own stop-losses, then the monitor's polls: deposits and withdrawals.
  case protect = "protection"
  /// Deploy and recover, then the cranks that are anybody's.
  case moveVault = "vault"
  /// Clusters of what still stands, when they are due.
  case refreshClusters = "clusters"
  /// Forced flow moves the prices of later steps, in cascade mode.
  case feedBack = "cascade"
  /// Marks become the previous ones, the ledger is checked.
  case keepBooks = "bookkeeping"

  /// The nine effects of seed 2 in its order, each with ours that stands for it; nil for none.
  package static let seedNames: [(name: String, effect: StepEffect?)] = [
    ("update_oracle", .updateOracle),
    ("distribute_funding", .distributeFunding),
    ("apply_bole_liquidations", .liquidateLoans),
    ("update_funding_rates", .updateFundingRates),
    ("refresh_hip3_stale_mark_pxs", .updateOracle),
    ("prune_book_empty_user_states", .resolveBankrupt),
    ("update_staking_rewards", nil),
    ("update_action_delayer", nil),
    ("update_aligned_quote_token", nil),
  ]

  /// Why an effect of seed 2 has none of ours.
  package static let unmodelled: [String: String] = [
    "update_staking_rewards": "no account of a book stakes",
    "update_action_delayer": "delayed actions come from contracts, which no path has",
    "update_aligned_quote_token": "quote currencies are worth 1 USD",
  ]

  /// The categories of the log rows that this effect writes.
  package var categories: Set<EventCategory> {
    switch self {
    case .updateOracle, .distributeFunding, .updateFundingRates, .refreshClusters, .feedBack,
      .keepBooks:
      []
    // Vaults that fail, deposits and withdrawals of vaults, accounts that recovered.
    case .findLiquidatable: [.liquidationEvent]
    // Closing an account returns its protection.
    case .liquidateLoans:
      [
        .marketLiquidation, .partialLiquidation, .backstopLiquidation, .protection,
        .liquidationEvent,
      ]
    case .liquidatePerps, .resolveBankrupt:
      [.liquidatedCross, .liquidatedIsolated, .protection, .liquidationEvent]
    case .runAuctions: [.auction, .protection]
    case .protect: [.protection]
    case .moveVault: [.vaultCycle]
    }
  }
}
