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
  let terms = unsafe group.pointee
  let places = unsafe memory.pointee
  var state = unsafe pass.pointee
  while state.next < count {
    let row = Int(state.next)
    let rows = min(blockRows, count &- row)
    var (sizes, bases) = unsafe (quantity + row, constant + row)
    let filled = (rows &+ 7) & ~7
    if filled != rows {
      unsafe copyTail(sizes, bases, rows, filled, terms, places)
      unsafe (sizes, bases) = (
        UnsafePointer(places.tailQuantity), UnsafePointer(places.tailConstant)
      )
    }
    var blockWeights: UnsafePointer<Int32>?
    if let weights = unsafe weights { unsafe blockWeights = weights + row }
    var block = unsafe priced(terms, sizes, bases, filled, places)
    unsafe splitBlock(&block, terms, sizes, bases, blockWeights, rows: filled, places)
    if unsafe !state.takes(block, places) { break }
    if let own = unsafe blockWeights {
      unsafe addWeighed(places, own, from: 0, count: rows)
      unsafe addWeighed(
        places,
        UnsafePointer(places.rungWeight),
        from: blockRows,
        count: block.extra
      )
    } else {
      unsafe addEven(places, from: 0, count: filled, ahead: sizes, bases)
      unsafe addEven(places, from: blockRows, count: block.extra, ahead: sizes, bases)
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
  typealias Vector = SIMD8<Double>
  let terms = unsafe group.pointee
  let places = unsafe memory.pointee
  var state = unsafe pass.pointee
  let (low, high) = unsafe (Vector(repeating: terms.lowest), Vector(repeating: terms.highest))
  let present = unsafe Vector(repeating: terms.price)
  while state.next < count {
    let first = Int(state.next)
    let rows = min(blockRows, count &- first)
    var block = unsafe Block(price: terms.price)
    var row = 0
    while row < rows {
      let price = unsafe lanesLoad(prices + (first &+ row))
      let value = unsafe lanesMagnitude(lanesLoad(quantity + (first &+ row))) * price
      let isOutside = (price .< low) .| (price .> high)
      unsafe block.put(
        price.replacing(with: present, where: isOutside),
        (value * Vector(repeating: 1e6)).replacing(with: Vector(repeating: 0), where: isOutside),
        places,
        at: row
      )
      row &+= 8
    }
    if unsafe !state.takes(block, places) { break }
    unsafe addEven(places, from: 0, count: rows, ahead: quantity + first, prices + first)
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
  _ group: IsolatedGroup,
  _ memory: BinMemory
) {
  for row in 0..<filled {
    unsafe memory.tailQuantity[row] = row < rows ? quantity[row] : -group.side
    unsafe memory.tailConstant[row] = row < rows ? constant[row] : .infinity
  }
}

/// The block with the number of tiers known to the compiler.
@inline(__always)
private func priced(
  _ group: IsolatedGroup,
  _ quantity: UnsafePointer<Double>,
  _ constant: UnsafePointer<Double>,
  _ rows: Int,
  _ memory: BinMemory
) -> Block {
  switch unsafe group.tierCount {
  case 1: unsafe priceBlock(group, tiers: 1, quantity, constant, rows: rows, memory)
  case 2: unsafe priceBlock(group, tiers: 2, quantity, constant, rows: rows, memory)
  case 3: unsafe priceBlock(group, tiers: 3, quantity, constant, rows: rows, memory)
  case 4: unsafe priceBlock(group, tiers: 4, quantity, constant, rows: rows, memory)
  case 5, 6: unsafe priceBlock(group, tiers: 6, quantity, constant, rows: rows, memory)
  default: unsafe priceBlock(group, tiers: 8, quantity, constant, rows: rows, memory)
  }
}

/// The bin of a price inside the grid.
@inline(__always)
private func bin(_ price: Double, _ memory: BinMemory) -> Int {
  let place = unsafe Int(price.bitPattern &>> UInt64(memory.shift)) &- Int(memory.firstCell)
  let cell = unsafe memory.cells[place]
  return Int(cell.bin) &+ (price >= cell.edge ? 1 : 0)
}

/// Adds rungs of one weight, and asks for the rows of the blocks to come.
@inline(__always)
private func addEven(
  _ memory: BinMemory,
  from: Int,
  count: Int,
  ahead quantity: UnsafePointer<Double>,
  _ constant: UnsafePointer<Double>
) {
  var rung = from
  let end = from &+ count
  while rung < end {
    unsafe prefetchLine(quantity + (rung &+ 512))
    unsafe prefetchLine(constant + (rung &+ 512))
    for lane in 0..<8 {
      let place = rung &+ lane
      let bin = unsafe bin(memory.rungPrice[place], memory)
      let size = unsafe memory.rungSize[place]
      let whole = unsafe memory.rungWhole[place]
      let sums = unsafe memory.even + bin
      unsafe sums.pointee.total &+= size
      unsafe sums.pointee.squares &+= whole &* whole
      let largest = unsafe sums.pointee.largest
      unsafe sums.pointee.largest = size > largest ? size : largest
      unsafe sums.pointee.positions &+= size > 0 ? 1 : 0
    }
    rung &+= 8
  }
}

/// Adds rungs of their own weights.
@inline(__always)
private func addWeighed(
  _ memory: BinMemory,
  _ weights: UnsafePointer<Int32>,
  from: Int,
  count: Int
) {
  for index in 0..<count {
    let place = from &+ index
    let bin = unsafe bin(memory.rungPrice[place], memory)
    let size = unsafe memory.rungSize[place]
    let whole = unsafe UInt64(bitPattern: memory.rungWhole[place])
    let weight = unsafe UInt64(truncatingIfNeeded: weights[index])
    let sums = unsafe memory.weighed + bin
    unsafe sums.pointee.total &+= size
    let largest = unsafe sums.pointee.largest
    unsafe sums.pointee.largest = size > largest ? size : largest
    unsafe sums.pointee.positions &+= size > 0 ? 1 : 0
    let weighted = weight.multipliedFullWidth(by: UInt64(bitPattern: size))
    unsafe add(weighted, &sums.pointee.weightedLow, &sums.pointee.weightedHigh)
    let variance = (weight &* (65_536 &- weight)).multipliedFullWidth(by: whole &* whole)
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
  fileprivate mutating func takes(_ block: Block, _ memory: BinMemory) -> Bool {
    var (low, high) = (block.lowest[0], block.highest[0])
    var most = block.most[0]
    for lane in 1..<8 {
      low = block.lowest[lane] < low ? block.lowest[lane] : low
      high = block.highest[lane] > high ? block.highest[lane] : high
      most = block.most[lane] > most ? block.most[lane] : most
    }
    let blockSizes = lanesSum(block.sizes)
    let blockSquares = lanesSum(block.squares)
    let full = 0x1p62
    guard unsafe low >= memory.lowestPrice, unsafe high < memory.highestPrice, most < 0x1p50,
      blockSquares < full
    else {
      reason = Int32(truncatingIfNeeded: PASS_BLOCK_IS_ODD)
      return false
    }
    guard sizes + blockSizes < full, squares + blockSquares < full else {
      reason = Int32(truncatingIfNeeded: PASS_SUMS_ARE_FULL)
      return false
    }
    sizes = sizes + blockSizes
    squares = squares + blockSquares
    lowestPrice = low < lowestPrice ? low : lowestPrice
    highestPrice = high > highestPrice ? high : highestPrice
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
