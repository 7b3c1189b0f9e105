// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Clusters

/// What an open position shows at a price, from which follows whether and why it ends.
struct ExitSigns: OptionSet {
  let rawValue: UInt8
  /// Something was filled, and the monitor sees a price.
  static let isFilled = ExitSigns(rawValue: 1)
  static let recovers = ExitSigns(rawValue: 2)
  static let stops = ExitSigns(rawValue: 4)
  /// The stop-loss has held for as long as its crank takes.
  static let isCranked = ExitSigns(rawValue: 8)
  static let isOver = ExitSigns(rawValue: 16)
}

extension Deployment {
  /// The signs of a position at a price that it has moved to or moves to now.
  ///
  /// * `seen`: the price that the monitor decides by, nil for none.
  func exitSigns(
    _ spot: Double,
    time: Int64,
    seen: Double?,
    _ settings: VaultSettings
  ) -> ExitSigns {
    var signs: ExitSigns = []
    if let seen, min(lowest, spot) < cluster.high {
      signs.insert(.isFilled)
      // The monitor knows of a fill as late as of a price.
      let since = filledSince ?? time
      if time - since >= settings.entry.priceAgeMilliseconds,
        seen >= deployPrice * (1 + settings.recoverBPS / 10_000)
      {
        signs.insert(.recovers)
      }
    }
    if spot <= deployPrice * (1 - settings.stopLoss) {
      signs.insert(.stops)
      let since = stopSince ?? time
      if time >= since + settings.crankDelayMilliseconds { signs.insert(.isCranked) }
    }
    if time - deployedAt >= settings.timeoutMilliseconds + settings.crankDelayMilliseconds {
      signs.insert(.isOver)
    }
    return signs
  }
}
