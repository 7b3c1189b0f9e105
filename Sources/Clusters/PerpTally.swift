// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Liquidation
package import Markets
internal import Numerics
package import TextKit

/// The protection that a lone perp may count on: `micro(ratio · base)` (SEMANTICS B13).
package struct PerpCap: Sendable {
  /// Share of the base.
  package var ratio: Double
  /// Whether the base is the collateral, else it is quantity · entry price.
  package var countsCollateral: Bool
  /// Whether protected rows are added at all, or left to who asks.
  package var isSure: Bool

  package init(ratio: Double, countsCollateral: Bool, isSure: Bool) {
    (self.ratio, self.countsCollateral, self.isSure) = (ratio, countsCollateral, isSure)
  }
}

/// One thread's way from columns of rows to bins: rows are dealt to groups of one asset, margin
/// table and side, and whole blocks of a group go through `Kernels.fuse`.
///
///     constant = (collateral − quantity · entry) + deposited                       (SEMANTICS B1)
@safe
package final class PerpTally: @unchecked Sendable {
  /// Rows of one group that wait for the kernel; a multiple of the kernel's blocks.
  private static let blockRows = 1024
  /// Tallies; groups beyond share them.
  private static let mostTallies = 32

  /// The rows that wait, and where they go.
  @safe
  private struct Group {
    var terms: IsolatedTerms
    var asset: Int
    var count = 0
    /// Quantities and constants, one behind the other; weights.
    var columns: UnsafeMutablePointer<Double>
    var weights: UnsafeMutablePointer<Int32>
  }

  private let perps: LonePerps
  private let settings: ClusterSettings
  private let level: VectorLevel
  private let slot: Int64
  private let cap: PerpCap?
  private let assetCount: Int
  private var groups: [Group] = []
  private var tallies: [BinTally] = []
  /// By market and side: group, −1 where kernels cannot, −2 where that is not known yet.
  private let groupOfKey: UnsafeMutablePointer<Int32>
  private let keyCount: Int
  private let ages: UnsafeMutablePointer<Int64>
  private let weightOfAge: UnsafeMutablePointer<Int32>
  private let weightOfNoAge: Int32
  private static let ageCount = 1 << 12
  /// Rows that went to kernels.
  private var rows = 0

  /// Prepares a thread's memory.
  ///
  /// * `slot`: now.
  /// * `cap`: what protected rows may count on; nil where protection is off.
  package init(
    _ perps: LonePerps,
    settings: ClusterSettings,
    slot: Int64,
    cap: PerpCap?,
    level: VectorLevel,
    venueCount: Int,
    assetCount: Int
  ) {
    (self.perps, self.settings, self.level) = (perps, settings, level)
    (self.slot, self.cap, self.assetCount) = (slot, cap, assetCount)
    keyCount = 4 * venueCount * assetCount
    unsafe groupOfKey = .allocate(capacity: keyCount)
    unsafe groupOfKey.initialize(repeating: -2, count: keyCount)
    unsafe ages = .allocate(capacity: PerpTally.ageCount)
    unsafe ages.initialize(repeating: -1, count: PerpTally.ageCount)
    unsafe weightOfAge = .allocate(capacity: PerpTally.ageCount)
    unsafe weightOfAge.initialize(repeating: 0, count: PerpTally.ageCount)
    weightOfNoAge = Int32(settings.weight(freshness: settings.freshness(age: nil), cross: 1))
  }

  deinit {
    for place in groups.indices {
      unsafe groups[place].columns.deallocate()
      unsafe groups[place].weights.deallocate()
    }
    unsafe groupOfKey.deallocate()
    unsafe ages.deallocate()
    unsafe weightOfAge.deallocate()
  }

  /// Adds rows.
  ///
  /// * `left`: gets the records of rows that kernels cannot take.
  /// - Throws: a data failure when a size or a sum is too large.
  package func add(
    _ rows: PerpRows,
    to builder: inout ClusterBuilder,
    left: inout [LegRecord]
  ) throws(Failure) {
    var row = 0
    while true {
      let (next, group) = deal(rows, from: row)
      if next >= rows.count { return }
      if group >= 0 {
        try flush(group, to: &builder)
      } else {
        let market = unsafe Int(rows.market[next])
        let isLong = unsafe rows.quantity[next] > 0
        let key = 2 * market + (isLong ? 0 : 1)
        if unsafe groupOfKey[key] == -2 {
          let group = makeGroup(market: market >> 1, isLong: isLong)
          // Whether other rows may join the account makes no difference here.
          unsafe groupOfKey[key & ~2] = group
          unsafe groupOfKey[key | 2] = group
          row = next
          continue
        }
        left.append(rows.record(next, assetCount: assetCount))
      }
      row = group >= 0 ? next : next + 1
    }
  }

  /// Deals rows to their groups until one of them is full or a row cannot be dealt.
  ///
  /// - Returns: the first row that was not dealt, and the group that has no room for it, −1 where
  ///   it is the row that does not fit.
  private func deal(_ rows: PerpRows, from first: Int) -> (row: Int, group: Int) {
    let (market, quantities) = unsafe (rows.market, rows.quantity)
    let (entryPrices, collaterals) = unsafe (rows.entryPrice, rows.collateral)
    let (slots, flags) = unsafe (rows.observedSlot, rows.isProtected)
    let ratio = cap?.ratio ?? 0
    let countsCollateral = cap?.countsCollateral ?? false
    let mark: Int8 = cap == nil ? 2 : 1
    let mostMicro = cap?.isSure == true ? 0x1p51 : -1
    return unsafe groups.withUnsafeMutableBufferPointer { (groups) -> (Int, Int) in
      var row = first
      while row < rows.count {
        let own = unsafe Int(market[row])
        if own < 0 {
          row &+= 1
          continue
        }
        let quantity = unsafe quantities[row]
        let place = unsafe Int(groupOfKey[2 &* own &+ Int(quantity.bitPattern &>> 63)])
        let entry = unsafe entryPrices[row]
        let stated = unsafe collaterals[row]
        let collateral = stated.isNaN ? 0 : stated
        let base = countsCollateral ? max(0, collateral) : quantity.magnitude * entry
        // The rounding of `micro` for amounts below 2^51.
        let amount = (ratio * base) * 1e6
        let whole = (amount + 0x1.8p52) - 0x1.8p52
        let isProtected = unsafe flags[row] == mark
        let deposited = isProtected ? whole / 1e6 : 0
        let constant = (collateral + -quantity * entry) + deposited
        let isOdd = isProtected && !(amount >= 0 && amount < mostMicro)
        if place < 0 || isOdd || !PerpTally.fits(quantity, constant) {
          return (row, -1)
        }
        let count = unsafe groups[place].count
        if count == PerpTally.blockRows { return (row, place) }
        unsafe groups[place].columns[count] = quantity
        unsafe groups[place].columns[count &+ PerpTally.blockRows] = constant
        unsafe groups[place].weights[count] = weight(slots[row])
        unsafe groups[place].count = count &+ 1
        row &+= 1
      }
      return (row, -1)
    }
  }

  /// `IsolatedTerms.fits`, which is not inlined from another module.
  @inline(__always)
  private static func fits(_ quantity: Double, _ constant: Double) -> Bool {
    quantity.magnitude > 1e-150 && quantity.magnitude < 1e150 && constant.magnitude < 1e150
  }

  @inline(__always)
  private func weight(_ observedSlot: Int64) -> Int32 {
    if observedSlot < 0 { return weightOfNoAge }
    let age = max(0, slot - observedSlot)
    let place = Int(truncatingIfNeeded: age) & (PerpTally.ageCount - 1)
    return unsafe ages[place] == age ? weightOfAge[place] : newWeight(age, place)
  }

  @inline(never)
  private func newWeight(_ age: Int64, _ place: Int) -> Int32 {
    let weight = settings.weight(freshness: settings.freshness(age: Double(age)), cross: 1)
    unsafe ages[place] = age
    unsafe weightOfAge[place] = Int32(weight)
    return Int32(weight)
  }

  private func makeGroup(market: Int, isLong: Bool) -> Int32 {
    let (venue, asset) = market.quotientAndRemainder(dividingBy: assetCount)
    guard let terms = perps.terms(venue: venue, asset: asset, isLong: isLong) else { return -1 }
    if tallies.count < PerpTally.mostTallies {
      guard let tally = BinTally(binBPS: settings.binBPS, isWeighed: true) else { return -1 }
      tallies.append(tally)
    }
    unsafe groups.append(
      Group(
        terms: terms,
        asset: asset,
        columns: .allocate(capacity: 2 * PerpTally.blockRows),
        weights: .allocate(capacity: PerpTally.blockRows)
      )
    )
    return Int32(groups.count - 1)
  }

  private func flush(_ place: Int, to builder: inout ClusterBuilder) throws(Failure) {
    let group = groups[place]
    groups[place].count = 0
    guard group.count > 0 else { return }
    rows += group.count
    try unsafe tallies[place % tallies.count].add(
      group.terms,
      asset: group.asset,
      quantity: UnsafePointer(group.columns),
      constant: UnsafePointer(group.columns + PerpTally.blockRows),
      weights: UnsafePointer(group.weights),
      count: group.count,
      level: level,
      to: &builder
    )
  }

  /// Hands all sums to a builder.
  ///
  /// - Returns: rows at risk, unreachable and liquidatable that kernels took since the last call.
  package func drain(to builder: inout ClusterBuilder) throws(Failure) -> (Int, Int, Int) {
    for place in groups.indices { try flush(place, to: &builder) }
    var (atRisk, liquidatable) = (0, 0)
    for tally in tallies {
      try tally.drain(to: &builder)
      atRisk += tally.atRisk
      liquidatable += tally.liquidatable
    }
    tallies = []
    for place in groups.indices {
      unsafe groups[place].columns.deallocate()
      unsafe groups[place].weights.deallocate()
    }
    groups = []
    unsafe groupOfKey.update(repeating: -2, count: keyCount)
    defer { rows = 0 }
    return (atRisk, rows - atRisk - liquidatable, liquidatable)
  }
}
