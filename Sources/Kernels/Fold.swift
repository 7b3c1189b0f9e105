// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import CSIMD

/// Prepares a chunk of accounts for a range of prices.
///
/// A row with a margin table whose lowest line is the same at both ends of its asset's range keeps
/// that line between them, because the others are affine; it becomes a term. The others keep the
/// lines that are lowest somewhere. The bound of an account is
///
///     (terms + 16) · 2⁻⁵² · (|constants| + Σ max |slope| · highest price)
///
/// which covers the roundings of the sum in any order, of the lines chosen, and of the roots that
/// decide (at most terms + 8 roundings of relative size 2⁻⁵³ each, doubled).
///
/// * `first`, `count`: the accounts of the chunk.
/// * `lowest`, `highest`: range of prices by asset.
/// * `folded`: memory for the rows and lines of the chunk.
@inline(never)
package func fold(
  _ book: UnsafePointer<CompiledAccounts>,
  first: Int,
  count: Int,
  lowest: UnsafePointer<Double>,
  highest: UnsafePointer<Double>,
  into folded: UnsafeMutablePointer<FoldedAccounts>
) {
  let from = unsafe book.pointee
  unsafe folded.pointee.count = Int32(truncatingIfNeeded: count)
  let to = unsafe folded.pointee
  var place = FoldPlace()
  unsafe to.firstLine[0] = 0
  for index in 0..<count {
    let account = first &+ index
    unsafe to.firstTerm[index] = Int32(truncatingIfNeeded: place.term)
    unsafe to.firstBend[index] = Int32(truncatingIfNeeded: place.bend)
    place.constant = unsafe from.constant[account]
    place.magnitude = unsafe from.magnitude[account]
    var source = unsafe Int(from.firstTerm[account])
    let end = unsafe Int(from.firstTerm[account &+ 1])
    var terms = Double(end &- source) + 16
    while source < end {
      let slope = unsafe from.slope[source]
      let offset = unsafe from.offset[source]
      unsafe to.slope[place.term] = slope
      unsafe to.offset[place.term] = offset
      place.magnitude = unsafe place.magnitude + slope.magnitude * highest[Int(offset) >> 5]
      place.term &+= 1
      source &+= 1
    }
    var tiered = unsafe Int(from.firstTiered[account])
    let lastTiered = unsafe Int(from.firstTiered[account &+ 1])
    terms += Double(lastTiered &- tiered)
    while tiered < lastTiered {
      let asset = unsafe Int(from.tieredOffset[tiered]) >> 5
      unsafe foldTiered(from, tiered, low: lowest[asset], high: highest[asset], to, &place)
      tiered &+= 1
    }
    unsafe to.constant[index] = place.constant
    unsafe to.bound[index] = (terms * 0x1p-52) * place.magnitude
  }
  unsafe to.firstTerm[count] = Int32(truncatingIfNeeded: place.term)
  unsafe to.firstBend[count] = Int32(truncatingIfNeeded: place.bend)
}

/// How far the memory of a chunk is filled, and the sums of the present account.
private struct FoldPlace {
  var term = 0
  var bend = 0
  var line = 0
  var constant = 0.0
  var magnitude = 0.0
}

/// Folds one row with a margin table.
@inline(__always)
private func foldTiered(
  _ from: CompiledAccounts,
  _ tiered: Int,
  low: Double,
  high: Double,
  _ to: FoldedAccounts,
  _ place: inout FoldPlace
) {
  let offset = unsafe from.tieredOffset[tiered]
  let first = unsafe Int(from.firstLine[tiered])
  let end = unsafe Int(from.firstLine[tiered &+ 1])
  // Constants by the index of the line.
  let constants = unsafe from.lineConstant + (Int(from.firstConstant[tiered]) &- first)
  var (atLow, atHigh) = (first, first)
  var (leastLow, leastHigh) = (Double.infinity, Double.infinity)
  var largest = 0.0
  for k in first..<end {
    let slope = unsafe from.lineSlope[k]
    let shift = unsafe constants[k]
    let valueLow = slope * low + shift
    let valueHigh = slope * high + shift
    if valueLow < leastLow { (leastLow, atLow) = (valueLow, k) }
    if valueHigh < leastHigh { (leastHigh, atHigh) = (valueHigh, k) }
    let size = slope.magnitude * high + shift.magnitude
    largest = size > largest ? size : largest
  }
  place.magnitude = place.magnitude + largest
  if atLow == atHigh {
    unsafe to.slope[place.term] = from.lineSlope[atLow]
    unsafe to.offset[place.term] = offset
    place.constant = unsafe place.constant + constants[atLow]
    place.term &+= 1
    return
  }
  // The line that is lowest at one end is above a needed one at the other end.
  let lowLineAtHigh = unsafe from.lineSlope[atLow] * high + constants[atLow]
  let highLineAtLow = unsafe from.lineSlope[atHigh] * low + constants[atHigh]
  for k in first..<end {
    let slope = unsafe from.lineSlope[k]
    let shift = unsafe constants[k]
    let isNeeded = slope * low + shift < highLineAtLow && slope * high + shift < lowLineAtHigh
    guard isNeeded || k == atLow || k == atHigh else { continue }
    unsafe to.lineSlope[place.line] = slope
    unsafe to.lineConstant[place.line] = shift
    place.line &+= 1
  }
  unsafe to.bendOffset[place.bend] = offset
  place.bend &+= 1
  unsafe to.firstLine[place.bend] = Int32(truncatingIfNeeded: place.line)
}
