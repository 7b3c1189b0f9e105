// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CSodium

/// A homomorphic digest of a set of rows: equal for any order, threads or shards (LtHash).
///
/// Every row is hashed by BLAKE2b-256 and spread by ChaCha20 over 1,024 lanes of 16 bits, which are
/// added lane by lane; the digest is BLAKE2b-256 of the lanes, little end first. A row that occurs
/// twice counts twice. The digest of nothing is that of 2,048 zero bytes.
package struct LatticeDigest: Sendable, Equatable {
  private static let laneCount = 1024
  private var lanes = [UInt16](repeating: 0, count: LatticeDigest.laneCount)
  /// How many rows there are.
  package private(set) var count = 0

  package init() {}

  /// Adds the bytes of a row.
  package mutating func add(_ row: some Collection<UInt8>) {
    let spread = LatticeDigest.spread(Array(row))
    for lane in lanes.indices {
      lanes[lane] &+= UInt16(spread[2 * lane]) | UInt16(spread[2 * lane + 1]) << 8
    }
    count += 1
  }

  /// Adds all rows of another digest.
  package mutating func add(_ other: LatticeDigest) {
    for lane in lanes.indices { lanes[lane] &+= other.lanes[lane] }
    count += other.count
  }

  /// The digest in 64 hex digits.
  package var text: String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(2 * lanes.count)
    for lane in lanes { bytes += [UInt8(truncatingIfNeeded: lane), UInt8(lane >> 8)] }
    return Digest.hex(LatticeDigest.blake2b(bytes))
  }

  private static func blake2b(_ bytes: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    unsafe crypto_generichash(&digest, digest.count, bytes, UInt64(bytes.count), nil, 0)
    return digest
  }

  private static func spread(_ bytes: [UInt8]) -> [UInt8] {
    let nonce = [UInt8](repeating: 0, count: Int(crypto_stream_chacha20_NONCEBYTES))
    var spread = [UInt8](repeating: 0, count: 2 * laneCount)
    unsafe crypto_stream_chacha20(&spread, UInt64(spread.count), nonce, blake2b(bytes))
    return spread
  }
}
