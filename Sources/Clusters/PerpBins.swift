// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Liquidation
package import Markets
package import TextKit

/// The bins of one thread for rows of a book that are each an account of one perp.
///
/// Rows of one market and side wait side by side until there are enough of them for `BinTally`.
/// Sums are whole numbers, so the order in which rows wait cannot change a digit.
@safe
package final class PerpBins: @unchecked Sendable {
  /// Rows of one market and side that wait.
  private static let room = 512
  /// Groups that have memory of their own; rows of any further ones are left to others.
  private static let mostGroups = 32

  private struct Group {
    var terms: IsolatedTerms
    var asset: Int
    var tally: BinTally
    var rows = 0
  }

  /// Rows by status.
  package var counts = (atRisk: 0, unreachable: 0, liquidatable: 0)
  private let perps: LonePerps
  private let settings: ClusterSettings
  private let level: VectorLevel
  private var groups: [Group] = []
  /// The group of each market's shorts and longs, −1 for none and −2 where it is not known.
  private let groupOfSide: UnsafeMutablePointer<Int32>
  private let sideCount: Int
  /// What waits, `room` rows for each group.
  private let quantity: UnsafeMutablePointer<Double>
  private let constant: UnsafeMutablePointer<Double>
  private let weight: UnsafeMutablePointer<Int32>
  private let waiting: UnsafeMutablePointer<Int>

  /// Begins with no row.
  ///
  /// * `markets`: venues times assets.
  package init(_ perps: LonePerps, markets: Int, settings: ClusterSettings, level: VectorLevel) {
    (self.perps, self.settings, self.level) = (perps, settings, level)
    sideCount = 2 * markets
    unsafe groupOfSide = .allocate(capacity: sideCount)
    unsafe groupOfSide.initialize(repeating: -2, count: sideCount)
    let rows = PerpBins.mostGroups * PerpBins.room
    unsafe quantity = .allocate(capacity: rows)
    unsafe constant = .allocate(capacity: rows)
    unsafe weight = .allocate(capacity: rows)
    unsafe waiting = .allocate(capacity: PerpBins.mostGroups)
    unsafe waiting.initialize(repeating: 0, count: PerpBins.mostGroups)
  }

  deinit {
    unsafe groupOfSide.deallocate()
    unsafe quantity.deallocate()
    unsafe constant.deallocate()
    unsafe weight.deallocate()
    unsafe waiting.deallocate()
  }

  /// Adds the rows of a table that are accounts of one perp.
  ///
  /// * `weights`: probability of each row in 1/65,536.
  /// * `deposits`: protection in the account of each row, USD.
  /// * `others`: gets the rows of perps that are not added.
  /// - Throws: a data failure when a size or a sum is too large.
  package func add(
    _ table: RowColumns,
    weights: UnsafePointer<Int32>,
    deposits: UnsafePointer<Double>,
    others: inout [Int32],
    to builder: inout ClusterBuilder
  ) throws(Failure) {
    let assets = perps.assetCount
    let (sizes, entries) = unsafe (table.quantity, table.entryPrice)
    let (collateral, leverage) = unsafe (table.collateral, table.maxLeverage)
    let (venue, asset) = unsafe (table.venue, table.asset)
    let isLone = unsafe table.isLone
    let mayHaveRates = table.hasOwnLeverage
    for row in 0..<table.count where unsafe isLone[row] != 0 {
      let size = unsafe sizes[row]
      let base = unsafe (collateral[row] + -size * entries[row]) + deposits[row]
      let side = size > 0 ? 1 : 0
      let market = unsafe Int(venue[row]) &* assets &+ Int(asset[row])
      var group = unsafe groupOfSide[market &* 2 &+ side]
      if group == -2 { group = newGroup(market, side) }
      let hasRate = unsafe mayHaveRates && !leverage[row].isNaN
      // As `IsolatedTerms.fits` has it.
      let fits = size.magnitude > 1e-150 && size.magnitude < 1e150 && base.magnitude < 1e150
      guard group >= 0, fits, !hasRate else {
        others.append(Int32(truncatingIfNeeded: row))
        continue
      }
      let number = Int(group)
      let place = unsafe waiting[number]
      let slot = number &* PerpBins.room &+ place
      unsafe quantity[slot] = size
      unsafe constant[slot] = base
      unsafe weight[slot] = weights[row]
      unsafe waiting[number] = place &+ 1
      if place &+ 1 == PerpBins.room { try flush(number, to: &builder) }
    }
  }

  /// The group of a market's longs or shorts, −1 where the kernels do not fit.
  @inline(never)
  private func newGroup(_ market: Int, _ side: Int) -> Int32 {
    var found: Int32 = -1
    if groups.count < PerpBins.mostGroups,
      let terms = perps.isolatedTerms(market: market, isLong: side == 1),
      let tally = BinTally(binBPS: settings.binBPS, isWeighed: true)
    {
      found = Int32(truncatingIfNeeded: groups.count)
      groups.append(Group(terms: terms, asset: market % perps.assetCount, tally: tally))
    }
    unsafe groupOfSide[market * 2 + side] = found
    return found
  }

  /// Prices and bins the rows of a group that wait.
  @inline(never)
  private func flush(_ number: Int, to builder: inout ClusterBuilder) throws(Failure) {
    let count = unsafe waiting[number]
    unsafe waiting[number] = 0
    groups[number].rows += count
    let (group, first) = (groups[number], number * PerpBins.room)
    try unsafe group.tally.add(
      group.terms,
      asset: group.asset,
      quantity: quantity + first,
      constant: constant + first,
      weights: UnsafePointer(weight + first),
      count: count,
      level: level,
      to: &builder
    )
  }

  /// Hands everything to a builder and begins again with no row.
  ///
  /// - Throws: a data failure when a size or a sum is too large.
  package func finish(into builder: inout ClusterBuilder) throws(Failure) {
    for number in groups.indices {
      if unsafe waiting[number] > 0 { try flush(number, to: &builder) }
      let tally = groups[number].tally
      try tally.drain(to: &builder)
      counts.atRisk += tally.atRisk
      counts.liquidatable += tally.liquidatable
      counts.unreachable += groups[number].rows - tally.atRisk - tally.liquidatable
    }
    groups.removeAll()
    unsafe groupOfSide.update(repeating: -2, count: sideCount)
  }
}
