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

  /// Hands over a part.
  ///
  /// - Throws: the first failure of writing, again at every later call.
  package func put(_ number: Int, _ bytes: [UInt8]) throws(Failure) {
    try state.withLock { (state: inout State) throws(Failure) in
      if let failure = state.failure {
        room.signal()
        throw failure
      }
      guard number == state.next else {
        state.waiting[number] = bytes
        return
      }
      var part: [UInt8]? = bytes
      while let bytes = part {
        room.signal()
        do throws(Failure) {
          try state.file.write(bytes)
        } catch {
          state.failure = error
          throw error
        }
        state.next += 1
        part = state.waiting.removeValue(forKey: state.next)
      }
    }
  }

  /// Makes the output complete.
  package func commit() throws(Failure) {
    try state.withLock { (state: inout State) throws(Failure) in try state.file.commit() }
  }
}
