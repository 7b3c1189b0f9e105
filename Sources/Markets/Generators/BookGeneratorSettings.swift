// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import TextKit

/// What a synthetic book looks like.
///
/// Every default is a choice of ours, none is measured.
package struct BookGeneratorSettings: Sendable {
  /// A number and how often it is chosen, relative to the others.
  package struct Choice: Sendable, Equatable {
    package var value: Double
    package var weight: Double

    package init(_ value: Double, weight: Double) {
      self.value = value
      self.weight = weight
    }
  }

  /// A name and its relative share.
  package struct Share: Sendable, Equatable {
    package var name: String
    package var share: Double

    package init(_ name: String, _ share: Double) {
      self.name = name
      self.share = share
    }
  }

  /// How many accounts, count.
  package var accounts = 20_000
  /// Seed of all draws.
  package var seed: UInt64 = 1

  /// Share of each venue among accounts, relative; a venue that lists no asset of the book is left
  /// out.
  package var venueShares = [
    Share("hyperliquid", 0.50), Share("drift", 0.20), Share("marginfi", 0.09),
    Share("kamino", 0.09), Share("jupiter_lend", 0.07), Share("event", 0.05),
  ]
  /// Share of each asset within a venue, relative; assets without a row have `otherAssetShare`.
  package var assetShares = [
    Share("BTC", 0.40), Share("ETH", 0.28), Share("SOL", 0.32), Share("EVT", 1),
  ]
  /// Relative share of an asset that `assetShares` does not name.
  package var otherAssetShare = 0.1

  /// Share of accounts that fall when the price falls, ratio.
  package var longShare = 0.62
  /// Leverages that people choose, multiples; above the venue's largest, the largest is taken.
  package var leverages = [
    Choice(2, weight: 7), Choice(3, weight: 10), Choice(5, weight: 18), Choice(10, weight: 25),
    Choice(20, weight: 20), Choice(25, weight: 8), Choice(40, weight: 8), Choice(50, weight: 4),
  ]
  /// Share of perps at a leverage between the round numbers, ratio.
  package var oddLeverageShare = 0.15
  /// Standard deviation of ln(entry / price), ratio.
  package var entrySpread = 0.006

  /// Smallest notional or deposit: the scale of the Pareto tail, USD.
  package var smallestSizeUSD = 8_000.0
  /// Exponent of the Pareto tail; at most 2 the variance would be infinite without the cap.
  package var tailExponent = 1.7
  /// Largest notional or deposit, USD.
  package var largestSizeUSD = 5_000_000.0

  /// How much of the debt that a venue allows lending accounts had taken when they borrowed, ratio
  /// of the liquidation limit.
  package var utilisations = [
    Choice(0.4, weight: 10), Choice(0.5, weight: 16), Choice(0.6, weight: 18),
    Choice(0.7, weight: 20), Choice(0.8, weight: 18), Choice(0.9, weight: 12),
    Choice(0.95, weight: 6),
  ]
  /// Share of lending accounts with an asset of moving price on both sides, ratio.
  package var twoAssetShare = 0.01

  /// Share of accounts that use protection, ratio.
  package var protectedShare = 0.15
  /// Share of perps in isolated margin mode, ratio.
  package var isolatedShare = 0.25
  /// Share of perps in strict isolated mode, ratio.
  package var strictIsolatedShare = 0.02
  /// Least distance from liquidation, as a share of the price; nobody is liquidatable at once.
  package var leastDistance = 0.002

  /// Newest slot at which an account was read, slots.
  package var slot: Int64 = 300_000_000
  /// How far before it the others were read, slots (400 ms); evenly spread.
  package var slotSpread: Int64 = 300

  package init() {}

  /// Checks every number.
  ///
  /// - Throws: a data failure with name, value and what was expected.
  package func validate() throws(Failure) {
    guard accounts >= 1, accounts <= Int(UInt32.max) else {
      throw refused("accounts", String(accounts), "from 1 to \(UInt32.max)")
    }
    let ratios = [
      ("long_share", longShare), ("odd_leverage_share", oddLeverageShare),
      ("two_asset_share", twoAssetShare), ("protected_share", protectedShare),
      ("isolated_share", isolatedShare), ("strict_isolated_share", strictIsolatedShare),
    ]
    for (name, value) in ratios where !(0...1).contains(value) {
      throw refused(name, NumberText.shortest(value), "from 0 to 1")
    }
    guard isolatedShare + strictIsolatedShare <= 1 else {
      throw refused(
        "isolated_share + strict_isolated_share",
        NumberText.shortest(isolatedShare + strictIsolatedShare),
        "at most 1"
      )
    }
    try check("entry_spread", entrySpread, 0...0.5)
    try check("least_distance", leastDistance, 0...0.5)
    try check("smallest_size_usd", smallestSizeUSD, 1...1e9)
    try check("largest_size_usd", largestSizeUSD, 1...1e11)
    try check("tail_exponent", tailExponent, 0.1...20)
    try check("other_asset_share", otherAssetShare, 0...1e6)
    guard largestSizeUSD >= smallestSizeUSD else {
      throw refused(
        "largest_size_usd",
        NumberText.shortest(largestSizeUSD),
        "at least smallest_size_usd, \(NumberText.shortest(smallestSizeUSD))"
      )
    }
    for entry in venueShares + assetShares { try check(entry.name, entry.share, 0...1e6) }
    for choice in leverages { try check("leverages", choice.value, 1...1000) }
    for choice in utilisations { try check("utilisations", choice.value, 0.01...0.99) }
    for choice in leverages + utilisations { try check("a weight", choice.weight, 0...1e6) }
    guard slot >= 0, slotSpread >= 0, slotSpread <= slot else {
      throw refused("slot_spread", String(slotSpread), "from 0 to the slot, \(slot)")
    }
  }

  private func check(
    _ name: String,
    _ value: Double,
    _ range: ClosedRange<Double>
  ) throws(Failure) {
    guard range.contains(value) else {
      throw refused(
        name,
        NumberText.shortest(value),
        "from \(NumberText.shortest(range.lowerBound)) to \(NumberText.shortest(range.upperBound))"
      )
    }
  }

  private func refused(_ name: String, _ found: String, _ expected: String) -> Failure {
    Failure(.data, "generated book: \(name): found \(found), expected \(expected)")
  }
}
