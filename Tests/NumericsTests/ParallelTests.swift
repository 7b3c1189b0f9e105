// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Numerics
import Synchronization
import Testing
import TextKit

@Suite struct ParallelTests {
  private static let sizes = [0, 1, 7, 8, 9, 1_000, 65_535, 65_536, 65_537]

  @Test(arguments: sizes, [1, 2, 7])
  func `every element is filled once, whatever the threads`(
    _ count: Int,
    _ threads: Int
  ) throws {
    let filled = try Parallel.fill(count: count, chunk: 4_096, with: -1, threads: threads) {
      (chunk: borrowing Parallel.Chunk<Int>) in
      for index in chunk.range { chunk[index] = chunk[index] + 1 + index * index }
    }
    #expect(filled == (0..<count).map { $0 * $0 })
  }

  @Test(arguments: [0, 1, 7, 8, 9, 1_000], [1, 2, 7])
  func `each index is visited exactly once`(_ count: Int, _ threads: Int) throws {
    let visits = Mutex<[Int: Int]>([:])
    try Parallel.forEach(count, threads: threads) { index in
      visits.withLock { $0[index, default: 0] += 1 }
    }
    let seen = visits.withLock { $0 }
    #expect(seen.count == count)
    #expect(seen.allSatisfy { (0..<count).contains($0.key) && $0.value == 1 })
  }

  @Test(arguments: [1, 2, 7])
  func `results come in index order`(_ threads: Int) throws {
    let texts = try Parallel.map(100, threads: threads) { "\($0)" }
    #expect(texts == (0..<100).map { "\($0)" })
  }

  @Test(arguments: [1, 2, 7])
  func `the failure of the lowest index wins`(_ threads: Int) {
    for round in 0..<20 {
      let failing = Set([90, 91, 17 + round, 40, 60])
      #expect(throws: Failure(.data, "item \(17 + round)")) {
        try Parallel.forEach(100, threads: threads) { (index: Int) throws(Failure) in
          if failing.contains(index) { throw Failure(.data, "item \(index)") }
        }
      }
    }
  }

  /// Both items are on their way before either fails (where two threads run at once).
  @Test func `of failures at the same time that of the lower index is thrown`() {
    for _ in 0..<20 {
      let begun = Atomic<Int>(0)
      #expect(throws: Failure(.data, "item 0")) {
        try Parallel.forEach(2, threads: 2) { (index: Int) throws(Failure) in
          begun.add(1, ordering: .sequentiallyConsistent)
          for _ in 0..<1_000_000 where begun.load(ordering: .sequentiallyConsistent) < 2 {
            // A bounded wait: the result is the same without it.
          }
          throw Failure(.data, "item \(index)")
        }
      }
    }
  }

  @Test(arguments: [1, 2, 7])
  func `the failure of the lowest chunk wins`(_ threads: Int) {
    #expect(throws: Failure(.data, "chunk 3")) {
      try Parallel.fill(count: 100, chunk: 10, with: 0, threads: threads) {
        (chunk: borrowing Parallel.Chunk<Int>) throws(Failure) in
        let place = chunk.range.lowerBound / 10
        if place >= 3 { throw Failure(.data, "chunk \(place)") }
      }
    }
  }

  @Test func `a thread that leaves its chunk is stopped`() async {
    await #expect(processExitsWith: .failure) {
      _ = try Parallel.fill(count: 20, chunk: 10, with: 0, threads: 1) {
        (chunk: borrowing Parallel.Chunk<Int>) in
        chunk[chunk.range.upperBound] = 1
      }
    }
  }

  @Test func `no thread count asked for means one for each core`() {
    #expect(Parallel.threads(0) == Parallel.coreCount)
    #expect(Parallel.threads(3) == 3)
    #expect(Parallel.threads(1_000_000) == 1_024)
    #expect(Parallel.coreCount >= 1)
  }
}
