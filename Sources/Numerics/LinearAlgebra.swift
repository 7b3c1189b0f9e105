// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import COpenBLAS

/// The linear algebra library, which decides nothing that is written as exact.
package enum LinearAlgebra {
  /// Keeps the library on the caller's thread; our own chunks are the only parallelism.
  ///
  /// The first thing that a program does: where memory is limited it begins anew without the
  /// threads that the library has made already.
  package static func useOneThread() {
    LibraryBuffers.leaveThreads()
    openblas_set_num_threads(1)
  }

  /// Version, build and the kernel chosen for this CPU, for `doctor`.
  package static var libraryDescription: String {
    guard let config = unsafe openblas_get_config() else { return "OpenBLAS" }
    let text = unsafe String(cString: config)
    guard let core = unsafe openblas_get_corename() else { return text }
    return unsafe text + ", kernel " + String(cString: core)
  }

  /// Dot product by the library, for checks of our own sums within a stated bound.
  package static func dot(_ x: [Double], _ y: [Double]) -> Double {
    let count = Int32(min(x.count, y.count))
    return unsafe cblas_ddot(count, x, 1, y, 1)
  }
}
