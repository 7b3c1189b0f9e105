// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import CSIMD

/// Prices the rows of one group and adds what they are forced to trade to the sums of bins.
///
/// Blocks of 256 rows stay in the first cache; nothing is written for a row but there. Sums are
/// whole numbers. The pass stops before a block that needs wider arithmetic (a size of 2⁵⁰
/// micro-USD or more, a price outside the grid) and before sums could overflow; whoever calls deals
/// with it and goes on from `pass.next`.
///
/// * `quantity`, `constant`: rows of the group; no quantity is 0 and every number is finite.
/// * `weights`: probability of each row in 1/65,536, nil for the group's.
/// * `memory`: of the calling thread.
@inline(never)
package func fuse(
  _ group: UnsafePointer<IsolatedGroup>,
  quantity: UnsafePointer<Double>,
  constant: UnsafePointer<Double>,
  weights: UnsafePointer<Int32>?,
  count: Int,
  memory: UnsafePointer<BinMemory>,
  pass: UnsafeMutablePointer<FusedPass>
) {
  let places = unsafe memory.pointee
  guard let totals = unsafe places.totals else { return }
  var state = unsafe pass.pointee
  while state.next < count {
    let row = Int(state.next)
    let rows = count &- row < 256 ? count &- row : 256
    var (sizes, bases) = unsafe (quantity + row, constant + row)
    let filled = (rows &+ 7) & ~7
    if filled != rows {
      unsafe copyTail(sizes, bases, rows, filled, -group.pointee.side, places)
      unsafe sizes = UnsafePointer(places.tailQuantity)
      unsafe bases = UnsafePointer(places.tailConstant)
    }
    var own: UnsafePointer<Int32>?
    if let weights = unsafe weights { unsafe own = weights + row }
    unsafe priceBlock(group, sizes, bases, places.rungPrice, filled)
    unsafe sizeBlock(group, sizes, places.rungPrice, filled, memory, totals)
    unsafe splitBlock(group, sizes, bases, own, filled, memory, totals)
    if !(unsafe state.takes(totals.pointee, places)) { break }
    let extra = unsafe Int(totals.pointee.extra)
    unsafe findBins(places, from: 0, count: filled, ahead: sizes, bases)
    unsafe findBins(places, from: 256, count: extra, ahead: sizes, bases)
    if let own = unsafe own {
      unsafe addWeighed(places, own, from: 0, count: rows)
      unsafe addWeighed(places, UnsafePointer(places.rungWeight), from: 256, count: extra)
    } else {
      unsafe addEven(places, from: 0, count: filled)
      unsafe addEven(places, from: 256, count: extra)
    }
    unsafe state.count(places, rows: rows)
    state.next = Int64(row &+ rows)
  }
  if state.next >= count { state.reason = Int32(truncatingIfNeeded: PASS_DONE) }
  unsafe pass.pointee = state
}

/// Adds rows whose prices are known, whole: what binning alone costs.
///
/// * `prices`: of `count` rows, a multiple of 8.
@inline(never)
package func binColumn(
  _ group: UnsafePointer<IsolatedGroup>,
  quantity: UnsafePointer<Double>,
  prices: UnsafePointer<Double>,
  count: Int,
  memory: UnsafePointer<BinMemory>,
  pass: UnsafeMutablePointer<FusedPass>
) {
  let places = unsafe memory.pointee
  guard let totals = unsafe places.totals else { return }
  var state = unsafe pass.pointee
  while state.next < count {
    let first = Int(state.next)
    let rows = count &- first < 256 ? count &- first : 256
    let (sizes, roots) = unsafe (quantity + first, prices + first)
    unsafe sizeBlock(group, sizes, roots, rows, memory, totals)
    if !(unsafe state.takes(totals.pointee, places)) { break }
    unsafe findBins(places, from: 0, count: rows, ahead: sizes, roots)
    unsafe addEven(places, from: 0, count: rows)
    state.next = Int64(first &+ rows)
  }
  if state.next >= count { state.reason = Int32(truncatingIfNeeded: PASS_DONE) }
  unsafe pass.pointee = state
}

/// Fills the rows of the last block up with rows that have no root.
@inline(__always)
private func copyTail(
  _ quantity: UnsafePointer<Double>,
  _ constant: UnsafePointer<Double>,
  _ rows: Int,
  _ filled: Int,
  _ pad: Double,
  _ memory: BinMemory
) {
  for row in 0..<filled {
    unsafe memory.tailQuantity[row] = row < rows ? quantity[row] : pad
    unsafe memory.tailConstant[row] = row < rows ? constant[row] : .infinity
  }
}

/// The memory that binning needs, in registers.
@safe
private struct Bins {
  let cells: UnsafePointer<BinCell>
  let shift: UInt64
  let prices: UnsafeMutablePointer<Double>

  @inline(__always)
  init(_ memory: BinMemory) {
    unsafe cells = memory.cells - Int(memory.firstCell)
    unsafe shift = UInt64(truncatingIfNeeded: memory.shift)
    unsafe prices = memory.rungPrice
  }

  /// The bin of a rung.
  @inline(__always)
  func bin(of rung: Int) -> Int {
    let bits = unsafe prices[rung].bitPattern
    let cell = unsafe cells + Int(truncatingIfNeeded: bits &>> shift)
    let bin = unsafe Int(truncatingIfNeeded: cell.pointee.bin)
    return unsafe bits >= cell.pointee.edge ? bin &+ 1 : bin
  }
}

/// Finds the bins of all rungs before any is added to, so that every address is known early; and
/// asks for the rows of the blocks to come.
@inline(__always)
private func findBins(
  _ memory: BinMemory,
  from: Int,
  count: Int,
  ahead quantity: UnsafePointer<Double>,
  _ constant: UnsafePointer<Double>
) {
  let bins = unsafe Bins(memory)
  guard let found = unsafe memory.rungBin else { return }
  var rung = from
  let end = from &+ count
  while rung < end {
    unsafe prefetchLine(quantity + (rung &+ 512))
    unsafe prefetchLine(constant + (rung &+ 512))
    unsafe found[rung] = Int32(truncatingIfNeeded: bins.bin(of: rung))
    unsafe found[rung &+ 1] = Int32(truncatingIfNeeded: bins.bin(of: rung &+ 1))
    unsafe found[rung &+ 2] = Int32(truncatingIfNeeded: bins.bin(of: rung &+ 2))
    unsafe found[rung &+ 3] = Int32(truncatingIfNeeded: bins.bin(of: rung &+ 3))
    unsafe found[rung &+ 4] = Int32(truncatingIfNeeded: bins.bin(of: rung &+ 4))
    unsafe found[rung &+ 5] = Int32(truncatingIfNeeded: bins.bin(of: rung &+ 5))
    unsafe found[rung &+ 6] = Int32(truncatingIfNeeded: bins.bin(of: rung &+ 6))
    unsafe found[rung &+ 7] = Int32(truncatingIfNeeded: bins.bin(of: rung &+ 7))
    rung &+= 8
  }
}

/// Adds rungs of one weight; `count` is a multiple of 8.
@inline(__always)
private func addEven(_ memory: BinMemory, from: Int, count: Int) {
  guard let table = unsafe memory.even, let bins = unsafe memory.rungBin,
    let sizes = unsafe memory.rungSize
  else { return }
  var rung = from
  let end = from &+ count
  while rung < end {
    unsafe addEven(table + Int(bins[rung]), sizes + rung)
    unsafe addEven(table + Int(bins[rung &+ 1]), sizes + (rung &+ 1))
    unsafe addEven(table + Int(bins[rung &+ 2]), sizes + (rung &+ 2))
    unsafe addEven(table + Int(bins[rung &+ 3]), sizes + (rung &+ 3))
    rung &+= 4
  }
}

@inline(__always)
private func addEven(
  _ sums: UnsafeMutablePointer<EvenSums>,
  _ rung: UnsafeMutablePointer<RungSize>
) {
  unsafe rungAdd(rung, sums)
}

/// Adds rungs of their own weights.
@inline(__always)
private func addWeighed(
  _ memory: BinMemory,
  _ weights: UnsafePointer<Int32>,
  from: Int,
  count: Int
) {
  guard let table = unsafe memory.weighed, let bins = unsafe memory.rungBin,
    let sizes = unsafe memory.rungSize
  else { return }
  for index in 0..<count {
    let place = from &+ index
    let sums = unsafe table + Int(bins[place])
    let rung = unsafe sizes[place]
    let weight = unsafe UInt64(truncatingIfNeeded: weights[index])
    unsafe sums.pointee.total &+= rung.size
    let largest = unsafe sums.pointee.largest
    unsafe sums.pointee.largest = rung.size > largest ? rung.size : largest
    unsafe sums.pointee.positions &+= 1
    let weighted = weight.multipliedFullWidth(by: UInt64(bitPattern: rung.size))
    unsafe add(weighted, &sums.pointee.weightedLow, &sums.pointee.weightedHigh)
    let variance = (weight &* (65_536 &- weight))
      .multipliedFullWidth(by: UInt64(bitPattern: rung.square))
    unsafe add(variance, &sums.pointee.varianceLow, &sums.pointee.varianceHigh)
  }
}

/// Adds 128 bits to two halves.
@inline(__always)
private func add(
  _ value: (high: UInt64, low: UInt64),
  _ low: inout UInt64,
  _ high: inout UInt64
) {
  let sum = low.addingReportingOverflow(value.low)
  low = sum.partialValue
  high = high &+ value.high &+ (sum.overflow ? 1 : 0)
}

extension FusedPass {
  /// Whether a block can be added; if not, says why.
  @inline(__always)
  fileprivate mutating func takes(_ block: BlockTotals, _ memory: BinMemory) -> Bool {
    let full = 0x1p62
    guard unsafe block.lowest >= memory.lowestPrice, unsafe block.highest < memory.highestPrice,
      block.most < 0x1p50, block.squares < full
    else {
      reason = Int32(truncatingIfNeeded: PASS_BLOCK_IS_ODD)
      return false
    }
    guard sizes + block.sizes < full, squares + block.squares < full else {
      reason = Int32(truncatingIfNeeded: PASS_SUMS_ARE_FULL)
      return false
    }
    sizes = sizes + block.sizes
    squares = squares + block.squares
    lowestPrice = block.lowest < lowestPrice ? block.lowest : lowestPrice
    highestPrice = block.highest > highestPrice ? block.highest : highestPrice
    return true
  }

  /// Counts rows by status.
  @inline(__always)
  fileprivate mutating func count(_ memory: BinMemory, rows: Int) {
    var place = 0
    while place < (rows &+ 7) &>> 3 {
      unsafe atRisk &+= Int64(memory.isAtRisk[place].nonzeroBitCount)
      unsafe liquidatable &+= Int64(memory.isLiquidatable[place].nonzeroBitCount)
      place &+= 1
    }
  }
}
