// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

extension DefaultVenues {
  /// Quote currencies, and assets that are priced from others.
  static let assets = #"""
    # Assets of all venues: what is a quote currency, and what moves with another asset.
    # An asset that is not listed here has a price of its own. That is so for MSOL, BSOL, JUPSOL,
    # INF, DSOL and BNSOL too: their exchange rates grow every epoch and no dated source was at
    # hand. Give { priced_from = "SOL", ratio = ... } in a venue file to move them with SOL. Stables
    # other than USDC are not quote currencies: they can leave their peg.
    [assets]
    USD = { quote = true }
    USDC = { quote = true }
    JITOSOL = { priced_from = "SOL", ratio = 1.21 }  # unverified: choice of the design, 2026-11
    """#
}
