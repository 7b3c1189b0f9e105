// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import CSIMD

/// 1.5 · 2⁵²: added to a magnitude below 2⁵¹ it leaves the nearest whole number, ties to even.
private let wholeMark = 0x1.8p52

/// Adds the fallen lanes of accounts to the sums of their venues and assets, in micro-USD.
///
///     size of a row   n_i = rint((|q_i| · P) · 10⁶)        N = Σ n_i
///     shortfall       rint(−health · 10⁶)                  bad debt: rint(−equity · 10⁶)
///     part of a row   min(rint(n_i · (amount / N)), rest); the last row takes the rest
///
/// Health and equity are plain sums here, within a known bound of the exact ones. A lane is settled
/// only where that bound cannot change the rounded amount, where every amount is below 2⁵⁰ and N is
/// above 0; the lanes that are left for exact arithmetic are written over `near`.
///
/// * `first`: account of the book at which the chunk begins.
/// * `hits`: `below` holds the lanes to settle.
/// * `sums`: for each place 4 · 32 whole numbers: accounts, size, shortfall, bad debt.
/// * `scratch`: memory for 8 doubles for each row of the longest account.
/// - Returns: how many hits have lanes left; their entries come first, in order.
@inline(never)
package func settle(
  _ accounts: UnsafePointer<FoldedAccounts>,
  rows: UnsafePointer<SettledRows>,
  first: Int,
  hits: UnsafeMutablePointer<LaneHit>,
  hitCount: Int,
  panel: UnsafePointer<Double>,
  sums: UnsafeMutablePointer<Int64>,
  scratch: UnsafeMutablePointer<Double>
) -> Int {
  let book = unsafe accounts.pointee
  let table = unsafe rows.pointee
  /// Hits between the account that is asked of memory and the one that is worked on.
  let ahead = 3
  var kept = 0
  for index in 0..<hitCount {
    var hit = unsafe hits[index]
    hit.near = 0
    if index &+ ahead < hitCount {
      let row = unsafe Int(table.firstRow[first &+ Int(hits[index &+ ahead].account)])
      unsafe prefetchLine(table.slot + row)
      unsafe prefetchLine(table.quantity + row)
      unsafe prefetchLine(table.quantity + row + 7)
    }
    var group = 0
    while group < 32 {
      let fallen = UInt8(truncatingIfNeeded: hit.below >> UInt32(group))
      if fallen != 0 {
        let left = unsafe settleGroup(
          book,
          table,
          Int(hit.account),
          first &+ Int(hit.account),
          fallen,
          panel + group,
          sums + group,
          scratch
        )
        hit.near |= UInt32(left) << UInt32(group)
      }
      group &+= 8
    }
    if hit.near != 0 {
      unsafe hits[kept] = hit
      kept &+= 1
    }
  }
  return kept
}

/// Settles eight lanes of one account; returns those that are left.
@inline(__always)
private func settleGroup(
  _ book: FoldedAccounts,
  _ table: SettledRows,
  _ local: Int,
  _ account: Int,
  _ fallen: UInt8,
  _ panel: UnsafePointer<Double>,
  _ sums: UnsafeMutablePointer<Int64>,
  _ scratch: UnsafeMutablePointer<Double>
) -> UInt8 {
  typealias Vector = SIMD8<Double>
  let million = Vector(repeating: 1e6)
  let mark = Vector(repeating: wholeMark)
  let half = Vector(repeating: 0.5)
  let firstRow = unsafe Int(table.firstRow[account])
  let lastRow = unsafe Int(table.firstRow[account &+ 1])
  // Sizes and equity.
  var total = Vector(repeating: 0)
  let equityStart = unsafe table.equity[account]
  var equity = Vector(repeating: equityStart)
  for row in firstRow..<lastRow {
    let slot = unsafe Int(table.slot[row])
    let prices = unsafe lanesLoad(panel + Int(table.slotOffset[slot]))
    let value = unsafe Vector(repeating: table.quantity[row]) * prices
    equity = equity + value
    let size = (lanesMagnitude(value) * million + mark) - mark
    unsafe lanesStore(size, scratch + (row &- firstRow) &* 8)
    total = total + size
  }
  let health = unsafe groupHealth(book, local, panel)
  // Amounts, and where they are sure.
  let owed = -health * million
  let shortfall = lanesWhole(owed, mark)
  let bound = unsafe Vector(repeating: book.bound[local] * 1.25e6)
  var sure = lanesBelow(lanesMagnitude(owed - shortfall) + bound, half)
  sure &= lanesBelow(lanesMagnitude(owed), Vector(repeating: 0x1p50))
  sure &= lanesBelow(total, Vector(repeating: 0x1p50))
  sure &= lanesBelow(Vector(repeating: 0), total)
  let lacking = -equity * million
  let debt = lanesWhole(lacking, mark)
  let terms = Double(lastRow &- firstRow) + 16
  // Sizes are rounded, each by at most half a unit.
  let equityBound =
    (total + Vector(repeating: equityStart.magnitude * 1e6 + terms))
    * Vector(repeating: (terms * 0x1p-52) * 1.25)
  // Where equity is surely above 0 there is no bad debt, whatever the rounding.
  let solvent = lanesBelow(lacking + equityBound, Vector(repeating: 0))
  let certain = lanesBelow(lanesMagnitude(lacking - debt) + equityBound, half)
  sure &= solvent | certain
  sure &= lanesBelow(lanesMagnitude(lacking), Vector(repeating: 0x1p50))
  let settled = fallen & sure
  if settled == 0 { return fallen }
  let indebted = lanesBelow(Vector(repeating: 0), debt) & ~solvent & settled
  unsafe addParts(
    table,
    firstRow,
    lastRow,
    settled,
    indebted,
    shortfall,
    debt,
    total,
    sums,
    scratch
  )
  let mask = wholeLanesMask(settled)
  let counts = unsafe sums + Int(table.venueSlot[account]) &* 128
  unsafe wholeLanesStore(wholeLanesLoad(counts) &- mask, counts)
  return fallen & ~sure
}

/// The nearest whole numbers of magnitudes below 2⁵¹, ties to even.
@inline(__always)
private func lanesWhole(_ value: SIMD8<Double>, _ mark: SIMD8<Double>) -> SIMD8<Double> {
  (value + mark) - mark
}

/// Health of eight lanes, in the order of the scan.
@inline(__always)
private func groupHealth(
  _ book: FoldedAccounts,
  _ local: Int,
  _ panel: UnsafePointer<Double>
) -> SIMD8<Double> {
  typealias Vector = SIMD8<Double>
  var health = Vector(repeating: unsafe book.constant[local])
  let terms = unsafe Int(book.firstTerm[local])..<Int(book.firstTerm[local &+ 1])
  for term in terms {
    let prices = unsafe lanesLoad(panel + Int(book.offset[term]))
    health = unsafe health + Vector(repeating: book.slope[term]) * prices
  }
  let bends = unsafe Int(book.firstBend[local])..<Int(book.firstBend[local &+ 1])
  for bend in bends {
    let prices = unsafe lanesLoad(panel + Int(book.bendOffset[bend]))
    var least = Vector(repeating: .infinity)
    let lines = unsafe Int(book.firstLine[bend])..<Int(book.firstLine[bend &+ 1])
    for line in lines {
      let shift = unsafe Vector(repeating: book.lineConstant[line])
      least = unsafe lanesLeast(least, Vector(repeating: book.lineSlope[line]) * prices + shift)
    }
    health = health + least
  }
  return health
}

/// Adds sizes and the parts of both amounts to the sums of every row.
@inline(__always)
private func addParts(
  _ table: SettledRows,
  _ firstRow: Int,
  _ lastRow: Int,
  _ settled: UInt8,
  _ indebted: UInt8,
  _ shortfall: SIMD8<Double>,
  _ debt: SIMD8<Double>,
  _ total: SIMD8<Double>,
  _ sums: UnsafeMutablePointer<Int64>,
  _ scratch: UnsafeMutablePointer<Double>
) {
  typealias Vector = SIMD8<Double>
  let zero = Vector(repeating: 0)
  let mark = Vector(repeating: wholeMark)
  let markBits = SIMD8<Int64>(repeating: Int64(bitPattern: wholeMark.bitPattern))
  let mask = wholeLanesMask(settled)
  let debtMask = wholeLanesMask(indebted)
  // A health of 0 or above, within rounding, lacks nothing.
  var rest = shortfall.replacing(with: zero, where: shortfall .< zero)
  var debtRest = debt
  let rate = rest / total
  let debtRate = debtRest / total
  for row in firstRow..<lastRow {
    let size = unsafe lanesLoad(scratch + (row &- firstRow) &* 8)
    let place = unsafe sums + Int(table.slot[row]) &* 128
    unsafe wholeLanesStore(wholeLanesLoad(place) &- mask, place)
    let whole = (lanesBits(size + mark) &- markBits) & mask
    unsafe wholeLanesStore(wholeLanesLoad(place + 32) &+ whole, place + 32)
    let isLast = row &+ 1 == lastRow
    let part = isLast ? rest : lanesLeast((size * rate + mark) - mark, rest)
    rest = rest - part
    let wholePart = (lanesBits(part + mark) &- markBits) & mask
    unsafe wholeLanesStore(wholeLanesLoad(place + 64) &+ wholePart, place + 64)
    if indebted != 0 {
      let part = isLast ? debtRest : lanesLeast((size * debtRate + mark) - mark, debtRest)
      debtRest = debtRest - part
      let wholePart = (lanesBits(part + mark) &- markBits) & debtMask
      unsafe wholeLanesStore(wholeLanesLoad(place + 96) &+ wholePart, place + 96)
    }
  }
}
