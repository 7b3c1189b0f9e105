// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Numerics

/// What carries prices besides chance.
enum PathCourse: Sendable {
  case none
  case crash(Crash)
  /// A named course over a horizon in seconds, its moves scaled.
  case stress(StressShape, scale: Double, horizonSeconds: Double)
  /// A history's own steps in place of everything else.
  case history(HistoryBlocks, Philox)

  /// Whether a crash is under way, which makes chance wilder.
  func isFalling(at seconds: Double) -> Bool {
    if case .crash(let crash) = self { return crash.isFalling(at: seconds) }
    return false
  }

  /// The logarithm that the course has added by a time, for beta 1.
  func level(at seconds: Double) -> Double {
    switch self {
    case .none, .history: 0
    case .crash(let crash): crash.level(at: seconds)
    case .stress(let shape, let scale, let horizon):
      shape.level(at: horizon > 0 ? seconds / horizon : 1, scale: scale)
    }
  }
}

/// How far the steps of a path are from independent normal numbers; the variance stays 1.
///
///     Student:  z · √((ν − 2) / χ²_ν), one χ² for all assets of a step
///     GARCH:    z · √h,  h ← (1 − α − β) + α · (z · √h)² + β · h, h of each asset 1 at first
enum PathTails: Sendable {
  /// Normal steps, with jumps or without.
  case normal(hasJumps: Bool)
  case student(degrees: Int, Philox)
  case garch(alpha: Double, beta: Double, states: [Double])

  var hasJumps: Bool {
    if case .normal(let hasJumps) = self { return hasJumps }
    return false
  }

  /// Turns the normal numbers of one step into those of the model.
  mutating func stretch(_ numbers: inout [Double], step: UInt32) {
    switch self {
    case .normal: return
    case .student(let degrees, let source):
      var square = 0.0
      for pair in 0..<((degrees + 1) / 2) {
        let draw = source.normals(index: step, block: UInt32(pair) * 16)
        square += draw.0 * draw.0
        if pair * 2 + 1 < degrees { square += draw.1 * draw.1 }
      }
      // No χ² of a draw is 0, but a quotient may not leave the doubles.
      let factor = (Double(degrees - 2) / max(square, 1e-12)).squareRoot()
      for place in numbers.indices { numbers[place] *= factor }
    case .garch(let alpha, let beta, var states):
      for place in numbers.indices {
        numbers[place] *= states[place].squareRoot()
        let square = numbers[place] * numbers[place]
        states[place] = ((1 - alpha - beta) + alpha * square) + beta * states[place]
      }
      self = .garch(alpha: alpha, beta: beta, states: states)
    }
  }
}
