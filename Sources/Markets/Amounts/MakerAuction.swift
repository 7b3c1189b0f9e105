// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Maker's and Sky's collateral auctions, Liquidations 2.0 (venues.md 6.1); amounts in doubles.
package enum MakerAuction {
  /// Whether a vault may be liquidated: `ink · spot < art · rate`, strictly.
  ///
  /// * `spot`: price by liquidation ratio. Source: `dog.sol bark`.
  package static func isUnsafe(ink: Double, spot: Double, art: Double, rate: Double) -> Bool {
    ink * spot < art * rate
  }

  /// The normalised debt that one liquidation auctions.
  ///
  ///     min(art, room / rate / penalty); all when less than `dust` would stay
  ///
  /// * `room`: what the limits leave, USD; `penalty`: 1.13 for 13 %.
  ///
  /// Source: `dog.sol bark`.
  package static func auctionedDebt(
    art: Double,
    room: Double,
    rate: Double,
    penalty: Double,
    dust: Double
  ) -> Double {
    let part = min(art, room / rate / penalty)
    return (art - part) * rate < dust ? art : part
  }

  /// What a purchase leaves behind.
  package struct Purchase: Sendable, Equatable {
    /// What the buyer pays.
    package let owe: Double
    /// What the buyer gets.
    package let slice: Double
    /// What is still to be raised.
    package let tabLeft: Double
    /// What is still for sale.
    package let lotLeft: Double
    /// What the vault's owner gets back: the rest of the lot once nothing is to be raised.
    package let returned: Double
  }

  /// One purchase from a running auction.
  ///
  ///     slice = min(lot, amount), owe = slice · price, at most tab (slice = tab / price then)
  ///     a rest of tab below `chost`: exactly `chost` is left, owe = tab − chost
  ///
  /// * `tab`: to be raised. `lot`: for sale. `amount`: the most that is bought.
  /// * `chost`: least rest, dust times penalty.
  ///
  /// Nil where the contract refuses: no price, or a rest below `chost` when `tab` is not above it.
  /// Source: `clip.sol take`.
  package static func take(
    tab: Double,
    lot: Double,
    amount: Double,
    price: Double,
    chost: Double
  ) -> Purchase? {
    guard price > 0, lot > 0, tab > 0 else { return nil }
    var slice = min(lot, amount)
    var owe = slice * price
    if owe > tab {
      owe = tab
      slice = owe / price
    } else if owe < tab, slice < lot, tab - owe < chost {
      guard tab > chost else { return nil }
      owe = tab - chost
      slice = owe / price
    }
    let (tabLeft, lotLeft) = (tab - owe, lot - slice)
    let isDone = tabLeft == 0 || lotLeft == 0
    return Purchase(
      owe: owe,
      slice: slice,
      tabLeft: tabLeft,
      lotLeft: lotLeft,
      returned: isDone ? lotLeft : 0
    )
  }

  /// Whether an auction must be started anew: `elapsed > tail` or `price / top < cusp`, strictly.
  ///
  /// * `elapsed`, `tail`: seconds. Source: `clip.sol status`.
  package static func needsRedo(
    elapsed: Double,
    tail: Double,
    price: Double,
    top: Double,
    cusp: Double
  ) -> Bool {
    elapsed > tail || price / top < cusp
  }

  /// The price of a linear decrease, `top · (tau − elapsed) / tau`, 0 from `tau` on.
  ///
  /// Source: `abaci.sol LinearDecrease`.
  package static func linearPrice(top: Double, elapsed: Double, tau: Double) -> Double {
    elapsed < tau ? top * (tau - elapsed) / tau : 0
  }

  /// The price at which an auction starts, `feed · buffer / par`.
  ///
  /// * `feed`: of the oracle. `buffer`: 1.1 for 10 % above it. Source: `clip.sol kick`.
  package static func startPrice(feed: Double, buffer: Double, par: Double = 1) -> Double {
    feed * buffer / par
  }

  /// The price of stairs in 10⁻²⁷, `top · cut^⌊elapsed / step⌋`, as the contract rounds it.
  ///
  /// * `cut`: in 10⁻²⁷, at most 1. `step`, `elapsed`: seconds; 1 is the exponential decrease.
  ///
  /// The power by squaring rounds half up, the product down. Nil for a step of 0 or a product that
  /// does not fit. Source: `abaci.sol StairstepExponentialDecrease`, `rpow`, `rmul`.
  package static func stairPrice(
    top: UInt128,
    cut: UInt128,
    step: UInt64,
    elapsed: UInt64
  ) -> UInt128? {
    let ray: UInt128 = 1_000_000_000_000_000_000_000_000_000
    guard step > 0, cut <= ray else { return nil }
    func product(_ a: UInt128, _ b: UInt128, half: UInt128) -> UInt128? {
      let wide = a.multipliedFullWidth(by: b)
      let (low, carry) = wide.low.addingReportingOverflow(half)
      let high = wide.high + (carry ? 1 : 0)
      return high < ray ? ray.dividingFullWidth((high, low)).quotient : nil
    }
    var (power, square, rest) = (ray, cut, elapsed / step)
    while rest > 0 {
      if rest & 1 == 1 {
        guard let next = product(power, square, half: ray / 2) else { return nil }
        power = next
      }
      rest >>= 1
      guard let next = product(square, square, half: ray / 2) else { return nil }
      square = next
    }
    return product(top, power, half: 0)
  }

  /// What a keeper gets for starting an auction, `tip + chip · tab`.
  ///
  /// Source: `clip.sol kick`.
  package static func incentive(tip: Double, chip: Double, tab: Double) -> Double {
    tip + chip * tab
  }

  /// What a keeper gets for starting an auction anew: as at first, while it is worth `chost`.
  ///
  /// 0 unless `tab >= chost` and `lot · feed >= chost`. Source: `clip.sol redo`.
  package static func redoIncentive(
    tip: Double,
    chip: Double,
    tab: Double,
    lot: Double,
    feed: Double,
    chost: Double
  ) -> Double {
    tab >= chost && lot * feed >= chost ? incentive(tip: tip, chip: chip, tab: tab) : 0
  }
}
