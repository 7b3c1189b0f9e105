// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Numerics

/// How far forced flow has moved the price of one asset (DESIGN 6, "Two modes").
///
///     impact(t) = amount · 2^(−(t − updated)/half_life)           mark = external · exp(−impact)
///     amount   ← impact(t) + flow/density,   updated ← t          at a step with flow
///
/// Positive impact presses the price down. Between flows nothing has to be carried from step to
/// step, so a later time can be asked without those before it.
package struct CascadeImpact: Sendable, Equatable {
  /// Impact at the last step with flow, in logarithms of the price.
  package private(set) var amount = 0.0
  /// Time of that step, ms.
  package private(set) var updatedAt: Int64 = 0

  /// Less than this is none: about a hundredth of a basis point.
  package static let smallest = 0x1p-20

  package init() {}

  /// What is left of an impact after some milliseconds.
  @inline(__always)
  package static func decay(_ elapsed: Int64, halfLifeSeconds: Double) -> Double {
    ExactMath.exp2(-(Double(elapsed) / 1000 / halfLifeSeconds))
  }

  /// The impact at a time that is not before the last flow.
  package func value(at time: Int64, _ settings: CascadeSettings) -> Double {
    if amount == 0 { return 0 }
    let rest = CascadeImpact.decay(time - updatedAt, halfLifeSeconds: settings.halfLifeSeconds)
    return CascadeImpact.noticed(amount * rest)
  }

  /// None where an impact is too small to count.
  @inline(__always)
  package static func noticed(_ impact: Double) -> Double {
    impact.magnitude < smallest ? 0 : impact
  }

  /// What a price is multiplied with.
  @inline(__always)
  package static func factor(_ impact: Double) -> Double {
    impact == 0 ? 1 : ExactMath.exp(-impact)
  }

  /// The state after the forced flow of a step.
  ///
  /// * `flow`: USD sold less USD bought by force; 0 changes nothing.
  /// * `density`: USD a unit of the price's logarithm; 0 gives the largest impact.
  package func step(
    flow: Double,
    density: Double,
    time: Int64,
    _ settings: CascadeSettings
  ) -> CascadeImpact {
    let present = value(at: time, settings)
    return step(flow: flow, onto: present, density: density, time: time, settings)
  }

  /// The same where the impact at that time is known.
  func step(
    flow: Double,
    onto present: Double,
    density: Double,
    time: Int64,
    _ settings: CascadeSettings
  ) -> CascadeImpact {
    let traded = flow * settings.flowShare
    guard traded != 0 else { return self }
    let sum = present + traded / density
    var next = CascadeImpact()
    next.amount = CascadeImpact.noticed(min(max(sum, -settings.maxImpact), settings.maxImpact))
    next.updatedAt = time
    return next
  }

  /// What flow gets for trading against the vault too, USD: half the flow times the difference of
  /// its impacts with the market alone and with both (the mean price of a linear move).
  ///
  /// * `density`: of market and vault together.
  package static func improvement(
    flow: Double,
    density: Double,
    _ settings: CascadeSettings
  ) -> Double {
    let traded = (flow * settings.flowShare).magnitude
    guard traded > 0 else { return 0 }
    let alone = min(traded / settings.marketDensity, settings.maxImpact)
    let both = min(traded / density, settings.maxImpact)
    return traded * 0.5 * (alone - both)
  }
}
