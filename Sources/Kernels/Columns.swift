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

/// Whether 16 bytes can be read up to the end of a row's field.
@inline(__always)
private func isFar(_ column: TextColumn, _ row: Int) -> Bool {
  unsafe column.starts[row &* Int(column.width) &+ Int(column.field) &+ 1] > 16
}

/// The end of a block of rows that vectors read at once, of all rows where there are none such.
@inline(__always)
private func blockEnd(_ row: Int, _ count: Int) -> Int {
  let size = Int(DECIMAL_ROWS)
  return size > 0 && count &- row >= size ? row &+ size : count
}

/// Reads a number of up to eight digits before and after a point.
///
/// Digits and powers of ten are exact, so the quotient is rounded once (Clinger).
@inline(__always)
private func readNumber(
  _ column: TextColumn,
  _ row: Int,
  nothing: Double,
  _ powers: UnsafePointer<Double>
) -> (value: Double, isOdd: Bool) {
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
  // One comparison for all that is not plain.
  var strange = large(left) | large(right)
  strange |= before &+ after > 0 ? 0 : 1
  strange |= after <= 8 ? 0 : 1
  strange |= unsafe before == rest || column.text[middle] == 0x2E ? 0 : 1
  strange |= mantissa < 0x1p53 ? 0 : 1
  let found = isEmpty ? nothing : Double(bitPattern: value.bitPattern ^ negative)
  return (found, strange != 0 && !isEmpty)
}

/// Reads numbers: eight rows of up to 15 digits at once, others of up to eight digits before and
/// after a point.
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
  var column = unsafe column.pointee
  var (row, oddCount) = (0, 0)
  while row < count {
    let end = blockEnd(row, count)
    let isBlock = DECIMAL_ROWS > 0 && end &- row == Int(DECIMAL_ROWS)
    if isBlock, unsafe isFar(column, row),
      unsafe decimalsRead(&column, Int64(truncatingIfNeeded: row), nothing, values + row) != 0
    {
      row = end
      continue
    }
    while row < end {
      let (value, isOdd) = unsafe readNumber(column, row, nothing: nothing, powers)
      unsafe values[row] = value
      unsafe odd[oddCount] = Int32(truncatingIfNeeded: row)
      oddCount &+= isOdd ? 1 : 0
      row &+= 1
    }
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
  var column = unsafe column.pointee
  var strange: UInt64 = 0
  var row = 0
  while row < count {
    let end = blockEnd(row, count)
    let isBlock = DECIMAL_ROWS > 0 && end &- row == Int(DECIMAL_ROWS)
    if isBlock, unsafe isFar(column, row),
      unsafe wholesRead(&column, Int64(truncatingIfNeeded: row), values + row) != 0
    {
      row = end
      continue
    }
    while row < end {
      let (start, length) = unsafe field(column, row)
      let before = length < 8 ? length : 8
      let after = length &- before
      let left = unsafe digits(word(column, start), before)
      let right = unsafe digits(word(column, start &+ 8), after)
      let value = unsafe number(left) &* scales[after & 15] &+ number(right)
      strange |= large(left) | large(right) | (after > 8 ? 1 : 0)
      unsafe values[row] = length == 0 ? -1 : Int64(truncatingIfNeeded: value)
      row &+= 1
    }
  }
  return strange == 0
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
