// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
internal import Markets
internal import Settings
package import TextKit

extension RandomWorld {
  /// What a world may hold, in words.
  package static let allContents: [String] =
    RandomWorldVenues.names.map { "an account of \($0)" } + [
      "an account of many legs", "an empty account", "an account without debt",
      "an account liquidatable at the start", "an unreachable account", "an elevation group",
      "a threshold of a leg", "a leverage of a leg", "a strictly isolated account",
      "a derived asset", "accounts of one name", "a lending venue that closes at market",
      "a protected account with a cap", "a deposit carried in", "a trigger of an account",
      "a confidence", "one step", "even times", "a step of 1 ms", "a step of an hour", "a gap",
      "a gap longer than the oldest price", "a flat stretch", "a price on a root",
      "a price beside a root", "paths of different starts", "no axis", "two axes", "a zip",
      "a constraint",
      "an axis of venues",
      "a venue number",
    ]

  /// What this world holds, of `allContents`.
  package func contents() throws(Failure) -> Set<String> {
    let catalogue = try catalogue(replacing: venueBase.map { ($0.path, $0.value) })
    var words: Set<String> = []
    for account in book.accounts { words.formUnion(accountWords(account, catalogue)) }
    let names = book.accounts.map(\.name).filter { !$0.isEmpty }
    if Set(names).count < names.count { words.insert("accounts of one name") }
    if confidenceRatios.contains(where: { $0 > 0 }) { words.insert("a confidence") }
    if axes.isEmpty { words.insert("no axis") }
    if !zipped.isEmpty { words.insert("a zip") }
    if !constraints.isEmpty { words.insert("a constraint") }
    if axes.count >= 2 { words.insert("two axes") }
    if axes.contains(where: { $0.name.hasPrefix("venues.") }) { words.insert("an axis of venues") }
    if !venueBase.isEmpty { words.insert("a venue number") }
    for path in paths {
      words.formUnion(timeWords(path))
      words.formUnion(priceWords(path))
      words.formUnion(try rootWords(path, catalogue))
    }
    let starts = paths.map { path in
      path.assets.indices.map { (path.assets[$0], path.values[$0]) }.sorted { $0.0 < $1.0 }.map(\.1)
    }
    if Set(starts).count > 1 { words.insert("paths of different starts") }
    return words
  }

  private func accountWords(_ account: Account, _ catalogue: VenueCatalogue) -> Set<String> {
    let legs = account.legs
    let venue = catalogue.venues[account.venue]
    var words: Set<String> = ["an account of \(venue.name)"]
    func add(_ word: String, _ holds: Bool) { if holds { words.insert(word) } }
    add("an account of many legs", legs.count > 2)
    add("an elevation group", !account.elevationGroup.isEmpty)
    add("a threshold of a leg", legs.contains { $0.liquidationThreshold != nil })
    add("a leverage of a leg", legs.contains { $0.maxLeverage != nil })
    add("a strictly isolated account", account.marginMode == .strictIsolated)
    add("a derived asset", legs.contains { catalogue.assets[$0.asset].underlying != $0.asset })
    let isLending = legs.contains { $0.kind != .perp }
    add(
      "a lending venue that closes at market",
      isLending && venue.liquidation == .market && venue.name != "sized" && venue.name != "tiered"
    )
    let terms = account.protection
    add("a protected account with a cap", terms.isProtected && terms.cap != nil)
    add("a deposit carried in", terms.deposited > 0)
    add("a trigger of an account", terms.triggerDistance != nil)
    return words
  }

  private func timeWords(_ path: PricePath) -> Set<String> {
    let gaps = zip(path.times, path.times.dropFirst()).map { $1 - $0 }
    var words: Set<String> = []
    if gaps.isEmpty { words.insert("one step") }
    if gaps.count > 1 && Set(gaps).count == 1 { words.insert("even times") }
    if gaps.contains(1) { words.insert("a step of 1 ms") }
    if gaps.contains(where: { $0 >= 3_600_000 }) { words.insert("a step of an hour") }
    return words
  }

  private func priceWords(_ path: PricePath) -> Set<String> {
    var words: Set<String> = []
    for column in path.assets.indices {
      var seenAt = path.times[0]
      for step in 1..<max(1, path.stepCount) {
        let price = path.value(step: step, column: column)
        if price.isNaN {
          words.insert("a gap")
          let age = Double(path.times[step] - seenAt)
          if age > base[.oracleMaxAge] * 1000 { words.insert("a gap longer than the oldest price") }
        } else {
          seenAt = path.times[step]
          if price == path.value(step: step - 1, column: column) { words.insert("a flat stretch") }
        }
      }
    }
    return words
  }

  private func rootWords(
    _ path: PricePath,
    _ catalogue: VenueCatalogue
  ) throws(Failure) -> Set<String> {
    var words: Set<String> = []
    var snapshot = PriceSnapshot(catalogue.assets)
    for (column, asset) in path.assets.enumerated() {
      let price = path.value(step: 0, column: column)
      snapshot.set(asset, price: price, confidenceRatio: confidenceRatios[asset])
    }
    let affine = try AffineBook(compiling: book, catalogue: catalogue, snapshot: snapshot)
    for row in 0..<affine.rowCount {
      let account = Int(affine.account[row])
      let interval = affine.interval(
        of: row,
        deposited: book.accounts[account].protection.deposited,
        prices: snapshot.prices,
        confidences: snapshot.confidences
      )
      switch affine.assess(row, interval, prices: snapshot.prices).status {
      case .empty: words.insert("an empty account")
      case .liquidatable: words.insert("an account liquidatable at the start")
      case .unreachable:
        words.insert(affine.hasDebt[account] ? "an unreachable account" : "an account without debt")
      case .atRisk: break
      }
      guard let column = path.assets.firstIndex(of: Int(affine.asset[row])) else { continue }
      for step in 0..<path.stepCount {
        let price = path.value(step: step, column: column)
        for root in [interval.lower, interval.upper] where root > 0 {
          if price == root { words.insert("a price on a root") }
          if price == root.nextUp || price == root.nextDown {
            words.insert("a price beside a root")
          }
        }
      }
    }
    return words
  }
}
