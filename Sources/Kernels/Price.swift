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
  case 1: unsafe fill(terms, 1, quantity, constant, prices, count, streams)
  case 2: unsafe fill(terms, 2, quantity, constant, prices, count, streams)
  case 3: unsafe fill(terms, 3, quantity, constant, prices, count, streams)
  case 4: unsafe fill(terms, 4, quantity, constant, prices, count, streams)
  case 5, 6: unsafe fill(terms, 6, quantity, constant, prices, count, streams)
  default: unsafe fill(terms, 8, quantity, constant, prices, count, streams)
  }
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
  var row = 0
  while row < count {
    unsafe prefetchLine(quantity + (row &+ 512))
    unsafe prefetchLine(constant + (row &+ 512))
    let found = unsafe roots(
      lanesLoad(quantity + row),
      lanesLoad(constant + row),
      group,
      tiers: tiers
    )
    if streams {
      unsafe lanesStoreStreaming(found, prices + row)
    } else {
      unsafe lanesStore(found, prices + row)
    }
    row &+= 8
  }
}

/// Roots of eight rows.
@inline(__always)
private func roots(
  _ quantity: SIMD8<Double>,
  _ constant: SIMD8<Double>,
  _ group: IsolatedGroup,
  tiers: Int
) -> SIMD8<Double> {
  typealias Vector = SIMD8<Double>
  let size = lanesMagnitude(quantity)
  var deduction = unsafe Vector(repeating: group.deduction[0])
  var rate = unsafe Vector(repeating: group.rate[0])
  if tiers == 1 { return -(constant + deduction) / (quantity - size * rate) }
  let place = unsafe constant * Vector(repeating: group.side)
  var surely = Vector(repeating: -.infinity)
  var k = 1
  while k < tiers {
    let holds = unsafe place .>= Vector(repeating: group.maybe[k])
    deduction = unsafe deduction.replacing(
      with: Vector(repeating: group.deduction[k]),
      where: holds
    )
    rate = unsafe rate.replacing(with: Vector(repeating: group.rate[k]), where: holds)
    surely = unsafe surely.replacing(with: Vector(repeating: group.surely[k]), where: holds)
    k &+= 1
  }
  let found = -(constant + deduction) / (quantity - size * rate)
  if lanesBelow(place, surely) == 0 { return found }
  return unsafe rootsOfAllTiers(quantity, constant, group, factor: 1)
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
    best = best.replacing(with: root, where: isLong ? root .> best : root .< best)
    k &+= 1
  }
  return best
}
