// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Keeps what would be written, for tests.
package final class OutputCapture: Sendable {
  /// The bytes of both outputs.
  package struct Caught: Sendable {
    /// What would be written to standard output.
    package var output: [UInt8] = []
    /// What would be written to standard error.
    package var diagnostics: [UInt8] = []
  }

  private let state = Mutex(Caught())

  var caught: Caught { state.withLock { $0 } }

  func addOutput(_ bytes: [UInt8]) { state.withLock { $0.output += bytes } }

  func addDiagnostics(_ bytes: [UInt8]) { state.withLock { $0.diagnostics += bytes } }
}

extension Output {
  /// Where the current task's output goes instead of the descriptors; nil outside of tests.
  static let capture = TaskLocal<OutputCapture?>(wrappedValue: nil)

  /// Runs the body and returns its result with what it would have written, for tests.
  package static func catching<Result>(_ body: () -> Result) -> (Result, OutputCapture.Caught) {
    let capture = OutputCapture()
    let result = Output.capture.withValue(capture) { body() }
    return (result, capture.caught)
  }
}
