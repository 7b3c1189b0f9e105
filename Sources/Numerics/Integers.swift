// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// The double nearest to a 128-bit integer, ties to even.
package func nearestDouble(_ value: UInt128) -> Double {
  let bits = 128 - value.leadingZeroBitCount
  guard bits > 64 else { return Double(UInt64(value)) }
  let excess = bits - 64
  let top = UInt64(truncatingIfNeeded: value >> UInt128(excess))
  let rest = value & ((UInt128(1) << UInt128(excess)) - 1)
  // A sticky last bit keeps the one rounding below right: 64 bits are 11 more than a double has.
  let sticky = rest == 0 ? top : top | 1
  return Double(sign: .plus, exponent: excess, significand: Double(sticky))
}

/// The double nearest to a signed 128-bit integer, ties to even.
package func nearestDouble(_ value: Int128) -> Double {
  value < 0 ? -nearestDouble(value.magnitude) : nearestDouble(value.magnitude)
}

/// The quotient of two integers rounded to the nearest integer, ties to even.
///
/// - Precondition: `divisor` is above 0.
package func roundedQuotient(_ dividend: Int128, by divisor: Int128) -> Int128 {
  var quotient = dividend / divisor
  var remainder = dividend % divisor
  if remainder < 0 {
    quotient -= 1
    remainder += divisor
  }
  let twice = remainder * 2
  if twice > divisor || (twice == divisor && quotient & 1 == 1) { quotient += 1 }
  return quotient
}

/// FNV-1a with 64 bits: the identity of a cell (SEMANTICS B22).
package func fnv1a64(_ bytes: some Sequence<UInt8>) -> UInt64 {
  var hash = FNV1a64()
  let isDone: Void? = bytes.withContiguousStorageIfAvailable {
    (bytes: UnsafeBufferPointer<UInt8>) in
    unsafe hash.add(bytes)
  }
  if isDone == nil { unsafe Array(bytes).withUnsafeBufferPointer { unsafe hash.add($0) } }
  return hash.value
}

/// FNV-1a with 64 bits over bytes that come in pieces.
package struct FNV1a64: Sendable {
  /// The hash of what was added.
  package private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  package init() {}

  /// Adds bytes.
  package mutating func add(_ bytes: UnsafeBufferPointer<UInt8>) {
    var hash = value
    for place in 0..<bytes.count {
      hash ^= unsafe UInt64(bytes[place])
      hash &*= 0x0000_0100_0000_01b3
    }
    value = hash
  }
}

/// The finalising mixer of MurmurHash3: the choice of audited cells (SEMANTICS B22).
package func fmix64(_ value: UInt64) -> UInt64 {
  var k = value
  k ^= k >> 33
  k &*= 0xff51_afd7_ed55_8ccd
  k ^= k >> 33
  k &*= 0xc4ce_b9fe_1a85_ec53
  k ^= k >> 33
  return k
}
