// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Cycles

/// A digest of the event rows of each category, so that two runs can be compared by eye.
package struct EventDigests: Sendable {
  private var digests = EventCategory.allCases.map { _ in LatticeDigest() }

  /// Adds the bytes of a row.
  mutating func add(_ row: some Collection<UInt8>, to category: EventCategory) {
    guard let place = EventCategory.allCases.firstIndex(of: category) else { return }
    digests[place].add(row)
  }

  /// Categories that have rows, in their order: name, rows, digest.
  package var list: [(name: String, rows: Int, digest: String)] {
    zip(EventCategory.allCases, digests).compactMap { category, digest in
      digest.count > 0 ? (category.rawValue, digest.count, digest.text) : nil
    }
  }
}
