// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import CSIMD

/// Where the field of a row begins, and its bytes.
@inline(__always)
private func field(_ column: TextColumn, _ row: Int) -> (start: Int, count: Int) {
  let place = unsafe row &* Int(column.width) &+ Int(column.field)
  let start = unsafe Int(column.starts[place] &+ 1)
  return unsafe (start, Int(column.starts[place &+ 1]) &- start &- Int(column.returns))
}

/// Eight bytes of the text, the first one lowest.
@inline(__always)
private func word(_ column: TextColumn, _ place: Int) -> UInt64 {
  unsafe UInt64(
    littleEndian: UnsafeRawPointer(column.text + place).loadUnaligned(as: UInt64.self)
  )
}

/// The lowest bytes of a word, 0 to 8.
@inline(__always)
private func lowest(_ word: UInt64, _ bytes: Int) -> UInt64 {
  let shift = UInt64(truncatingIfNeeded: 64 &- 8 &* bytes)
  return bytes == 0 ? 0 : word & (UInt64.max &>> shift)
}

/// The values of the lowest bytes of a word of digits, 0 to 8, with zeros before them.
@inline(__always)
private func digits(_ word: UInt64, _ bytes: Int) -> UInt64 {
  let shift = UInt64(truncatingIfNeeded: 64 &- 8 &* bytes)
  return bytes == 0 ? 0 : (word ^ 0x3030_3030_3030_3030) &<< shift
}

/// Top bits where a byte is above 9.
@inline(__always)
private func large(_ values: UInt64) -> UInt64 {
  ((values &+ 0x7676_7676_7676_7676) | values) & 0x8080_8080_8080_8080
}

/// Eight values from 0 to 9, the first one in the lowest byte, as a number.
@inline(__always)
private func number(_ values: UInt64) -> UInt64 {
  var value = (values &* 2561) >> 8
  value = ((value & 0x00FF_00FF_00FF_00FF) &* 6_553_601) >> 16
  return ((value & 0x0000_FFFF_0000_FFFF) &* 42_949_672_960_001) >> 32
}

/// How many bytes stand before the first point of a word, 8 where there is none.
@inline(__always)
private func bytesBeforePoint(_ word: UInt64) -> Int {
  let other = word ^ 0x2E2E_2E2E_2E2E_2E2E
  let marks = (other &- 0x0101_0101_0101_0101) & ~other & 0x8080_8080_8080_8080
  return marks.trailingZeroBitCount &>> 3
}

/// Top bits where a byte is at most 44, as all that ends a field is.
@inline(__always)
private func small(_ word: UInt64) -> UInt64 {
  let large = (word | 0x8080_8080_8080_8080) &- 0x2D2D_2D2D_2D2D_2D2D
  return ~(large | word) & 0x8080_8080_8080_8080
}

/// Reads numbers of up to eight digits before and after a point.
///
/// Digits and powers of ten are exact, so the quotient is rounded once (Clinger).
///
/// * `nothing`: the value of an empty field.
/// * `powers`: 10⁰ to 10⁸ and zeros up to 16.
/// * `odd`: gets the rows with any other text; room for `count` and one more.
/// - Returns: the number of odd rows.
@inline(never)
package func readNumbers(
  _ column: UnsafePointer<TextColumn>,
  values: UnsafeMutablePointer<Double>,
  count: Int,
  nothing: Double,
  powers: UnsafePointer<Double>,
  odd: UnsafeMutablePointer<Int32>
) -> Int {
  let column = unsafe column.pointee
  var oddCount = 0
  for row in 0..<count {
    let (start, length) = unsafe field(column, row)
    let first = unsafe word(column, start)
    let sign = first & 0xFF == 0x2D ? 1 : 0
    let whole = unsafe word(column, start &+ sign)
    let rest = length &- sign
    let point = bytesBeforePoint(whole)
    let before = point < rest ? point : rest
    let places = rest &- before &- 1
    let after = places > 0 ? places : 0
    let middle = start &+ sign &+ before
    let left = digits(whole, before)
    let right = unsafe digits(word(column, middle &+ 1), after)
    let scale = unsafe powers[after & 15]
    let mantissa =
      Double(Int64(truncatingIfNeeded: number(left))) * scale
      + Double(Int64(truncatingIfNeeded: number(right)))
    let value = mantissa / scale
    let negative = UInt64(truncatingIfNeeded: sign) &<< 63
    let isEmpty = length == 0
    unsafe values[row] = isEmpty ? nothing : Double(bitPattern: value.bitPattern ^ negative)
    // One comparison for all that is not plain.
    var strange = large(left) | large(right)
    strange |= before &+ after > 0 ? 0 : 1
    strange |= after <= 8 ? 0 : 1
    strange |= unsafe before == rest || column.text[middle] == 0x2E ? 0 : 1
    strange |= mantissa < 0x1p53 ? 0 : 1
    unsafe odd[oddCount] = Int32(truncatingIfNeeded: row)
    oddCount &+= strange != 0 && !isEmpty ? 1 : 0
  }
  return oddCount
}

/// Reads whole numbers of up to 16 digits, −1 for none.
///
/// * `scales`: 10⁰ to 10⁸ and zeros up to 16.
/// - Returns: false where any is of another form.
@inline(never)
package func readWholes(
  _ column: UnsafePointer<TextColumn>,
  values: UnsafeMutablePointer<Int64>,
  count: Int,
  scales: UnsafePointer<UInt64>
) -> Bool {
  let column = unsafe column.pointee
  var strange: UInt64 = 0
  for row in 0..<count {
    let (start, length) = unsafe field(column, row)
    let before = length < 8 ? length : 8
    let after = length &- before
    let left = unsafe digits(word(column, start), before)
    let right = unsafe digits(word(column, start &+ 8), after)
    let value = unsafe number(left) &* scales[after & 15] &+ number(right)
    strange |= large(left) | large(right) | (after > 8 ? 1 : 0)
    unsafe values[row] = length == 0 ? -1 : Int64(truncatingIfNeeded: value)
  }
  return strange == 0
}

/// Looks up words of up to 15 bytes.
///
/// * `entries`: a table of `mask + 1` places, addressed as `wordPlace` does, not full.
/// * `empty`: the number of an empty field.
/// - Returns: a number below 0 where any word is unknown.
@inline(never)
package func readWords(
  _ column: UnsafePointer<TextColumn>,
  entries: UnsafePointer<WordEntry>,
  mask: Int,
  empty: Int32,
  values: UnsafeMutablePointer<Int32>,
  count: Int
) -> Int32 {
  let column = unsafe column.pointee
  var worst: Int32 = 0
  for row in 0..<count {
    let (start, length) = unsafe field(column, row)
    let more = length < 8 ? 0 : length &- 8
    let low = unsafe lowest(word(column, start), length < 8 ? length : 8)
    let high = unsafe lowest(word(column, start &+ 8), more < 8 ? more : 8)
    var place = wordPlace(low, high) & mask
    var found: Int32
    while true {
      found = unsafe Int32(truncatingIfNeeded: entries[place].index)
      let differs = unsafe (entries[place].low ^ low) | (entries[place].high ^ high)
      if differs == 0 || found < 0 { break }
      place = (place &+ 1) & mask
    }
    found = length == 0 ? empty : found
    unsafe values[row] = found
    worst |= found | Int32(truncatingIfNeeded: 15 &- length)
  }
  return worst
}

/// Where the search for a word begins.
@inline(__always)
private func wordPlace(_ low: UInt64, _ high: UInt64) -> Int {
  Int(truncatingIfNeeded: ((low ^ (high &* 31)) &* 0x9E37_79B9_7F4A_7C15) >> 40)
}

/// Reads 0 and 1, empty fields as 0.
///
/// - Returns: false where any is of another form.
@inline(never)
package func readFlags(
  _ column: UnsafePointer<TextColumn>,
  values: UnsafeMutablePointer<UInt8>,
  count: Int
) -> Bool {
  let column = unsafe column.pointee
  var strange: UInt8 = 0
  for row in 0..<count {
    let (start, length) = unsafe field(column, row)
    let digit = unsafe column.text[start] ^ 0x30
    let value = length == 0 ? 0 : digit
    unsafe values[row] = value
    strange |= value &>> 1 | (length > 1 ? 1 : 0)
  }
  return strange == 0
}

/// Reads where texts begin, their lengths and their first 16 bytes.
///
/// * `highs`, `lows`: the bytes as two numbers that sort as they do, zeros after them.
/// - Returns: false where any of these bytes is small, as spaces and all that ends a field are.
@inline(never)
package func readTexts(
  _ column: UnsafePointer<TextColumn>,
  offsets: UnsafeMutablePointer<Int32>,
  lengths: UnsafeMutablePointer<Int32>,
  highs: UnsafeMutablePointer<UInt64>,
  lows: UnsafeMutablePointer<UInt64>,
  count: Int
) -> Bool {
  let column = unsafe column.pointee
  var strange: UInt64 = 0
  for row in 0..<count {
    let (start, length) = unsafe field(column, row)
    let (first, second) = unsafe (word(column, start), word(column, start &+ 8))
    let bytes = length < 8 ? length : 8
    let more = length < 16 ? length &- bytes : 8
    unsafe offsets[row] = Int32(truncatingIfNeeded: start)
    unsafe lengths[row] = Int32(truncatingIfNeeded: length)
    unsafe highs[row] = lowest(first, bytes).byteSwapped
    unsafe lows[row] = lowest(second, more).byteSwapped
    strange |= lowest(small(first), bytes) | lowest(small(second), more)
  }
  return strange == 0
}
