// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Numerics
import Synchronization
import Testing

/// Items that are dealt out in ranges.
@Suite struct WorkRangesTests {
  @Test(arguments: [(0, 1), (1, 3), (7, 3), (100, 7), (5, 0)])
  func everyItemComesOnce(_ count: Int, _ workers: Int) throws {
    let alone = WorkRanges(count, workers: workers)
    var found: [Int] = []
    while let item = alone.next(max(0, workers - 1)) { found.append(item) }
    #expect(found.sorted() == Array(0..<count))
    let ranges = WorkRanges(count, workers: workers)
    let counts = Mutex(Array(repeating: 0, count: count))
    try Parallel.forEach(max(1, workers), threads: 4) { (worker: Int) in
      while let item = ranges.next(worker) { counts.withLock { $0[item] += 1 } }
    }
    #expect(counts.withLock { $0 } == Array(repeating: 1, count: count))
  }

  @Test func ownItemsComeFirst() {
    let ranges = WorkRanges(10, workers: 3)
    #expect((0..<4).map { _ in ranges.next(1) } == [3, 4, 5, 6])
    #expect(ranges.next(2) == 7)
  }

  /// Two workers meet at the end of a range again and again; who comes second leaves it.
  @Test func `the last item of a range goes to one of two workers that want it`() throws {
    let count = 20_000
    let ranges = (0..<count).map { _ in WorkRanges(1, workers: 1) }
    let arrived = Atomic<Int>(0)
    let items = try Parallel.map(2, threads: 2) { (_: Int) -> [Int] in
      // Where two threads run at once they come to each range together; else nothing is lost.
      var patience = 20_000_000
      return ranges.indices.map { round in
        arrived.add(1, ordering: .sequentiallyConsistent)
        while arrived.load(ordering: .sequentiallyConsistent) < 2 * (round + 1), patience > 0 {
          patience -= 1
        }
        return ranges[round].next(0) ?? -1
      }
    }
    let dealt = zip(items[0], items[1]).count { max($0, $1) == 0 && min($0, $1) == -1 }
    #expect(dealt == count)
  }
}
