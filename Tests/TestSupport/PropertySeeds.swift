// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// The seeds that a property is tried with.
package enum PropertySeeds {
  /// Whether no single seed is being replayed.
  package static var areAll: Bool { ProcessInfo.processInfo.environment["PROPERTY_SEED"] == nil }

  /// Seeds from 1, or the one that `PROPERTY_SEED` names, to replay it.
  package static func first(_ count: UInt64) -> [UInt64] {
    if let text = ProcessInfo.processInfo.environment["PROPERTY_SEED"], let seed = UInt64(text) {
      return [seed]
    }
    return Array(1...count)
  }
}
