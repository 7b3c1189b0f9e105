// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import Synchronization
package import TextKit

/// An output whose parts are made by several threads and written in their order.
///
/// Each part has a number from 0; every number must come. Parts that come early wait, at most a
/// fixed number of them.
package final class OrderedOutput: Sendable {
  private struct State: ~Copyable, @unchecked Sendable {
    var file: OutputFile
    var next = 0
    var waiting: [Int: [UInt8]] = [:]
    var failure: Failure?
  }

  private let state: Mutex<State>
  private let room: DispatchSemaphore

  /// Writes to an open file.
  ///
  /// * `limit`: parts that may be under way at once, at least the number of threads.
  package init(_ file: consuming OutputFile, limit: Int) {
    state = Mutex(State(file: file))
    room = DispatchSemaphore(value: max(1, limit))
  }

  /// Waits until another part may be begun; each call needs a `put` or a `skip`.
  package func begin() { room.wait() }

  /// Undoes `begin()` where there are no more parts.
  package func skip() { room.signal() }

  /// Lets everyone go on who waits, after a part that will never come.
  package func abandon() {
    for _ in 0..<4096 { room.signal() }
  }

  /// Hands over a part.
  ///
  /// - Throws: the first failure of writing, again at every later call.
  package func put(_ number: Int, _ text: RowText) throws(Failure) {
    try state.withLock { (state: inout State) throws(Failure) in
      if let failure = state.failure {
        room.signal()
        throw failure
      }
      guard number == state.next else {
        state.waiting[number] = text.copy
        return
      }
      room.signal()
      do throws(Failure) {
        try unsafe state.file.write(UnsafeRawBufferPointer(text.bytes))
        state.next += 1
        while let bytes = state.waiting.removeValue(forKey: state.next) {
          room.signal()
          try state.file.write(bytes)
          state.next += 1
        }
      } catch {
        state.failure = error
        throw error
      }
    }
  }

  /// The first failure of writing.
  package var failure: Failure? { state.withLock { $0.failure } }

  /// Writes what comes before all parts.
  package func write(_ bytes: [UInt8]) throws(Failure) {
    try state.withLock { (state: inout State) throws(Failure) in try state.file.write(bytes) }
  }

  /// Makes the output complete.
  package func commit() throws(Failure) {
    try state.withLock { (state: inout State) throws(Failure) in try state.file.commit() }
  }
}
