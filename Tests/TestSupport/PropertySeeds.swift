// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// The seeds that a property is tried with.
package enum PropertySeeds {
  /// Whether these are all the seeds, so that what most of them have in common may be counted on.
  package static var areAll: Bool { number("PROPERTY_SEED") == nil && divisor == 1 }

  /// Seeds from 1, or the one that `PROPERTY_SEED` names, to replay it.
  ///
  /// `PROPERTY_DIVISOR=20` takes one in 20 of them, where each takes long.
  package static func first(_ count: UInt64) -> [UInt64] {
    if let seed = number("PROPERTY_SEED") { return [seed] }
    return Array(1...max(1, count / divisor))
  }

  private static var divisor: UInt64 { max(1, number("PROPERTY_DIVISOR") ?? 1) }

  private static func number(_ name: String) -> UInt64? {
    ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
  }
}
