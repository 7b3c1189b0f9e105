// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import CSIMD

/// Finds the accounts that are not surely healthy in some of 32 scenarios.
///
///     health = constant + Σ slope · P + Σ over bending rows of min_k (slope_k · P + constant_k)
///
/// Scenarios stand across the lanes of four vectors. The sums are not exact; a lane is `below` when
/// its sum is under −bound and `near` when it is not above bound, and whoever calls decides those.
/// So no result depends on the order of the terms or on the instruction set.
///
/// * `panel`: prices, 32 lanes for each asset.
/// * `hits`: memory for an entry of each account.
/// - Returns: entries written, in account order.
@inline(never)
package func scan(
  _ accounts: UnsafePointer<FoldedAccounts>,
  panel: UnsafePointer<Double>,
  hits: UnsafeMutablePointer<LaneHit>
) -> Int {
  let book = unsafe accounts.pointee
  let count = Int(unsafe book.count)
  var found = 0
  var term = 0
  var bend = 0
  for account in 0..<count {
    let start = SIMD8<Double>(repeating: unsafe book.constant[account])
    var (x0, x1, x2, x3) = (start, start, start, start)
    let lastTerm = unsafe Int(book.firstTerm[account &+ 1])
    while term < lastTerm {
      let slope = SIMD8<Double>(repeating: unsafe book.slope[term])
      let prices = unsafe panel + Int(book.offset[term])
      x0 = unsafe x0 + slope * lanesLoad(prices)
      x1 = unsafe x1 + slope * lanesLoad(prices + 8)
      x2 = unsafe x2 + slope * lanesLoad(prices + 16)
      x3 = unsafe x3 + slope * lanesLoad(prices + 24)
      term &+= 1
    }
    let lastBend = unsafe Int(book.firstBend[account &+ 1])
    while bend < lastBend {
      let prices = unsafe panel + Int(book.bendOffset[bend])
      var line = unsafe Int(book.firstLine[bend])
      let lastLine = unsafe Int(book.firstLine[bend &+ 1])
      let infinite = SIMD8<Double>(repeating: .infinity)
      var (y0, y1, y2, y3) = (infinite, infinite, infinite, infinite)
      while line < lastLine {
        let slope = SIMD8<Double>(repeating: unsafe book.lineSlope[line])
        let shift = SIMD8<Double>(repeating: unsafe book.lineConstant[line])
        y0 = unsafe lanesLeast(y0, slope * lanesLoad(prices) + shift)
        y1 = unsafe lanesLeast(y1, slope * lanesLoad(prices + 8) + shift)
        y2 = unsafe lanesLeast(y2, slope * lanesLoad(prices + 16) + shift)
        y3 = unsafe lanesLeast(y3, slope * lanesLoad(prices + 24) + shift)
        line &+= 1
      }
      x0 = x0 + y0
      x1 = x1 + y1
      x2 = x2 + y2
      x3 = x3 + y3
      bend &+= 1
    }
    let bound = SIMD8<Double>(repeating: unsafe book.bound[account])
    let doubtful =
      UInt32(lanesNotAtLeast(x0, bound)) | UInt32(lanesNotAtLeast(x1, bound)) << 8
      | UInt32(lanesNotAtLeast(x2, bound)) << 16 | UInt32(lanesNotAtLeast(x3, bound)) << 24
    if doubtful != 0 {
      let below =
        UInt32(lanesBelow(x0, -bound)) | UInt32(lanesBelow(x1, -bound)) << 8
        | UInt32(lanesBelow(x2, -bound)) << 16 | UInt32(lanesBelow(x3, -bound)) << 24
      unsafe hits[found] = LaneHit(
        account: Int32(truncatingIfNeeded: account),
        below: below,
        near: doubtful & ~below
      )
      found &+= 1
    }
  }
  return found
}
