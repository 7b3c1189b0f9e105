// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import COpenBLAS
internal import Synchronization
package import TextKit

/// The linear algebra library, which decides nothing that is written as exact.
///
/// It is loaded when it is first used. Every function throws `.internalError` where it cannot be.
package enum LinearAlgebra {
  /// Keeps the library on the caller's thread; our own chunks are the only parallelism.
  ///
  /// To be called before there is another thread.
  package static func useOneThread() { copenblas_use_one_thread() }

  /// Version, build and the kernel chosen for this CPU, for `doctor`; or why it cannot be used.
  package static var libraryDescription: String {
    do throws(Failure) {
      try load()
    } catch {
      return error.message
    }
    guard let config = unsafe copenblas_config() else { return "OpenBLAS" }
    let text = unsafe String(cString: config)
    guard let core = unsafe copenblas_core() else { return text }
    return unsafe text + ", kernel " + String(cString: core)
  }

  /// Dot product by the library, for checks of our own sums within a stated bound.
  package static func dot(_ x: [Double], _ y: [Double]) throws(Failure) -> Double {
    try load()
    let count = Int32(min(x.count, y.count))
    return unsafe copenblas_dot(count, x, y)
  }

  private static let loading = Mutex(())

  /// Makes sure that the library is there.
  static func load() throws(Failure) {
    let message = loading.withLock { _ in
      unsafe copenblas_load().map { unsafe String(cString: $0) }
    }
    if let message { throw Failure(.internalError, "OpenBLAS cannot be used: \(message)") }
  }
}
