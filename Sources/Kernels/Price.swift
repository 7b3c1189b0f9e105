// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import CSIMD

/// Liquidation prices of the rows of one group.
///
///     root_k = −(C + d_k) / (q − |q|·r_k)         long: max over k       short: min over k
///
/// With deductions that make the requirement continuous, the tier that holds at the root depends on
/// the constant alone, so one division is enough; rows so near to the change between two tiers that
/// rounding could decide it go through all of them. Reads 16 bytes a row and writes 8 past the
/// caches.
///
/// * `quantity`, `constant`: columns of `count` rows, a multiple of 8; no quantity is 0.
/// * `prices`: the roots, as `HealthyInterval` gives them; at a multiple of 64 bytes.
@inline(never)
package func priceColumn(
  _ group: UnsafePointer<IsolatedGroup>,
  quantity: UnsafePointer<Double>,
  constant: UnsafePointer<Double>,
  prices: UnsafeMutablePointer<Double>,
  count: Int
) {
  unsafe priceRows(group, quantity, constant, prices, count, streams: true)
  storesFinish()
}

/// The same for a block that stays in the first cache.
@inline(never)
func priceBlock(
  _ group: UnsafePointer<IsolatedGroup>,
  _ quantity: UnsafePointer<Double>,
  _ constant: UnsafePointer<Double>,
  _ prices: UnsafeMutablePointer<Double>,
  _ count: Int
) {
  unsafe priceRows(group, quantity, constant, prices, count, streams: false)
}

/// Roots of rows after a first part was closed: every slope times `1 − share`.
///
/// * `count`: a multiple of 8.
@inline(never)
func priceRemainders(
  _ group: UnsafePointer<IsolatedGroup>,
  _ quantity: UnsafePointer<Double>,
  _ constant: UnsafePointer<Double>,
  _ prices: UnsafeMutablePointer<Double>,
  _ count: Int
) {
  let terms = unsafe group.pointee
  let factor = unsafe 1 - terms.partialShare
  var row = 0
  while row < count {
    let found = unsafe rootsOfAllTiers(
      lanesLoad(quantity + row),
      lanesLoad(constant + row),
      terms,
      factor: factor
    )
    unsafe lanesStore(found, prices + row)
    row &+= 8
  }
}

/// Chooses the loop whose number of tiers the compiler knows; tables are filled up to it.
@inline(__always)
private func priceRows(
  _ group: UnsafePointer<IsolatedGroup>,
  _ quantity: UnsafePointer<Double>,
  _ constant: UnsafePointer<Double>,
  _ prices: UnsafeMutablePointer<Double>,
  _ count: Int,
  streams: Bool
) {
  let terms = unsafe group.pointee
  switch unsafe terms.tierCount {
  case 1: unsafe fillOfOne(terms, quantity, constant, prices, count, streams)
  case 2, 3: unsafe fillOfThree(terms, quantity, constant, prices, count, streams)
  case 4, 5, 6: unsafe fillOfSix(terms, quantity, constant, prices, count, streams)
  default: unsafe fillOfEight(terms, quantity, constant, prices, count, streams)
  }
}

// Each in a function of its own: in one caller they are too much for the compiler to unroll.

@inline(never)
private func fillOfOne(
  _ group: IsolatedGroup,
  _ quantity: UnsafePointer<Double>,
  _ constant: UnsafePointer<Double>,
  _ prices: UnsafeMutablePointer<Double>,
  _ count: Int,
  _ streams: Bool
) {
  unsafe fill(group, 1, quantity, constant, prices, count, streams)
}

@inline(never)
private func fillOfThree(
  _ group: IsolatedGroup,
  _ quantity: UnsafePointer<Double>,
  _ constant: UnsafePointer<Double>,
  _ prices: UnsafeMutablePointer<Double>,
  _ count: Int,
  _ streams: Bool
) {
  unsafe fill(group, 3, quantity, constant, prices, count, streams)
}

@inline(never)
private func fillOfSix(
  _ group: IsolatedGroup,
  _ quantity: UnsafePointer<Double>,
  _ constant: UnsafePointer<Double>,
  _ prices: UnsafeMutablePointer<Double>,
  _ count: Int,
  _ streams: Bool
) {
  unsafe fill(group, 6, quantity, constant, prices, count, streams)
}

@inline(never)
private func fillOfEight(
  _ group: IsolatedGroup,
  _ quantity: UnsafePointer<Double>,
  _ constant: UnsafePointer<Double>,
  _ prices: UnsafeMutablePointer<Double>,
  _ count: Int,
  _ streams: Bool
) {
  unsafe fill(group, 8, quantity, constant, prices, count, streams)
}

@inline(__always)
private func fill(
  _ group: IsolatedGroup,
  _ tiers: Int,
  _ quantity: UnsafePointer<Double>,
  _ constant: UnsafePointer<Double>,
  _ prices: UnsafeMutablePointer<Double>,
  _ count: Int,
  _ streams: Bool
) {
  let table = unsafe TierLanes(group)
  var row = 0
  while row < count {
    unsafe prefetchLine(quantity + (row &+ 512))
    unsafe prefetchLine(constant + (row &+ 512))
    let (sizes, constants) = unsafe (lanesLoad(quantity + row), lanesLoad(constant + row))
    let (found, isSure) = table.roots(sizes, constants, tiers)
    if !isSure {
      unsafe doubtfulRoots(quantity + row, constant + row, prices + row, group)
    } else if streams {
      unsafe lanesStoreStreaming(found, prices + row)
    } else {
      unsafe lanesStore(found, prices + row)
    }
    row &+= 8
  }
}

/// One tier of a table, the same in every lane.
private struct TierLane {
  let maybe, surely, deduction, rate: SIMD8<Double>

  @inline(__always)
  init(_ group: IsolatedGroup, _ k: Int) {
    maybe = unsafe SIMD8(repeating: group.maybe[k])
    surely = unsafe SIMD8(repeating: group.surely[k])
    deduction = unsafe SIMD8(repeating: group.deduction[k])
    rate = unsafe SIMD8(repeating: group.rate[k])
  }
}

/// A whole table, read once before the loop over rows.
private struct TierLanes {
  let side: SIMD8<Double>
  let tier0, tier1, tier2, tier3, tier4, tier5, tier6, tier7: TierLane

  @inline(__always)
  init(_ group: IsolatedGroup) {
    side = unsafe SIMD8(repeating: group.side)
    (tier0, tier1) = unsafe (TierLane(group, 0), TierLane(group, 1))
    (tier2, tier3) = unsafe (TierLane(group, 2), TierLane(group, 3))
    (tier4, tier5) = unsafe (TierLane(group, 4), TierLane(group, 5))
    (tier6, tier7) = unsafe (TierLane(group, 6), TierLane(group, 7))
  }

  /// Roots of eight rows, and whether rounding cannot have chosen their tiers.
  ///
  /// Few rows are in high tiers: from the fifth on tiers are looked at where a lane reaches them.
  @inline(__always)
  func roots(
    _ quantity: SIMD8<Double>,
    _ constant: SIMD8<Double>,
    _ tiers: Int
  ) -> (SIMD8<Double>, isSure: Bool) {
    var chosen = ChosenTiers(tier0)
    let place = constant * side
    if tiers > 1 { chosen.take(tier1, place) }
    if tiers > 2 { chosen.take(tier2, place) }
    if tiers > 3 { chosen.take(tier3, place) }
    if tiers > 4, !lanesAllBelow(place, tier4.maybe) {
      chosen.take(tier4, place)
      if tiers > 5 { chosen.take(tier5, place) }
      if tiers > 6 { chosen.take(tier6, place) }
      if tiers > 7 { chosen.take(tier7, place) }
    }
    let slope = quantity - lanesMagnitude(quantity) * chosen.rate
    let found = -(constant + chosen.deduction) / slope
    return (found, tiers == 1 || lanesAllBelow(chosen.surely, place))
  }
}

/// The tiers chosen for eight rows so far.
private struct ChosenTiers {
  var surely, deduction, rate: SIMD8<Double>

  @inline(__always)
  init(_ first: TierLane) {
    (surely, deduction, rate) = (first.surely, first.deduction, first.rate)
  }

  /// Takes the next tier in the lanes whose place may reach it.
  @inline(__always)
  mutating func take(_ next: TierLane, _ place: SIMD8<Double>) {
    let holds = lanesReach(place, next.maybe)
    surely = lanesChosen(holds, next.surely, surely)
    deduction = lanesChosen(holds, next.deduction, deduction)
    rate = lanesChosen(holds, next.rate, rate)
  }
}

/// Stores the roots of eight rows of which one is near to the change between two tiers.
@inline(never)
private func doubtfulRoots(
  _ quantity: UnsafePointer<Double>,
  _ constant: UnsafePointer<Double>,
  _ prices: UnsafeMutablePointer<Double>,
  _ group: IsolatedGroup
) {
  let found = unsafe rootsOfAllTiers(
    lanesLoad(quantity),
    lanesLoad(constant),
    group,
    factor: 1
  )
  unsafe lanesStore(found, prices)
}

/// Roots of eight rows over every tier.
@inline(__always)
private func rootsOfAllTiers(
  _ quantity: SIMD8<Double>,
  _ constant: SIMD8<Double>,
  _ group: IsolatedGroup,
  factor: Double
) -> SIMD8<Double> {
  typealias Vector = SIMD8<Double>
  let size = lanesMagnitude(quantity)
  let isLong = unsafe group.side < 0
  let scale = Vector(repeating: factor)
  var best = Vector(repeating: isLong ? -.infinity : .infinity)
  let tiers = unsafe Int(group.tierCount)
  var k = 0
  while k < tiers {
    let value = unsafe constant + Vector(repeating: group.deduction[k])
    let slope = unsafe (quantity - size * Vector(repeating: group.rate[k])) * scale
    let root = -value / slope
    best = isLong ? lanesLarger(root, best) : lanesLeast(root, best)
    k &+= 1
  }
  return best
}
