// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import TextKit

/// The fall and the recovery of the crash model; each scenario draws evenly from the ranges.
///
/// Times are shares of the horizon. Every default is a choice of ours.
package struct CrashShape: Sendable, Equatable {
  /// When the fall begins, ratio of the horizon.
  package var onset = 0.1...0.4
  /// How long it takes, ratio of the horizon.
  package var fall = 0.08...0.3
  /// How far the drift carries the logarithm of a price of beta 1, ratio.
  package var depth = 0.02...0.1
  /// How long the recovery takes, ratio of the horizon; calm after it.
  package var recovery = 0.1...0.3
  /// Share of the depth that comes back, ratio.
  package var recovered = 0.4...1.0
  /// Volatility during the fall, multiple.
  package var volatilityMultiple = 3.0
  /// Jumps during the fall, multiple; never more than one a step.
  package var jumpMultiple = 60.0

  package init() {}

  /// Checks every range.
  ///
  /// - Throws: a data failure with name, value and what was expected.
  func validate() throws(Failure) {
    let ranges = [
      ("onset", onset, 0...1), ("fall", fall, 0.001...1), ("depth", depth, -2...2),
      ("recovery", recovery, 0.001...1), ("recovered", recovered, -10...10),
      ("volatility_multiple", volatilityMultiple...volatilityMultiple, 0...1000),
      ("jump_multiple", jumpMultiple...jumpMultiple, 0...1e6),
    ]
    for (name, value, allowed) in ranges
    where value.lowerBound < allowed.lowerBound || value.upperBound > allowed.upperBound {
      throw Failure(
        .data,
        "generated paths: crash \(name): found \(value.lowerBound) to \(value.upperBound),"
          + " expected from \(allowed.lowerBound) to \(allowed.upperBound)"
      )
    }
  }
}

/// One crash as a scenario drew it.
struct Crash: Sendable, Equatable {
  let onsetSeconds: Double
  let fallSeconds: Double
  let recoverySeconds: Double
  let depth: Double
  let recovered: Double

  init(_ shape: CrashShape, horizonSeconds: Double, draws: inout Draws) {
    onsetSeconds = draws.uniform(in: shape.onset) * horizonSeconds
    fallSeconds = draws.uniform(in: shape.fall) * horizonSeconds
    depth = draws.uniform(in: shape.depth)
    recoverySeconds = draws.uniform(in: shape.recovery) * horizonSeconds
    recovered = draws.uniform(in: shape.recovered)
  }

  /// Whether prices are falling at a time.
  func isFalling(at seconds: Double) -> Bool {
    seconds > onsetSeconds && seconds <= onsetSeconds + fallSeconds
  }

  /// The logarithm that the drift has added by a time, for beta 1.
  func level(at seconds: Double) -> Double {
    let fallen = min(max((seconds - onsetSeconds) / fallSeconds, 0), 1)
    let back = min(max((seconds - onsetSeconds - fallSeconds) / recoverySeconds, 0), 1)
    return depth * (recovered * back - fallen)
  }
}
