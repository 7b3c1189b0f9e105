// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// A 64-bit hash of an account's text: its first 16 bytes, all that follow, and its length.
enum Fingerprint {
  /// The hash of a text of at most 16 bytes, given as two numbers that sort as the bytes do.
  @inline(__always)
  static func of(_ high: UInt64, _ low: UInt64, count: Int) -> UInt64 {
    let length = UInt64(truncatingIfNeeded: count)
    let first = high ^ 0x9E37_79B9_7F4A_7C15
    let second = (low &+ length &* 0xD6E8_FEB8_6659_FD93) ^ 0xE703_7ED1_A0B4_28DB
    let product = first.multipliedFullWidth(by: second | 1)
    return mixed(product.high ^ product.low, second)
  }

  @inline(__always)
  private static func mixed(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    let product = (hash ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return product.high ^ product.low ^ hash.byteSwapped
  }

  /// The hash of bytes that lie anywhere.
  static func of(_ start: UnsafePointer<UInt8>, count: Int) -> UInt64 {
    func word(_ place: Int) -> UInt64 {
      if place + 8 <= count {
        return unsafe UInt64(
          bigEndian: UnsafeRawPointer(start + place).loadUnaligned(as: UInt64.self)
        )
      }
      var word: UInt64 = 0
      for offset in 0..<8 {
        let byte = unsafe place + offset < count ? start[place + offset] : 0
        word = word << 8 | UInt64(byte)
      }
      return word
    }
    var hash = of(word(0), word(8), count: count)
    for place in stride(from: 16, to: count, by: 8) { hash = mixed(hash, word(place)) }
    return hash
  }

  /// The hash of an array.
  static func of(_ bytes: [UInt8]) -> UInt64 {
    unsafe bytes.withUnsafeBufferPointer { (text: UnsafeBufferPointer<UInt8>) -> UInt64 in
      guard let start = text.baseAddress else { return of(0, 0, count: 0) }
      return unsafe of(start, count: text.count)
    }
  }
}
