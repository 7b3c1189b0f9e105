// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CSIMD

/// The tables of a group in registers, and what one vector of rows becomes.
///
///     root_k = −(C + d_k) / (q − |q|·r_k)         long: max over k       short: min over k
///
/// With deductions that make the requirement continuous, the tier that holds at the root depends on
/// the constant alone, so one division is enough. Rows so near to the change between two tiers that
/// rounding could decide it go through all of them.
@inline(__always)
func roots(
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

/// Roots over every tier, with slopes multiplied by a factor after the rates.
@inline(__always)
func rootsOfAllTiers(
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
