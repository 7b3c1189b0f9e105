// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What is known about the place a descriptor writes to.
package struct Terminal: Sendable, Equatable {
  /// Whether a person may be looking.
  package var isTerminal: Bool
  /// Columns of a line; 80 when unknown.
  package var width: Int
  /// Whether colours may be used: on a terminal, unless `NO_COLOR` is set or it is a dumb one.
  package var allowsColour: Bool
  /// Whether a line may be drawn again: on a terminal that is not dumb, outside of CI.
  package var allowsRedrawing: Bool

  /// Finds out about standard output.
  package static func standardOutput() -> Terminal {
    Terminal(descriptor: STDOUT_FILENO, environment: variable(named:))
  }

  /// Finds out about standard error.
  package static func standardError() -> Terminal {
    Terminal(descriptor: STDERR_FILENO, environment: variable(named:))
  }

  /// Derives the facts from what the system says.
  ///
  /// - Parameters:
  ///   - isTerminal: whether the descriptor is a terminal.
  ///   - columns: what the terminal says about its width; 0 when it says nothing.
  ///   - environment: the variables `TERM`, `NO_COLOR` and `CI`.
  package init(isTerminal: Bool, columns: Int, environment: (String) -> String?) {
    let isDumb = environment("TERM") == "dumb"
    let noColour = !(environment("NO_COLOR") ?? "").isEmpty
    let isUnattended = !(environment("CI") ?? "").isEmpty
    self.isTerminal = isTerminal
    width = columns > 0 ? columns : 80
    allowsColour = isTerminal && !isDumb && !noColour
    allowsRedrawing = isTerminal && !isDumb && !isUnattended
  }

  /// The width that tables have to fit; nil where lines may be of any length.
  package var tableWidth: Int? { isTerminal ? width : nil }

  /// The width for running text, which nobody wants to read across a wide screen.
  var textWidth: Int { isTerminal ? min(max(width, 30), 100) : 80 }

  private init(descriptor: Int32, environment: (String) -> String?) {
    let columns = Terminal.columns(of: descriptor)
    self.init(isTerminal: isatty(descriptor) == 1, columns: columns, environment: environment)
  }

  /// The width of a terminal now; 0 when it is unknown.
  static func columns(of descriptor: Int32) -> Int {
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 else { return 0 }
    return Int(size.ws_col)
  }

  /// A variable of the process's environment.
  static func variable(named name: String) -> String? {
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }
}
