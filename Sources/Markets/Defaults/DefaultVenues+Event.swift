// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

extension DefaultVenues {
  /// Event collateral: one market of our own.
  static let event = #"""
    # Loans against event collateral (shares that pay 0 or 1), marked at price - confidence and sold
    # in auctions. No venue publishes such numbers.
    # Source: seed 4, "liquidation auctions", for the rule. The number: unverified: choice, 2026-11.
    [venues.event]
    kind = "event"
    liquidates_at_equality = false        # seed 4: "when a health factor falls below 1"; verified
    close_factor = 1.0                    # choice: a lot is the whole position
    liquidation = "auction"

    [venues.event.assets]
    EVT = { liquidation_threshold = 0.80 }  # unverified: choice, 2026-11
    USDC = {}                               # borrowed only
    """#
}
