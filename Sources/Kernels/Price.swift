// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import CSIMD

/// Liquidation prices of the rows of one group.
///
/// Reads 16 bytes a row and writes 8 past the caches: 24 bytes a row, one division.
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
  let terms = unsafe group.pointee
  switch unsafe terms.tierCount {
  case 1: unsafe fill(terms, 1, quantity, constant, prices, count)
  case 2: unsafe fill(terms, 2, quantity, constant, prices, count)
  case 3: unsafe fill(terms, 3, quantity, constant, prices, count)
  case 4: unsafe fill(terms, 4, quantity, constant, prices, count)
  case 5, 6: unsafe fill(terms, 6, quantity, constant, prices, count)
  default: unsafe fill(terms, 8, quantity, constant, prices, count)
  }
  storesFinish()
}

/// The loop with a number of tiers that the compiler knows.
@inline(__always)
private func fill(
  _ group: IsolatedGroup,
  _ tiers: Int,
  _ quantity: UnsafePointer<Double>,
  _ constant: UnsafePointer<Double>,
  _ prices: UnsafeMutablePointer<Double>,
  _ count: Int
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
    unsafe lanesStoreStreaming(found, prices + row)
    row &+= 8
  }
}
