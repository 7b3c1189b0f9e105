// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CSIMD

/// 1.5 · 2⁵²: added to a magnitude below 2⁵¹ it leaves the nearest whole number, ties to even.
private let wholeMark = 0x1.8p52
private let wholeMarkBits: Int64 = 0x4338_0000_0000_0000

/// Turns the roots of a block into rungs, of size 0 where nothing is at risk.
///
/// Below 2⁵⁰ micro-USD the whole USD `(n + 500000) / 1000000` are exact: `n · 10⁻⁶` is within 3·10⁻⁷,
/// fractions are multiples of 10⁻⁶, and a half is lifted by 4·10⁻⁷ so that it rounds up.
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
  let present = unsafe Vector(repeating: terms.price)
  let (low, high) = unsafe (Vector(repeating: terms.lowest), Vector(repeating: terms.highest))
  let limit = unsafe Vector(repeating: terms.partialAbove)
  let isLong = unsafe terms.side < 0
  let zero = Vector(repeating: 0)
  let million = Vector(repeating: 1e6)
  let mark = Vector(repeating: wholeMark)
  let bits = SIMD8<Int64>(repeating: wholeMarkBits)
  let (share, lift) = (Vector(repeating: 1e-6), Vector(repeating: 4e-7))
  var (lowest, highest, most) = (present, present, zero)
  var (sizes, squares) = (zero, zero)
  var row = 0
  while row < rows {
    let root = unsafe lanesLoad(prices + row)
    let value = unsafe lanesMagnitude(lanesLoad(quantity + row)) * root
    let isOutside = (root .< low) .| (root .> high)
    let below = lanesBelow(root, low)
    let above = lanesBelow(high, root)
    let place = row &>> 3
    unsafe places.isAtRisk[place] = ~(below | above)
    unsafe places.isLiquidatable[place] = isLong ? above : below
    unsafe places.isPartial[place] = lanesBelow(limit, value) & ~(below | above)
    let price = root.replacing(with: present, where: isOutside)
    let marked = (value * million).replacing(with: zero, where: isOutside) + mark
    let micro = marked - mark
    let usd = (micro * share + lift) + mark
    let whole = usd - mark
    lowest = lanesLeast(lowest, price)
    highest = lanesMost(highest, price)
    most = lanesMost(most, micro)
    sizes = sizes + micro
    squares = squares + whole * whole
    unsafe lanesStore(price, places.rungPrice + row)
    unsafe wholeLanesStore(lanesBits(marked) &- bits, places.rungSize + row)
    unsafe wholeLanesStore(lanesBits(usd) &- bits, places.rungWhole + row)
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

/// Splits the rows of a block that are closed in two parts; their second rungs come behind the rows.
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
    unsafe places.splitConstant[index] = constant[row] + closed
    if let weights = unsafe weights { unsafe places.rungWeight[index] = weights[row] }
  }
  // Lanes that fill up the last vector stand for nobody and get no size.
  let filled = (found &+ 7) & ~7
  for index in found..<filled {
    unsafe places.splitQuantity[index] = side
    unsafe places.splitConstant[index] = .infinity
    unsafe places.rungWeight[index] = 0
  }
  let next = unsafe places.rungPrice + 256
  unsafe priceRemainders(group, places.splitQuantity, places.splitConstant, next, filled)
  for index in 0..<filled {
    unsafe splitRow(group, places, index, isReal: index < found, totals)
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

/// Sizes both rungs of a row whose second root is known.
@inline(__always)
private func splitRow(
  _ group: UnsafePointer<IsolatedGroup>,
  _ memory: BinMemory,
  _ index: Int,
  isReal: Bool,
  _ totals: UnsafeMutablePointer<BlockTotals>
) {
  let behind = 256 &+ index
  let next = unsafe memory.rungPrice[behind]
  let size = unsafe memory.splitQuantity[index].magnitude
  let share = unsafe group.pointee.partialShare
  let left = 1 - share
  var second = 0.0
  if isReal {
    let row = unsafe Int(memory.splitRow[index])
    let root = unsafe memory.rungPrice[row]
    let isFurther = unsafe group.pointee.side < 0 ? next < root : next > root
    let goesOn = isFurther && next > 0 && next < .infinity
    let first = wholeNumber((size * root) * (goesOn ? share : share + left) * 1e6)
    second = goesOn ? wholeNumber((size * next) * left * 1e6) : 0
    unsafe memory.rungSize[row] = Int64(truncatingIfNeeded: bits(first))
    unsafe memory.rungWhole[row] = wholeUSD(first)
  }
  let price = unsafe second > 0 ? next : group.pointee.price
  let known = unsafe totals.pointee
  unsafe memory.rungPrice[behind] = price
  unsafe memory.rungSize[behind] = bits(second)
  unsafe memory.rungWhole[behind] = wholeUSD(second)
  unsafe totals.pointee.lowest = price < known.lowest ? price : known.lowest
  unsafe totals.pointee.highest = price > known.highest ? price : known.highest
  unsafe totals.pointee.most = second > known.most ? second : known.most
  unsafe totals.pointee.sizes = known.sizes + second
  unsafe totals.pointee.squares = known.squares + second * second * 1.01e-12 + 1
}

/// The nearest whole number of a magnitude below 2⁵¹; larger ones stay too large for a block.
@inline(__always)
private func wholeNumber(_ value: Double) -> Double { (value + wholeMark) - wholeMark }

/// A whole number below 2⁵¹ as an integer.
@inline(__always)
private func bits(_ value: Double) -> Int64 {
  Int64(bitPattern: (value + wholeMark).bitPattern) &- wholeMarkBits
}

/// `(n + 500000) / 1000000` of micro-USD.
@inline(__always)
private func wholeUSD(_ micro: Double) -> Int64 {
  Int64(bitPattern: ((micro * 1e-6 + 4e-7) + wholeMark).bitPattern) &- wholeMarkBits
}
