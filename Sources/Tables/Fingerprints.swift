// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Many 64-bit fingerprints of one thread, kept in buckets by their top bits.
///
/// What has the same fingerprint is in the same bucket, so repeats are found bucket by bucket.
/// Takes 8 bytes a fingerprint and at most 8 MiB beside.
@safe
package final class Fingerprints: @unchecked Sendable {
  /// Buckets, by the top 10 bits.
  package static let bucketCount = 1 << 10
  /// Fingerprints in one block of a bucket.
  private static let blockSize = 1 << 9

  private var blocks: [UnsafeMutablePointer<UInt64>] = unsafe []
  /// The blocks of each bucket, of which the last is not full.
  private var blocksOfBucket: [[Int32]] = []
  /// Where the next fingerprint of each bucket goes, and how much room is left there.
  private var places: UnsafeMutablePointer<UnsafeMutablePointer<UInt64>?>
  private var rooms: UnsafeMutablePointer<Int32>

  package init() {
    blocksOfBucket = Array(repeating: [], count: Fingerprints.bucketCount)
    unsafe places = .allocate(capacity: Fingerprints.bucketCount)
    unsafe places.initialize(repeating: nil, count: Fingerprints.bucketCount)
    unsafe rooms = .allocate(capacity: Fingerprints.bucketCount)
    unsafe rooms.initialize(repeating: 0, count: Fingerprints.bucketCount)
  }

  deinit {
    for index in unsafe blocks.indices { unsafe blocks[index].deallocate() }
    unsafe places.deallocate()
    unsafe rooms.deallocate()
  }

  /// Adds a fingerprint, whose bits should be well mixed.
  @inline(__always)
  package func add(_ fingerprint: UInt64) {
    let bucket = Int(fingerprint >> 54)
    if unsafe rooms[bucket] == 0 { extend(bucket) }
    unsafe places[bucket]?.pointee = fingerprint
    unsafe places[bucket]? += 1
    unsafe rooms[bucket] -= 1
  }

  private func extend(_ bucket: Int) {
    let block = UnsafeMutablePointer<UInt64>.allocate(capacity: Fingerprints.blockSize)
    unsafe blocksOfBucket[bucket].append(Int32(blocks.count))
    unsafe blocks.append(block)
    unsafe places[bucket] = block
    unsafe rooms[bucket] = Int32(Fingerprints.blockSize)
  }

  /// Adds the fingerprints of a bucket to a list.
  package func append(bucket: Int, to list: inout [UInt64]) {
    for (number, block) in blocksOfBucket[bucket].enumerated() {
      let isLast = number == blocksOfBucket[bucket].count - 1
      let count = Fingerprints.blockSize - (isLast ? Int(unsafe rooms[bucket]) : 0)
      unsafe list.append(
        contentsOf: UnsafeBufferPointer(start: blocks[Int(block)], count: count)
      )
    }
  }

  /// Whether a list holds any number twice.
  package static func hasRepeat(_ list: [UInt64], scratch: inout [UInt64]) -> Bool {
    guard list.count > 1 else { return false }
    var capacity = 64
    while capacity < 2 * list.count { capacity *= 2 }
    if scratch.count < capacity {
      scratch = Array(repeating: 0, count: capacity)
    } else {
      for place in 0..<capacity { scratch[place] = 0 }
    }
    let mask = capacity - 1
    var hasZero = false
    for fingerprint in list {
      if fingerprint == 0 {
        if hasZero { return true }
        hasZero = true
        continue
      }
      var place = Int(truncatingIfNeeded: fingerprint) & mask
      while scratch[place] != 0 {
        if scratch[place] == fingerprint { return true }
        place = (place + 1) & mask
      }
      scratch[place] = fingerprint
    }
    return false
  }
}
