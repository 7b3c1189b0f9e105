// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Tables

/// The end of a process that cannot go on: no memory is left, a mapped input shrank, or a fault of
/// ours.
///
/// Partial files are removed, one line says what happened, and the status is 70. With
/// `SWIFT_BACKTRACE` in the environment the process ends by the signal, as it would without us.
package enum CrashGuard {
  private static let signals = [SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS, SIGFPE]
  private static let message: StaticString = """
    breakwater: ended early: too little memory, an input that was cut off while it was read, or a\
     fault of ours; nothing was half-written

    """

  /// Takes over the signals of faults, in the whole process.
  package static func install() {
    guard unsafe getenv("SWIFT_BACKTRACE") == nil else { return }
    // Made now: a handler may not.
    _ = message.utf8CodeUnitCount
    for number in signals {
      var action = sigaction()
      unsafe action.__sigaction_handler.sa_handler = { (_: Int32) in CrashGuard.end() }
      action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
      _ = unsafe sigaction(number, &action, nil)
    }
  }

  /// What the handler does: no memory, no locks.
  private static func end() -> Never {
    PartialFiles.removeAll()
    _ = unsafe write(STDERR_FILENO, message.utf8Start, message.utf8CodeUnitCount)
    _exit(70)
  }
}
