// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Synchronization

/// SIGINT and SIGTERM while work is done that may be gone on with later.
///
/// The first one is noted, so that what is at hand can be finished; the next one ends the process
/// at once, as it would without us.
enum Interruption {
  /// The number of the signal, 0 while there was none.
  private static let received = Atomic<Int32>(0)
  private static let message: StaticString =
    "\nbreakwater: finishing what is at hand; once more ends at once\n"

  /// Whether a signal came.
  static var isRequested: Bool { received.load(ordering: .relaxed) != 0 }

  /// Runs some work with the signals noted; those that are ignored stay so.
  static func whileWatching<Result, Problem>(
    _ work: () throws(Problem) -> Result
  ) throws(Problem) -> Result {
    // Made before a signal can come: its handler may not.
    _ = message.utf8CodeUnitCount
    received.store(0, ordering: .sequentiallyConsistent)
    var before: [(number: Int32, action: sigaction)] = []
    for number in [SIGINT, SIGTERM] {
      var present = sigaction()
      guard unsafe sigaction(number, nil, &present) == 0, !isIgnored(present) else {
        continue
      }
      before.append((number, present))
      var action = sigaction()
      unsafe action.__sigaction_handler.sa_handler = { (number: Int32) in
        Interruption.note(number)
      }
      action.sa_flags = SA_RESTART
      _ = unsafe sigaction(number, &action, nil)
    }
    defer {
      if !isRequested {
        for (number, action) in before {
          var action = action
          _ = unsafe sigaction(number, &action, nil)
        }
      }
    }
    return try work()
  }

  /// Ends the process by the signal that came, so that its parent sees it: status 130 or 143.
  static func end() -> Never {
    let number = received.load(ordering: .relaxed)
    _ = signal(number, SIG_DFL)
    _ = raise(number)
    // The first process of a container does not end by its own signal.
    exit(128 + number)
  }

  /// What the handler does: no memory, no locks.
  private static func note(_ number: Int32) {
    received.store(number, ordering: .relaxed)
    _ = signal(SIGINT, SIG_DFL)
    _ = signal(SIGTERM, SIG_DFL)
    _ = unsafe write(STDERR_FILENO, message.utf8Start, message.utf8CodeUnitCount)
  }

  private static func isIgnored(_ action: sigaction) -> Bool {
    // SIG_IGN is the address 1.
    let handler = unsafe action.__sigaction_handler.sa_handler
    return handler.map { unsafe unsafeBitCast($0, to: UInt.self) } == 1
  }
}
