// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CSIMD

/// 1.5 · 2⁵²: added to a magnitude below 2⁵¹ it leaves the nearest whole number, ties to even.
private let wholeMark = 0x1.8p52
private let wholeMarkBits: Int64 = 0x4338_0000_0000_0000

/// Turns the roots of a block into rungs, of size 0 where nothing is at risk.
///
/// Below 2⁵⁰ micro-USD the whole USD `(n + 500000) / 1000000` are exact: `n · 10⁻⁶` is within
/// 3·10⁻⁷, fractions are multiples of 10⁻⁶, and a half is lifted by 4·10⁻⁷ so that it rounds up.
///
/// * `prices`: roots of `rows` rows, a multiple of 8 up to 256.
@inline(never)
func sizeBlock(
  _ group: UnsafePointer<IsolatedGroup>,
  _ quantity: UnsafePointer<Double>,
  _ prices: UnsafePointer<Double>,
  _ rows: Int,
  _ memory: UnsafePointer<BinMemory>,
  _ totals: UnsafeMutablePointer<BlockTotals>
) {
  typealias Vector = SIMD8<Double>
  let (terms, places) = unsafe (group.pointee, memory.pointee)
  let (present, none) = unsafe (
    Vector(repeating: terms.price), Vector(repeating: places.noPrice)
  )
  let (low, high) = unsafe (Vector(repeating: terms.lowest), Vector(repeating: terms.highest))
  let limit = unsafe Vector(repeating: terms.partialAbove)
  let isLong = unsafe terms.side < 0
  let zero = Vector(repeating: 0)
  let million = Vector(repeating: 1e6)
  let mark = Vector(repeating: wholeMark)
  let bits = SIMD8<Int64>(repeating: wholeMarkBits)
  var (lowest, highest, most) = (present, present, zero)
  var (sizes, squares) = (zero, zero)
  var row = 0
  while row < rows {
    let root = unsafe lanesLoad(prices + row)
    let value = unsafe lanesMagnitude(lanesLoad(quantity + row)) * root
    let (below, above) = (lanesBelow(root, low), lanesBelow(high, root))
    let place = row &>> 3
    let risky = ~(below | above)
    unsafe places.isAtRisk[place] = risky
    unsafe places.isLiquidatable[place] = isLong ? above : below
    unsafe places.isPartial[place] = lanesBelow(limit, value) & risky
    // One after the other: masks that are joined first go through registers of another width.
    let notBelow = lanesChosen(lanesLess(root, low), zero, value * million)
    let marked = lanesChosen(lanesLess(high, root), zero, notBelow) + mark
    let micro = marked - mark
    let usd = lanesUSD(micro)
    let whole = usd - mark
    // Where nothing is at risk the size is 0.
    let isNothing = lanesReach(zero, micro)
    let price = lanesChosen(isNothing, present, root)
    lowest = lanesLeast(lowest, price)
    highest = lanesLarger(highest, price)
    most = lanesLarger(most, micro)
    sizes = sizes + micro
    squares = squares + whole * whole
    unsafe lanesStore(lanesChosen(isNothing, none, root), places.rungPrice + row)
    unsafe wholeLanesStorePairs(
      lanesBits(marked) &- bits,
      wholeLanesSquare(lanesBits(usd) &- bits),
      places.rungSize + row
    )
    row &+= 8
  }
  unsafe totals.pointee = BlockTotals(
    lowest: lanesLowest(lowest),
    highest: -lanesLowest(-highest),
    most: -lanesLowest(-most),
    sizes: lanesSum(sizes),
    squares: lanesSum(squares),
    extra: 0
  )
}

/// Splits the rows of a block that are closed in two parts; their second rungs come behind the
/// rows.
///
///     first   rung of share σ at the root
///     second  rung of share 1 − σ at the root of C + σ·value with every slope · (1 − σ)
///
/// Where the second root does not lie further on, everything is closed at the first.
@inline(never)
func splitBlock(
  _ group: UnsafePointer<IsolatedGroup>,
  _ quantity: UnsafePointer<Double>,
  _ constant: UnsafePointer<Double>,
  _ weights: UnsafePointer<Int32>?,
  _ rows: Int,
  _ memory: UnsafePointer<BinMemory>,
  _ totals: UnsafeMutablePointer<BlockTotals>
) {
  let places = unsafe memory.pointee
  let found = unsafe listPartial(places, rows)
  if found == 0 { return }
  let (side, share) = unsafe (-group.pointee.side, group.pointee.partialShare)
  for index in 0..<found {
    let row = unsafe Int(places.splitRow[index])
    let (size, root) = unsafe (quantity[row], places.rungPrice[row])
    let closed = ((size.magnitude * root) * side) * share
    unsafe places.splitQuantity[index] = size
    unsafe places.splitRoot[index] = root
    unsafe places.splitConstant[index] = constant[row] + closed
    if let weights = unsafe weights { unsafe places.rungWeight[index] = weights[row] }
  }
  // Lanes that fill up the last vector stand for nobody: they have no second root.
  let filled = (found &+ 7) & ~7
  for index in found..<filled {
    unsafe places.splitQuantity[index] = side
    unsafe places.splitRoot[index] = 1
    unsafe places.splitConstant[index] = .infinity
    unsafe places.rungWeight[index] = 0
  }
  unsafe priceRemainders(
    group,
    places.splitQuantity,
    places.splitConstant,
    places.rungPrice + 256,
    filled
  )
  unsafe splitLanes(group, places, filled, totals)
  for index in 0..<found {
    unsafe places.rungSize[Int(places.splitRow[index])] = places.splitSize[index]
  }
  unsafe totals.pointee.extra = Int64(filled)
}

/// Lists the rows that are closed in parts; returns how many.
@inline(__always)
private func listPartial(_ memory: BinMemory, _ rows: Int) -> Int {
  var found = 0
  for place in 0..<rows &>> 3 {
    var bits = unsafe UInt32(memory.isPartial[place])
    while bits != 0 {
      unsafe memory.splitRow[found] =
        Int32(truncatingIfNeeded: place &* 8 &+ bits.trailingZeroBitCount)
      found &+= 1
      bits &= bits &- 1
    }
  }
  return found
}

/// Sizes both rungs of rows whose second roots are known.
@inline(__always)
private func splitLanes(
  _ group: UnsafePointer<IsolatedGroup>,
  _ memory: BinMemory,
  _ filled: Int,
  _ totals: UnsafeMutablePointer<BlockTotals>
) {
  typealias Vector = SIMD8<Double>
  let isLong = unsafe group.pointee.side < 0
  let present = unsafe Vector(repeating: group.pointee.price)
  let none = unsafe Vector(repeating: memory.noPrice)
  let share = unsafe group.pointee.partialShare
  let left = 1 - share
  let million = Vector(repeating: 1e6)
  let zero = Vector(repeating: 0)
  let (mark, bits) = (Vector(repeating: wholeMark), SIMD8<Int64>(repeating: wholeMarkBits))
  var known = unsafe totals.pointee
  var (lowest, highest, most) = (present, present, zero)
  var (sizes, squares) = (zero, zero)
  var index = 0
  while index < filled {
    let next = unsafe lanesLoad(memory.rungPrice + (256 &+ index))
    let root = unsafe lanesLoad(memory.splitRoot + index)
    let size = unsafe lanesMagnitude(lanesLoad(memory.splitQuantity + index))
    let isFurther = isLong ? lanesLess(next, root) : lanesLess(root, next)
    let goesOn =
      isFurther & lanesLess(zero, next) & lanesLess(next, Vector(repeating: .infinity))
    let part = lanesChosen(goesOn, Vector(repeating: share), Vector(repeating: share + left))
    let first = (((size * root) * part) * million) + mark
    let rest = ((size * next) * Vector(repeating: left)) * million
    let second = lanesChosen(goesOn, rest, zero) + mark
    let firstUSD = lanesUSD(first - mark)
    let micro = second - mark
    let usd = lanesUSD(micro)
    let isNothing = ~goesOn | lanesReach(zero, micro)
    let price = lanesChosen(isNothing, present, next)
    lowest = lanesLeast(lowest, price)
    highest = lanesLarger(highest, price)
    most = lanesLarger(most, micro)
    sizes = sizes + micro
    squares = squares + (usd - mark) * (usd - mark)
    unsafe lanesStore(
      lanesChosen(isNothing, none, next),
      memory.rungPrice + (256 &+ index)
    )
    unsafe wholeLanesStorePairs(
      lanesBits(second) &- bits,
      wholeLanesSquare(lanesBits(usd) &- bits),
      memory.rungSize + (256 &+ index)
    )
    unsafe wholeLanesStorePairs(
      lanesBits(first) &- bits,
      wholeLanesSquare(lanesBits(firstUSD) &- bits),
      memory.splitSize + index
    )
    index &+= 8
  }
  let (low, high) = (lanesLowest(lowest), -lanesLowest(-highest))
  let largest = -lanesLowest(-most)
  known.lowest = low < known.lowest ? low : known.lowest
  known.highest = high > known.highest ? high : known.highest
  known.most = largest > known.most ? largest : known.most
  known.sizes = known.sizes + lanesSum(sizes)
  known.squares = known.squares + lanesSum(squares)
  unsafe totals.pointee = known
}

/// Whole USD of micro-USD, `(n + 500000) / 1000000`, with the mark of whole numbers.
@inline(__always)
private func lanesUSD(_ micro: SIMD8<Double>) -> SIMD8<Double> {
  (micro * SIMD8(repeating: 1e-6) + SIMD8(repeating: 4e-7)) + SIMD8(repeating: wholeMark)
}
