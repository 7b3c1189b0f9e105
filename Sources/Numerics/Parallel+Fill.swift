// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import TextKit

extension Parallel {
  /// The elements of one chunk, lent to the thread that fills them.
  ///
  /// This is the only place where memory is shared between threads for writing; chunks do not
  /// overlap, and an index outside its chunk is refused.
  @safe
  package struct Chunk<Element>: ~Copyable {
    private let start: UnsafeMutablePointer<Element>
    /// Indices of the whole array that belong to this chunk.
    package let range: Range<Int>

    fileprivate init(_ start: UnsafeMutablePointer<Element>, _ range: Range<Int>) {
      unsafe self.start = start
      self.range = range
    }

    package subscript(index: Int) -> Element {
      @inline(__always) nonmutating set {
        precondition(range.contains(index), "Invariant: a thread writes its own chunk")
        unsafe start[index] = newValue
      }
      @inline(__always) get {
        precondition(range.contains(index), "Invariant: a thread reads its own chunk")
        return unsafe start[index]
      }
    }
  }

  /// Fills an array chunk by chunk on several threads.
  ///
  /// * `count`: elements of the result, all `initial` before `body` runs.
  /// * `chunk`: elements a thread takes at a time; fixed by the caller, never by the threads.
  /// - Throws: the failure of the lowest chunk that failed.
  package static func fill<Element: Sendable>(
    count: Int,
    chunk: Int,
    with initial: Element,
    threads: Int,
    _ body: @Sendable (borrowing Chunk<Element>) throws(Failure) -> Void
  ) throws(Failure) -> [Element] {
    let shared = SharedStorage(count: count, initial: initial)
    try forEach((count + chunk - 1) / chunk, threads: threads) { (index: Int) throws(Failure) in
      try body(
        unsafe Chunk(shared.start, index * chunk..<min(count, (index + 1) * chunk))
      )
    }
    return shared.array()
  }

  /// The results of a function of each index, in index order.
  package static func map<Element: Sendable>(
    _ count: Int,
    threads: Int,
    _ body: @Sendable (Int) throws(Failure) -> Element
  ) throws(Failure) -> [Element] {
    let filled = try fill(count: count, chunk: 1, with: Element?.none, threads: threads) {
      (chunk: borrowing Chunk<Element?>) throws(Failure) in
      chunk[chunk.range.lowerBound] = try body(chunk.range.lowerBound)
    }
    return filled.compactMap { $0 }
  }
}

/// Memory that several threads fill, then read as an array.
@safe
private final class SharedStorage<Element: Sendable>: @unchecked Sendable {
  let start: UnsafeMutablePointer<Element>
  private let count: Int

  init(count: Int, initial: Element) {
    self.count = count
    unsafe start = .allocate(capacity: max(1, count))
    unsafe start.initialize(repeating: initial, count: count)
  }

  func array() -> [Element] { unsafe Array(UnsafeBufferPointer(start: start, count: count)) }

  deinit {
    unsafe start.deinitialize(count: count)
    unsafe start.deallocate()
  }
}
