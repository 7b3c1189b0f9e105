// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Items dealt out to workers: each takes those of a range of its own first, then what is left of
/// the others'.
///
/// Neighbouring items go to one worker as long as all are equally fast.
package final class WorkRanges: Sendable {
  private final class Range: Sendable {
    let next: Atomic<Int>
    let end: Int

    init(_ first: Int, _ end: Int) {
      next = Atomic(first)
      self.end = end
    }
  }

  private let ranges: [Range]

  /// Divides so many items into ranges that differ by one at most.
  package init(_ count: Int, workers: Int) {
    let workers = max(1, workers)
    ranges = (0..<workers).map { Range($0 * count / workers, ($0 + 1) * count / workers) }
  }

  /// The next item of a worker, nil when none is left anywhere.
  package func next(_ worker: Int) -> Int? {
    for step in ranges.indices {
      let range = ranges[(worker + step) % ranges.count]
      guard range.next.load(ordering: .relaxed) < range.end else { continue }
      let item = range.next.wrappingAdd(1, ordering: .relaxed).oldValue
      if item < range.end { return item }
    }
    return nil
  }
}
