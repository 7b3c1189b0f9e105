// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Cycles
internal import Inputs
internal import Markets
internal import Numerics
internal import Results
internal import Sweeps
internal import TextKit

/// One scenario of one cell in sentences, from its events alone.
struct ScenarioStory {
  let plan: SweepPlan
  let catalogue: VenueCatalogue
  let log: EventLog
  let scenario: Int
  let path: PricePath

  /// More cycles than this are summed up.
  private static let mostCycles = 12

  var text: String {
    let name = path.name.split(separator: "/").last.map(String.init) ?? path.name
    let seconds = Double((path.times.last ?? 0) - path.times[0]) / 1000
    var lines = [
      "\(scenario), \(name), \(Plain.duration(seconds: seconds)) from"
        + " \(Plain.time(path.times[0])) UTC."
    ]
    lines += prices(path) + vault + protection + liquidations + auctions
    return lines.joined(separator: "\n") + "\n"
  }

  private func symbol(_ asset: Int) -> String { catalogue.assets[asset].symbol }

  private func usd(_ amount: some BinaryInteger) -> String {
    Plain.money(nearestDouble(Int128(amount)) / 1e6) + " USD"
  }

  private func account(_ place: Int) -> String {
    let account = plan.inputs.book.accounts[place]
    return account.name.isEmpty ? "an account without a name" : account.name
  }

  /// How far each asset fell and rose.
  private func prices(_ path: PricePath) -> [String] {
    path.assets.indices.map { column in
      let prices = (0..<path.stepCount).map { path.value(step: $0, column: column) }
      let known = prices.indices.filter { !prices[$0].isNaN }
      guard let low = known.min(by: { prices[$0] < prices[$1] }), let last = known.last else {
        return "\(symbol(path.assets[column])) has no price."
      }
      let fall = Plain.number((1 - prices[low] / prices[0]) * 100, digits: 3)
      return "\(symbol(path.assets[column])) began at \(Plain.number(prices[0])) USD, was lowest at"
        + " \(Plain.number(prices[low])) (\(fall) % lower) at \(Plain.time(path.times[low]))"
        + " and ended"
        + " at \(Plain.number(prices[last]))."
    }
  }

  private var vault: [String] {
    guard !log.cycles.isEmpty else { return ["The vault was never deployed."] }
    let total = log.cycles.reduce(Int128(0)) { $0 + Int128($1.pnl) }
    var lines = log.cycles.prefix(ScenarioStory.mostCycles).map { record in
      "Cycle \(record.cycle): " + CycleStory.text(row(record))
        + (record.gapLoss > 0 ? " \(usd(record.gapLoss)) of it were lost in the gap." : "")
    }
    let rest = log.cycles.count - lines.count
    if rest > 0 { lines.append("\(rest) more cycles followed.") }
    return lines + ["In all the vault made \(usd(total))."]
  }

  /// A cycle as the story of cycles takes it.
  private func row(_ record: CycleRecord) -> CycleRow {
    var row = CycleRow()
    row.scenario = scenario
    row.asset = symbol(record.asset)
    row.cycle = record.cycle
    row.low = record.clusterLow
    row.high = record.clusterHigh
    row.deployedAt = record.deployedAt
    row.deployPrice = record.deployPrice
    row.filledShare = record.filledShare
    row.lowestPrice = record.lowestPrice
    row.exitedAt = record.exitedAt
    row.exitReason = record.reason.rawValue
    row.exitPrice = record.exitPrice
    row.pnlUSD = nearestDouble(Int128(record.pnl)) / 1e6
    return row
  }

  private var protection: [String] {
    let deposits = log.protection.filter { $0.event == .deposit }
    guard let first = deposits.first else { return ["Protection deposited nothing."] }
    let exhausted = log.protection.count { $0.event == .exhausted }
    let sum = deposits.reduce(Int128(0)) { $0 + Int128($1.amount) }
    let accounts = Set(deposits.map(\.account)).count
    return [
      "Protection made \(NumberText.grouped(deposits.count)) deposits of \(usd(sum)) for"
        + " \(NumberText.grouped(accounts)) accounts, the first at \(Plain.time(first.time)) for"
        + " \(account(first.account)); \(NumberText.grouped(exhausted)) accounts used up their cap."
    ]
  }

  private var liquidations: [String] {
    guard let first = log.liquidations.min(by: { $0.time < $1.time }) else {
      return ["Nobody was liquidated."]
    }
    let sum = log.liquidations.reduce(Int128(0)) { $0 + Int128($1.notional) }
    let names = Set(log.liquidations.map(\.account)).count
    var minutes: [Int64: Int128] = [:]
    for record in log.liquidations {
      minutes[record.time / 60_000, default: 0] += Int128(record.notional)
    }
    var lines = [
      "\(NumberText.grouped(names)) accounts were liquidated with a notional of \(usd(sum)),"
        + " the first,"
        + " \(account(first.account)), at \(Plain.time(first.time))."
    ]
    if let worst = minutes.min(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      lines.append(
        "The heaviest minute began at \(Plain.time(worst.key * 60_000)) with \(usd(worst.value))."
      )
    }
    if let largest = log.liquidations.max(by: { $0.notional < $1.notional }) {
      lines.append(
        "The largest was \(account(largest.account)): \(usd(largest.notional)) of"
          + " \(symbol(largest.asset))."
      )
    }
    return lines
  }

  private var auctions: [String] {
    guard !log.auctions.isEmpty else { return ["No auction was held."] }
    let counts = LotOutcome.allCases.compactMap { outcome -> String? in
      let count = log.auctions.count { $0.outcome == outcome }
      return count > 0 ? "\(NumberText.grouped(count)) \(outcome.rawValue)" : nil
    }
    let surplus = log.auctions.reduce(Int128(0)) { $0 + Int128($1.surplus) }
    let badDebt = log.auctions.reduce(Int128(0)) { $0 + Int128($1.badDebt) }
    return [
      "\(NumberText.grouped(log.auctions.count)) lots were auctioned:"
        + " \(counts.joined(separator: ", "));"
        + " \(usd(surplus)) went back to borrowers and \(usd(badDebt)) became bad debt."
    ]
  }
}
