// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Dispatch

/// State that threads use in turn, each for a long time; who waits sleeps.
///
/// A `Mutex` would keep those who wait busy.
package final class TurnTaking<State: ~Copyable>: @unchecked Sendable {
  private let turn = DispatchSemaphore(value: 1)
  private var state: State

  package init(_ state: consuming State) { self.state = state }

  /// Gives the state to one thread at a time.
  package func use<Result>(_ body: (inout State) -> Result) -> Result {
    turn.wait()
    defer { turn.signal() }
    return body(&state)
  }
}
