// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Liquidation
package import Markets
internal import Numerics

/// Scenarios one by one, account by account, straight from the definitions.
package struct PlainScenarios: Sendable {
  /// A scenario with a venue and asset, or a total of those that are nil.
  package struct Place: Hashable, Sendable {
    package var scenario: Int
    package var venue: Int?
    package var asset: Int?

    /// Names a place.
    package init(_ scenario: Int, venue: Int? = nil, asset: Int? = nil) {
      (self.scenario, self.venue, self.asset) = (scenario, venue, asset)
    }
  }

  /// Sums of the places at which something falls.
  package private(set) var sums: [Place: ScenarioSums] = [:]
  /// First scenario and number of falls of each account.
  package private(set) var falls: ScenarioFalls

  /// Goes through all scenarios, each a price for every asset of the snapshot.
  package init(
    _ book: AffineBook,
    venues: [Int32],
    deposited: [Int64],
    snapshot: PriceSnapshot,
    scenarios: [[Double]]
  ) throws {
    let none = Array(repeating: Int32(0), count: book.accountCount)
    falls = ScenarioFalls(first: none.map { _ in -1 }, falls: none)
    for (scenario, prices) in scenarios.enumerated() {
      let confidences = prices.indices.map { snapshot.confidenceRatios[$0] * prices[$0] }
      for account in 0..<book.accountCount {
        let falls = book.isLiquidatable(
          account: account,
          deposited: deposited[account],
          prices: prices,
          confidences: confidences
        )
        if !falls { continue }
        self.falls.falls[account] += 1
        if self.falls.first[account] < 0 { self.falls.first[account] = Int32(scenario) }
        let health = book.health(
          of: account,
          deposited: deposited[account],
          prices: prices,
          confidences: confidences
        )
        let shortfall = max(0, try micro(-health))
        let equity = PlainScenarios.equity(book, account, deposited[account], prices)
        let debt = max(0, try micro(-equity))
        try add(book, account, Int(venues[account]), scenario, prices, shortfall, debt)
      }
    }
  }

  private mutating func add(
    _ book: AffineBook,
    _ account: Int,
    _ venue: Int,
    _ scenario: Int,
    _ prices: [Double],
    _ shortfall: Int64,
    _ debt: Int64
  ) throws {
    let rows = Array(book.rows(of: account))
    var sizes: [Int64] = []
    for row in rows {
      sizes.append(try micro(abs(book.quantity[row]) * prices[Int(book.asset[row])]))
    }
    let shortfalls = PlainScenarios.split(shortfall, sizes)
    let debts = PlainScenarios.split(debt, sizes)
    var whole = ScenarioSums()
    for (index, row) in rows.enumerated() {
      var part = ScenarioSums()
      part.size = Int128(sizes[index])
      part.shortfall = Int128(shortfalls[index])
      part.badDebt = Int128(debts[index])
      whole += part
      part.accounts = 1
      sums[Place(scenario, venue: venue, asset: Int(book.asset[row])), default: ScenarioSums()] +=
        part
    }
    whole.accounts = 1
    sums[Place(scenario, venue: venue), default: ScenarioSums()] += whole
    sums[Place(scenario), default: ScenarioSums()] += whole
  }

  /// Parts in proportion to sizes, the last one what is left.
  private static func split(_ amount: Int64, _ sizes: [Int64]) -> [Int64] {
    var total: Int128 = 0
    for size in sizes { total += Int128(size) }
    var parts: [Int64] = []
    var rest = amount
    for (index, size) in sizes.enumerated() {
      var part = rest
      if total == 0 {
        part = index == 0 ? amount : 0
      } else if index < sizes.count - 1 {
        let share = Double(size) * (Double(amount) / nearestDouble(total))
        let whole = share.rounded(.toNearestOrEven)
        part = whole < Double(rest) ? Int64(whole) : rest
      }
      parts.append(part)
      rest -= part
    }
    return parts
  }

  /// Equity with exact products, added without any error and rounded once (Shewchuk, 1997).
  private static func equity(
    _ book: AffineBook,
    _ account: Int,
    _ deposited: Int64,
    _ prices: [Double]
  ) -> Double {
    var partials: [Double] = []
    func add(_ term: Double) {
      var x = term
      var kept: [Double] = []
      for y in partials {
        let (large, small) = abs(x) < abs(y) ? (y, x) : (x, y)
        let sum = large + small
        let error = small - (sum - large)
        if error != 0 { kept.append(error) }
        x = sum
      }
      partials = kept + [x]
    }
    add(book.equityFixed(of: account))
    add(usd(deposited))
    for row in book.rows(of: account) {
      let product = DoubleDouble.exactProduct(
        book.quantity[row],
        prices[Int(book.asset[row])]
      )
      add(product.high)
      add(product.low)
    }
    return partials.reduce(0, +)
  }
}
