// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
internal import Markets

/// Holds back margin checks at venues that refuse the price of an asset (venues.md 7).
///
/// An account that would fall stays open for the step; it is looked at again at the next one.
struct VenueGate: Sendable {
  /// Average over time of one asset for one window.
  private struct Average {
    var asset: Int
    var window: Int64
    var past: [(time: Int64, price: Double)] = []
    var value = 0.0

    /// The mean of prices over the window that ends now, each held until the next.
    mutating func take(_ price: Double, time: Int64) {
      past.append((time, price))
      let start = time - window
      while past.count > 1, past[1].time <= start { past.removeFirst() }
      var sum = 0.0
      var weight = 0.0
      for (place, entry) in past.enumerated() {
        let end = place + 1 < past.count ? past[place + 1].time : time
        let held = Double(end - max(entry.time, start)) / 1000
        sum += entry.price * held
        weight += held
      }
      value = weight > 0 ? sum / weight : price
    }
  }

  private let checks: [PriceCheck?]
  private var averages: [Average] = []

  init(_ input: WorldInput) {
    checks = input.catalogue.venues.map(\.oracle)
    var windows: Set<Int64> = []
    for case let check? in checks where check.maxDivergence < .infinity {
      windows.insert(check.twapMilliseconds)
    }
    for window in windows.sorted() {
      for asset in input.path.assets { averages.append(Average(asset: asset, window: window)) }
    }
  }

  var isOpen: Bool { checks.allSatisfy { $0 == nil } }

  /// Takes the oracle's prices of a step.
  mutating func take(_ oracle: OracleStage, time: Int64) {
    for place in averages.indices {
      averages[place].take(oracle.prices[averages[place].asset], time: time)
    }
  }

  /// Whether the venue of an account refuses the price of one of its assets.
  func holds(_ account: Int, _ input: WorldInput, _ oracle: OracleStage, time: Int64) -> Bool {
    guard let check = checks[input.book.accounts[account].venue] else { return false }
    return input.affine.rows(of: account).contains { row in
      let asset = Int(input.affine.asset[row])
      let average = averages.first {
        $0.asset == asset && $0.window == check.twapMilliseconds
      }
      return check.refusal(
        price: oracle.prices[asset],
        confidence: oracle.confidences[asset],
        average: average?.value ?? oracle.prices[asset],
        ageMilliseconds: time - oracle.updatedAt[asset]
      ) != nil
    }
  }
}
