// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CSIMD

/// Rows of a block: they and their rungs stay in the first cache.
let blockRows = 256

/// 1.5 · 2⁵²: added to a magnitude below 2⁵¹ it leaves the nearest whole number, ties to even.
private let wholeMark = 0x1.8p52
private let wholeMarkBits: Int64 = 0x4338_0000_0000_0000

/// What is known of a block before anything of it is added.
struct Block {
  /// Second rungs, behind those of the rows.
  var extra = 0
  var lowest: SIMD8<Double>
  var highest: SIMD8<Double>
  var most = SIMD8<Double>(repeating: 0)
  var sizes = SIMD8<Double>(repeating: 0)
  var squares = SIMD8<Double>(repeating: 0)

  @inline(__always)
  init(price: Double) {
    lowest = SIMD8(repeating: price)
    highest = SIMD8(repeating: price)
  }

  /// Writes eight rungs: price, size in micro-USD and in whole USD, `(n + 500000) / 1000000`.
  ///
  /// Below 2⁵⁰ micro-USD the whole USD are exact: `n · 10⁻⁶` is within 3·10⁻⁷, fractions are
  /// multiples of 10⁻⁶, and a half is lifted by 4·10⁻⁷ so that it rounds up.
  @inline(__always)
  mutating func put(
    _ price: SIMD8<Double>,
    _ size: SIMD8<Double>,
    _ memory: BinMemory,
    at place: Int
  ) {
    typealias Vector = SIMD8<Double>
    let mark = Vector(repeating: wholeMark)
    let bits = SIMD8<Int64>(repeating: wholeMarkBits)
    let marked = size + mark
    let micro = marked - mark
    let usd = (micro * Vector(repeating: 1e-6) + Vector(repeating: 4e-7)) + mark
    let whole = usd - mark
    lowest = lanesLeast(lowest, price)
    highest = lanesMost(highest, price)
    most = lanesMost(most, micro)
    sizes = sizes + micro
    squares = squares + whole * whole
    unsafe lanesStore(price, memory.rungPrice + place)
    unsafe wholeLanesStore(lanesBits(marked) &- bits, memory.rungSize + place)
    unsafe wholeLanesStore(lanesBits(usd) &- bits, memory.rungWhole + place)
  }
}

/// Prices the rows of a block and writes a rung for each, of size 0 where nothing is at risk.
///
/// * `rows`: a multiple of 8, at most 256.
/// * `tiers`: at least the group's, known to the compiler.
@inline(__always)
func priceBlock(
  _ group: IsolatedGroup,
  tiers: Int,
  _ quantity: UnsafePointer<Double>,
  _ constant: UnsafePointer<Double>,
  rows: Int,
  _ memory: BinMemory
) -> Block {
  typealias Vector = SIMD8<Double>
  var block = unsafe Block(price: group.price)
  let present = unsafe Vector(repeating: group.price)
  let (low, high) = unsafe (Vector(repeating: group.lowest), Vector(repeating: group.highest))
  let limit = unsafe Vector(repeating: group.partialAbove)
  let million = Vector(repeating: 1e6)
  let zero = Vector(repeating: 0)
  let isLong = unsafe group.side < 0
  var row = 0
  while row < rows {
    let size = unsafe lanesLoad(quantity + row)
    let root = unsafe roots(size, lanesLoad(constant + row), group, tiers: tiers)
    let value = lanesMagnitude(size) * root
    let isOutside = (root .< low) .| (root .> high)
    let below = lanesBelow(root, low)
    let above = lanesBelow(high, root)
    let place = row &>> 3
    unsafe memory.isAtRisk[place] = ~(below | above)
    unsafe memory.isLiquidatable[place] = isLong ? above : below
    unsafe memory.isPartial[place] = lanesBelow(limit, value) & ~(below | above)
    unsafe block.put(
      root.replacing(with: present, where: isOutside),
      (value * million).replacing(with: zero, where: isOutside),
      memory,
      at: row
    )
    row &+= 8
  }
  return block
}

/// Splits the rows of a block that are closed in two parts.
///
///     first   rung of share σ at the root
///     second  rung of share 1 − σ at the root of C + σ·value with every slope · (1 − σ)
///
/// Where the second root does not lie further on, everything is closed at the first.
@inline(__always)
func splitBlock(
  _ block: inout Block,
  _ group: IsolatedGroup,
  _ quantity: UnsafePointer<Double>,
  _ constant: UnsafePointer<Double>,
  _ weights: UnsafePointer<Int32>?,
  rows: Int,
  _ memory: BinMemory
) {
  guard let list = unsafe memory.partialRow else { return }
  var found = 0
  var place = 0
  while place < rows &>> 3 {
    var bits = unsafe UInt32(memory.isPartial[place])
    while bits != 0 {
      unsafe list[found] = Int32(truncatingIfNeeded: place &* 8 &+ bits.trailingZeroBitCount)
      found &+= 1
      bits &= bits &- 1
    }
    place &+= 1
  }
  if found == 0 { return }
  var filled = found
  while filled & 7 != 0 {
    unsafe list[filled] = list[found &- 1]
    filled &+= 1
  }
  var first = 0
  while first < filled {
    unsafe splitLanes(&block, group, quantity, constant, weights, memory, first, found &- first)
    first &+= 8
  }
  block.extra = filled
}

/// Splits eight rows of the list; lanes past `count` repeat a row and get no second rung.
@inline(__always)
private func splitLanes(
  _ block: inout Block,
  _ group: IsolatedGroup,
  _ quantity: UnsafePointer<Double>,
  _ constant: UnsafePointer<Double>,
  _ weights: UnsafePointer<Int32>?,
  _ memory: BinMemory,
  _ first: Int,
  _ count: Int
) {
  typealias Vector = SIMD8<Double>
  var (size, base, root) = (
    Vector(repeating: 1), Vector(repeating: 0), Vector(repeating: 0)
  )
  var isReal = Vector(repeating: 0)
  let list = unsafe memory.partialRow + first
  for lane in 0..<8 {
    let row = unsafe Int(list[lane])
    size[lane] = unsafe quantity[row]
    base[lane] = unsafe constant[row]
    root[lane] = unsafe memory.rungPrice[row]
    isReal[lane] = lane < count ? 1 : 0
    if let weights = unsafe weights {
      unsafe memory.rungWeight[first &+ lane] = weights[row]
    }
  }
  let share = unsafe group.partialShare
  let left = 1 - share
  let million = Vector(repeating: 1e6)
  let value = lanesMagnitude(size) * root
  let closed = unsafe (value * Vector(repeating: -group.side)) * Vector(repeating: share)
  let next = unsafe rootsOfAllTiers(size, base + closed, group, factor: left)
  let isFurther = unsafe group.side < 0 ? next .< root : next .> root
  let goesOn =
    isFurther .& (next .> Vector(repeating: 0)) .& (next .< Vector(repeating: .infinity))
  let parts = Vector(repeating: share + left)
    .replacing(with: Vector(repeating: share), where: goesOn)
  let one = (value * parts) * million
  let rest = ((lanesMagnitude(size) * next) * Vector(repeating: left)) * million
  let two = Vector(repeating: 0).replacing(
    with: rest,
    where: goesOn .& (isReal .> Vector(repeating: 0))
  )
  unsafe block.put(
    Vector(repeating: group.price).replacing(with: next, where: goesOn),
    two,
    memory,
    at: blockRows &+ first
  )
  let mark = Vector(repeating: wholeMark)
  let whole = ((one + mark) - mark)
  let usd =
    ((whole * Vector(repeating: 1e-6) + Vector(repeating: 4e-7)) + mark) - mark
  for lane in 0..<8 {
    let row = unsafe Int(list[lane])
    unsafe memory.rungSize[row] = lanesWhole(whole, lane)
    unsafe memory.rungWhole[row] = lanesWhole(usd, lane)
  }
}

/// A whole number below 2⁵¹ as an integer.
@inline(__always)
private func lanesWhole(_ values: SIMD8<Double>, _ lane: Int) -> Int64 {
  Int64(bitPattern: (values[lane] + wholeMark).bitPattern) &- wholeMarkBits
}
