// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Cycles
package import Markets
package import Tables

/// The event files of the cells shown in detail, all scenarios of all such cells in one file each.
package struct EventTables: Sendable {
  package private(set) var cycles = CSVBuilder()
  package private(set) var protection = CSVBuilder()
  package private(set) var auctions = CSVBuilder()
  package private(set) var liquidations = CSVBuilder()
  package private(set) var liquidationEvents = CSVBuilder()
  /// Whether any cell had the waterfall, so that its events get a file.
  private var hasWaterfall = false
  /// Digests of the rows by category.
  package private(set) var digests = EventDigests()
  private let book: Book
  private let catalogue: VenueCatalogue

  /// The file that is there only where a cell has the waterfall.
  package static let waterfallFile = "liquidation_events.csv"

  /// File names with their tables, in the order of the manual.
  package var files: [(name: String, table: CSVBuilder)] {
    let always = [
      ("cycles.csv", cycles), ("protection_events.csv", protection), ("auctions.csv", auctions),
      ("liquidations.csv", liquidations),
    ]
    return always + (hasWaterfall ? [(EventTables.waterfallFile, liquidationEvents)] : [])
  }

  /// Starts the files with their headers.
  package init(book: Book, catalogue: VenueCatalogue) {
    self.book = book
    self.catalogue = catalogue
    cycles.row([
      "cell_id", "scenario", "asset", "cycle", "cluster_low", "cluster_high", "forced_size_usd",
      "confidence", "deployed_at", "deploy_price", "deployed_usd", "filled_share", "lowest_price",
      "exited_at", "exit_reason", "exit_price", "base_bought", "quote_spent_usd", "lp_fees_usd",
      "performance_fee_usd", "costs_usd", "gap_loss_usd", "pnl_usd", "pnl_amm_usd",
    ])
    protection.row([
      "cell_id", "scenario", "account", "asset", "time", "event", "amount_usd",
      "protection_total_usd", "price", "liquidation_price", "distance_ratio", "message",
    ])
    auctions.row([
      "cell_id", "scenario", "lot", "account", "venue", "asset", "opened_at", "quantity", "mark",
      "open_usd", "reserve_usd", "debt_usd", "interest_usd", "fee_usd", "buffer_usd",
      "health_factor", "kappa_usd_per_s", "outcome", "winner", "closed_at", "price_usd", "spot",
      "surplus_usd", "bad_debt_usd",
    ])
    liquidations.row([
      "cell_id", "scenario", "account", "venue", "asset", "time", "liquidatable_since", "kind",
      "quantity", "mark", "liquidation_price", "notional_usd", "penalty_usd", "shortfall_usd",
    ])
    liquidationEvents.row([
      "cell_id", "scenario", "time", "event", "venue", "account", "amount_usd", "message",
    ])
  }

  /// Appends the events of one scenario of a cell.
  package mutating func append(_ log: EventLog, cellID: String, scenario: Int) {
    for record in log.cycles {
      let start = cycles.bytes.count
      append(record, cellID, scenario)
      digests.add(cycles.bytes[start...], to: .vaultCycle)
    }
    for record in log.protection {
      let start = protection.bytes.count
      append(record, cellID, scenario)
      digests.add(protection.bytes[start...], to: .protection)
    }
    for record in log.auctions {
      let start = auctions.bytes.count
      append(record, cellID, scenario)
      digests.add(auctions.bytes[start...], to: .auction)
    }
    for record in log.liquidations {
      let start = liquidations.bytes.count
      append(record, cellID, scenario)
      let category = EventCategory(record, of: book.accounts[record.account])
      digests.add(liquidations.bytes[start...], to: category)
    }
    hasWaterfall = hasWaterfall || log.hasWaterfall
    for event in log.liquidationEvents {
      let start = liquidationEvents.bytes.count
      append(event, cellID, scenario)
      digests.add(liquidationEvents.bytes[start...], to: .liquidationEvent)
    }
  }

  private func venue(_ account: Int) -> String {
    catalogue.venues[book.accounts[account].venue].name
  }

  private mutating func append(_ record: CycleRecord, _ cellID: String, _ scenario: Int) {
    cycles.text(cellID)
    cycles.integer(scenario)
    cycles.text(catalogue.assets[record.asset].symbol)
    cycles.integer(record.cycle)
    cycles.number(record.clusterLow)
    cycles.number(record.clusterHigh)
    cycles.money(record.forcedSize)
    cycles.integer(record.confidence)
    cycles.integer(record.deployedAt)
    cycles.number(record.deployPrice)
    cycles.money(record.deployed)
    cycles.number(record.filledShare)
    cycles.number(record.lowestPrice)
    cycles.integer(record.exitedAt)
    cycles.text(record.reason.rawValue)
    cycles.number(record.exitPrice)
    cycles.number(record.baseBought)
    cycles.money(record.quoteSpent)
    cycles.money(record.fees)
    cycles.money(record.performanceFee)
    cycles.money(record.costs)
    cycles.money(record.gapLoss)
    cycles.money(record.pnl)
    cycles.money(record.pnlAMM)
    cycles.endRow()
  }

  private mutating func append(_ record: ProtectionRecord, _ cellID: String, _ scenario: Int) {
    let isOfAccount = record.account >= 0
    let account = isOfAccount ? book.accounts[record.account].name : ""
    protection.text(cellID)
    protection.integer(scenario)
    protection.text(account)
    protection.text(isOfAccount ? catalogue.assets[record.asset].symbol : "")
    protection.integer(record.time)
    protection.text(record.event.rawValue)
    protection.money(record.amount)
    protection.money(record.total)
    protection.number(isOfAccount ? record.price : nil)
    protection.number(record.liquidationPrice)
    protection.number(record.distance)
    protection.text(ProtectionMessage.text(record, account: account))
    protection.endRow()
  }

  private mutating func append(_ record: AuctionRecord, _ cellID: String, _ scenario: Int) {
    let lot = record.lot
    auctions.text(cellID)
    auctions.integer(scenario)
    auctions.integer(lot.number)
    auctions.text(book.accounts[lot.account].name)
    auctions.text(venue(lot.account))
    auctions.text(catalogue.assets[lot.asset].symbol)
    auctions.integer(lot.openedAt)
    auctions.number(lot.quantity)
    auctions.number(lot.mark)
    auctions.money(lot.open)
    auctions.money(lot.reserve)
    auctions.money(lot.debt)
    auctions.money(lot.interest)
    auctions.money(lot.fee)
    auctions.money(lot.buffer)
    auctions.number(lot.healthFactor)
    auctions.number(lot.kappaUSDPerSecond)
    auctions.text(record.outcome.rawValue)
    if let winner = record.winner { auctions.integer(winner) } else { auctions.empty() }
    auctions.integer(record.closedAt)
    auctions.money(record.price)
    auctions.number(record.spot)
    auctions.money(record.surplus)
    auctions.money(record.badDebt)
    auctions.endRow()
  }

  private mutating func append(_ record: LiquidationRecord, _ cellID: String, _ scenario: Int) {
    liquidations.text(cellID)
    liquidations.integer(scenario)
    liquidations.text(book.accounts[record.account].name)
    liquidations.text(venue(record.account))
    liquidations.text(catalogue.assets[record.asset].symbol)
    liquidations.integer(record.time)
    liquidations.integer(record.liquidatableSince)
    liquidations.text(record.kind.rawValue)
    liquidations.number(record.quantity)
    liquidations.number(record.mark)
    liquidations.number(record.liquidationPrice)
    liquidations.money(record.notional)
    liquidations.money(record.penalty)
    liquidations.money(record.shortfall)
    liquidations.endRow()
  }

  private mutating func append(_ event: LiquidationEvent, _ cellID: String, _ scenario: Int) {
    liquidationEvents.text(cellID)
    liquidationEvents.integer(scenario)
    liquidationEvents.integer(event.time)
    liquidationEvents.text(event.kind.rawValue)
    liquidationEvents.text(catalogue.venues[event.venue].name)
    liquidationEvents.text(event.account.map { book.accounts[$0].name } ?? "")
    liquidationEvents.money(event.amount)
    liquidationEvents.text(event.message)
    liquidationEvents.endRow()
  }
}
