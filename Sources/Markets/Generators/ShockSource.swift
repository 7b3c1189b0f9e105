// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import TextKit

/// Where price vectors come from: a list, a grid, or draws.
package protocol ShockSource: Sendable {
  /// How many scenarios there are.
  var count: Int { get }
  /// What reports call a scenario: its text, or its number from 1.
  func name(of scenario: Int) -> String
  /// Appends prices: for each asset one after the other, those of the scenarios of a range.
  ///
  /// * `assets`: assets with prices of their own, and quote currencies, which stand at 1.
  /// - Throws: a data failure naming scenario and asset when a price is not above 0 and at most
  ///   1e15.
  func addPrices(
    of scenarios: Range<Int>,
    assets: [Int],
    threads: Int,
    to prices: inout [Double]
  ) throws(Failure)
}

/// Scenarios of relative moves: `price = start · (1 + move)`.
package struct Shocks: ShockSource {
  /// Names by scenario, nil for numbers from 1.
  private let names: [String]?
  /// Assets that move, with their moves by scenario.
  private let moves: [Int: [Double]]
  private let start: PriceSnapshot
  private let symbols: [String]
  package let count: Int

  /// Makes scenarios of moves by asset; assets without moves stay at their price.
  ///
  /// - Precondition: as many moves of each asset, and names if any, as scenarios.
  package init(
    count: Int,
    names: [String]?,
    moves: [Int: [Double]],
    start: PriceSnapshot,
    symbols: [String]
  ) {
    precondition(
      moves.values.allSatisfy { $0.count == count } && names.map { $0.count == count } != false,
      "Invariant: a move for each scenario"
    )
    (self.count, self.names, self.moves) = (count, names, moves)
    (self.start, self.symbols) = (start, symbols)
  }

  package func name(of scenario: Int) -> String { names?[scenario] ?? String(scenario + 1) }

  package func addPrices(
    of scenarios: Range<Int>,
    assets: [Int],
    threads: Int,
    to prices: inout [Double]
  ) throws(Failure) {
    for asset in assets {
      let price = start.prices[asset]
      guard let moves = moves[asset] else {
        prices.append(contentsOf: repeatElement(price, count: scenarios.count))
        continue
      }
      for scenario in scenarios {
        prices.append(
          try shockedPrice(price, moves[scenario]) { () in
            (name(of: scenario), symbols[asset])
          }
        )
      }
    }
  }
}

/// `price · (1 + move)`, refused where it leaves the prices that are allowed.
func shockedPrice(
  _ price: Double,
  _ move: Double,
  place: () -> (scenario: String, symbol: String)
) throws(Failure) -> Double {
  let shocked = price * (1 + move)
  guard shocked > 0, shocked <= PricePath.highestPrice else {
    let (scenario, symbol) = place()
    throw Failure(
      .data,
      "scenario \(Failure.shown(scenario)): found a price of \(NumberText.shortest(shocked)) for"
        + " \(Failure.shown(symbol)), expected one above 0, at most 1e15"
    )
  }
  return shocked
}
