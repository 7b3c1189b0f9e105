// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Numerics

/// The volatility of one price over a window, from its own steps: a pure state machine.
///
///     v ← w · v + (1 − w) · r² / Δt       r = P / P₋₁ − 1,  w = 2^(−Δt / window)
///     σ = √(v · window)
///
/// v is a variance per second; the window is the half-life too. A step without a new price has
/// r = 0.
package struct TriggerVolatility: Sendable, Equatable {
  private var variance = 0.0
  private var last: (price: Double, time: Int64)?

  package init() {}

  /// Equal when they have seen the same.
  package static func == (a: TriggerVolatility, b: TriggerVolatility) -> Bool {
    a.variance == b.variance && a.last?.price == b.last?.price && a.last?.time == b.last?.time
  }

  /// The state after a price.
  ///
  /// * `windowSeconds`: above 0.
  package func seeing(
    _ price: Double,
    at time: Int64,
    windowSeconds: Double
  ) -> TriggerVolatility {
    var next = self
    next.last = (price, time)
    guard let last, time > last.time else { return next }
    let seconds = Double(time - last.time) / 1000
    let move = price / last.price - 1
    let weight = ExactMath.exp2(-seconds / windowSeconds)
    next.variance = weight * variance + (1 - weight) * ((move * move) / seconds)
    return next
  }

  /// σ over the window, a share of the price.
  package func sigma(windowSeconds: Double) -> Double {
    (variance * windowSeconds).squareRoot()
  }
}

extension ProtectionLimits {
  /// The limits while prices are this volatile: the trigger is at least `multiple · sigma`, and the
  /// safe distance stays as far beyond it as it was.
  package func widened(by sigma: Double, multiple: Double) -> ProtectionLimits {
    let trigger = max(triggerDistance, multiple * sigma)
    guard trigger > triggerDistance else { return self }
    var next = self
    next.safeDistance = trigger + (safeDistance - triggerDistance)
    next.triggerDistance = trigger
    return next
  }

  /// The increment of one action at a distance (seed 1, smart increments).
  ///
  ///     increment · (1 + scale · clamp((trigger − distance) / trigger, 0, 1))
  ///
  /// At a trigger of 0 the whole scale counts. An amount beyond the cap is the cap.
  package func scaled(by scale: Double, at distance: Double) -> ProtectionLimits {
    guard distance < triggerDistance else { return self }
    var next = self
    let depth =
      triggerDistance > 0 ? min(1, (triggerDistance - distance) / triggerDistance) : 1
    let amount = (Double(increment) * (1 + scale * depth)).rounded(.toNearestOrEven)
    next.increment = amount < Double(cap) ? Micro(amount) : max(increment, cap)
    return next
  }
}
