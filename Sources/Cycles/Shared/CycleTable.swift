// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Cycles by their endings: a search is most of what another variant costs, so a few are looked
/// through and many have open addressing.
struct CycleTable {
  private static let few = 6
  private var keys: [UInt64] = []
  private var cycles: [CycleSums] = []
  /// Place of the key of each slot, −1 where it is free; empty for few.
  private var slots: [Int32] = []

  subscript(place: Int) -> CycleSums { cycles[place] }

  /// The slot of a key, or the free one where it belongs.
  private func slot(of key: UInt64) -> Int {
    var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & (slots.count - 1)
    while slots[slot] >= 0 && keys[Int(slots[slot])] != key {
      slot = (slot + 1) & (slots.count - 1)
    }
    return slot
  }

  /// Place of an ending's cycle, −1 for a new one.
  @inline(__always)
  func find(_ key: UInt64) -> Int {
    if slots.isEmpty {
      for place in keys.indices where keys[place] == key { return place }
      return -1
    }
    return Int(slots[slot(of: key)])
  }

  /// Adds a cycle whose ending is new; gives its place.
  mutating func add(_ cycle: CycleSums, as key: UInt64) -> Int {
    let place = keys.count
    keys.append(key)
    cycles.append(cycle)
    if place >= CycleTable.few && 2 * place >= slots.count {
      slots = Array(repeating: -1, count: max(32, 2 * slots.count))
      for known in keys.indices { slots[slot(of: keys[known])] = Int32(known) }
    } else if !slots.isEmpty {
      slots[slot(of: key)] = Int32(place)
    }
    return place
  }
}
