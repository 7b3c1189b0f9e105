// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CZlib

/// The library that inflates `.gz` input.
package enum GzipLibrary {
  /// Its version, for `doctor`.
  package static var version: String { unsafe String(cString: zlibVersion()) }
}
