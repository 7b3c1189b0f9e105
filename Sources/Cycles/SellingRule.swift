// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Numerics
internal import Settings

/// How a lot finds its price: the incentive designs of seed 3 on the same lots, and Maker's clocks.
package struct SellingRule: Sendable, Equatable {
  /// Who gets a lot at what price.
  package enum Mechanism: Int, Sendable {
    /// The first to accept a falling price (seed 4).
    case dutch
    /// The fastest who finds a flat discount enough.
    case fixedFee
    /// The highest of sealed bids, at the price of the second.
    case bidPool
  }

  /// How the price of a Dutch auction falls.
  package enum Clock: Int, Sendable {
    case linear
    case stairstep
  }

  package var mechanism = Mechanism.dutch
  package var fixedFee = 0.05
  package var poolWindowSeconds = 30.0
  package var clock = Clock.linear
  /// Factor of one step of the stairs, and its length.
  package var cut = 0.99
  package var stepSeconds = 90.0
  /// Opening price as a multiple of quantity times conservative mark.
  package var startRatio = 1.0
  /// Whether nobody may pay less than the reserve.
  package var hasFloor = true
  /// Age after which a clock starts anew, and the share of its start below which; infinity and 0
  /// for never.
  package var resetSeconds = Double.infinity
  package var resetShare = 0.0

  package init() {}

  init(_ settings: SettingsView) {
    mechanism = Mechanism(rawValue: Int(settings[.auctionMechanism])) ?? .dutch
    fixedFee = settings[.auctionFixedFee]
    poolWindowSeconds = settings[.auctionPoolWindow]
    clock = Clock(rawValue: Int(settings[.auctionClock])) ?? .linear
    cut = settings[.auctionCut]
    stepSeconds = settings[.auctionStep]
    startRatio = settings[.auctionStartRatio]
    hasFloor = settings[.auctionFloor] == 0
    let reset = settings[.auctionReset]
    resetSeconds = reset > 0 ? reset : .infinity
    resetShare = settings[.auctionResetShare]
  }

  /// Whether a clock may start anew.
  var restarts: Bool {
    mechanism == .dutch && (resetSeconds < .infinity || resetShare > 0)
  }

  /// What the stairs have left of a price after some seconds, `cut^⌊seconds / step⌋`.
  func stairs(at seconds: Double) -> Double {
    ExactMath.power(cut, UInt64(max(0, (seconds / stepSeconds).rounded(.down))))
  }
}
