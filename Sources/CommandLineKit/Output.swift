// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization
package import TextKit

/// The two outputs of the program: results, and everything that is said about them.
package enum Output {
  /// Writes bytes of a result to standard output, all of them.
  ///
  /// - Throws: `Failure.closedOutput` when nobody reads any more, which the program takes
  ///   as its end; status 74 when the bytes cannot be written, as on a full disk.
  package static func standard(_ bytes: [UInt8]) throws(Failure) {
    if let capture = capture.get() { return capture.addOutput(bytes) }
    try write(bytes, to: STDOUT_FILENO, named: "standard output")
  }

  /// Writes text of a result to standard output; no line break is added.
  package static func standard(_ text: String) throws(Failure) {
    try standard(Array(text.utf8))
  }

  /// Writes a line to standard error; a line break is added when there is none.
  ///
  /// A progress bar is removed first. Errors are ignored: there is nowhere left to report them.
  package static func diagnostic(_ text: String) {
    let line = text.hasSuffix("\n") ? text : text + "\n"
    let hadBar = barIsShown.exchange(false, ordering: .relaxed)
    raw((hadBar ? Progress.clearLine : "") + line)
  }

  /// Tells whether a bar stands in the last line of the terminal.
  static let barIsShown = Atomic<Bool>(false)

  /// Writes to standard error as it is.
  static func raw(_ text: String) {
    if let capture = capture.get() { return capture.addDiagnostics(Array(text.utf8)) }
    try? write(Array(text.utf8), to: STDERR_FILENO, named: "standard error")
  }

  /// Writes all bytes to a descriptor, however many calls that needs.
  ///
  /// - Throws: `Failure.closedOutput` for a closed pipe, status 74 for other errors.
  package static func write(
    _ bytes: [UInt8],
    to descriptor: Int32,
    named name: String
  ) throws(Failure) {
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[written...])
        return unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
      }
      if count >= 0 {
        written += count
        continue
      }
      switch errno {
      case EINTR: continue
      case EAGAIN:
        // A descriptor that does not block, as some parents leave behind.
        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        unsafe poll(&waiting, 1, -1)
      case EPIPE: throw .closedOutput
      default:
        let reason = unsafe String(cString: strerror(errno))
        throw Failure(.inputOutput, "cannot write to \(name): \(reason)")
      }
    }
  }

  /// Lets a write to a closed pipe, or beyond a limit on files, fail instead of ending the process.
  package static func ignoreBrokenPipes() {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
  }

  /// Fills the places of standard streams that are closed, so that no file which is opened later
  /// is taken for one of them; reading or writing there fails as before.
  static func reserveStreams() {
    for number in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(number, F_GETFD) < 0 {
      _ = unsafe open("/dev/null", number == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }
}
