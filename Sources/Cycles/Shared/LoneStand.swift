// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
internal import Markets
internal import Numerics

/// Where an account of one row stands with some deposits, in closed form.
///
/// A conservative mark makes the root move with the price itself: with m = quantity · confidence
/// ratio · weight and K = base + deposited the root is (m·P − K)/slope, so the distance is below t
/// exactly where P·(slope − (1 + t)·m) < −(1 + t)·K. These prices only narrow the search; what is
/// found there is decided by the root itself.
struct LoneStand {
  /// How the row's lines are made.
  private enum Lines {
    case one
    case table([MarginTable.Line])
    case own([RowLine])
  }

  private let lines: Lines
  private let slope: Double
  private let base: Double
  private let ratio: Double
  private let term: AffineBook.Markdown?
  /// m, 0 without a mark-down.
  private let pull: Double
  private var deposited: Micro = 0
  private var fixed = HealthyInterval(slope: 0, constant: 1)
  /// K, for rows with a mark-down.
  private var rest = 0.0

  init(_ book: borrowing AffineBook, row: Int, ratio: Double) {
    self.ratio = ratio
    slope = book.slope[row]
    base = book.base[row]
    let index = Int(book.table[row])
    lines =
      index == 0
      ? .one : index < 0 ? .own(book.ownLines[-index - 1]) : .table(book.margins[index].lines)
    let markdown = Int(book.markdown[row])
    term = markdown >= 0 ? book.markdowns[markdown] : nil
    pull = term.map { ($0.quantity * ratio) * $0.weight } ?? 0
  }

  /// Takes other deposits.
  mutating func stand(with amount: Micro) {
    deposited = amount
    rest = base + usd(amount)
    if term == nil { fixed = interval(constant: rest) }
  }

  @inline(__always)
  private func interval(constant: Double) -> HealthyInterval {
    switch lines {
    case .one: HealthyInterval(slope: slope, constant: constant)
    case .table(let lines): HealthyInterval(slope: slope, constant: constant, lines: lines)
    case .own(let lines): HealthyInterval(lines: lines, constant: constant)
    }
  }

  /// The healthy prices as the oracle's price is now.
  @inline(__always)
  private func interval(at price: Double) -> HealthyInterval {
    guard let term else { return fixed }
    let constant = base - (term.quantity * (ratio * price)) * term.weight
    return interval(constant: constant + usd(deposited))
  }

  func assessment(at price: Double, atEquality: Bool) -> Assessment {
    Assessment(
      interval(at: price),
      price: price,
      isEmpty: false,
      hasDebt: true,
      atEquality: atEquality
    )
  }

  /// Whether the closed form holds: one line that falls with the price.
  private var isClosed: Bool {
    guard case .one = lines else { return false }
    return slope > 0 && pull >= 0 && rest < 0
  }

  /// The price at which the distance is a share, nil where the closed form does not hold.
  private func price(at distance: Double) -> Double? {
    let steep = slope - (1 + distance) * pull
    guard isClosed, steep > 1e-6 * slope else { return nil }
    return -(1 + distance) * rest / steep
  }

  /// The first step from `start` on and before `end` at which the account falls.
  func fall(_ column: PriceColumn, from start: Int, before end: Int, atEquality: Bool) -> Int? {
    guard term != nil else {
      let (low, high) = AccountLanes.trips(fixed, atEquality: atEquality)
      return column.first(outside: low, high, from: start, before: end)
    }
    let low = price(at: 0).map { $0 * (1 + ProtectionWalk.margin) } ?? .infinity
    var step = start
    while let found = column.first(outside: low, .infinity, from: step, before: end) {
      let price = column.values[found]
      if interval(at: price).isViolated(at: price, atEquality: atEquality) { return found }
      step = found + 1
    }
    return nil
  }

  /// Prices at which a poll of the account would do nothing.
  ///
  /// Beyond the trigger nothing is deposited, within the safe distance nothing is withdrawn; what a
  /// machine cannot do any more has no price.
  func quiet(
    _ machine: ProtectionMachine,
    _ limits: ProtectionLimits
  ) -> (low: Double, high: Double) {
    let margin = ProtectionWalk.margin
    let canDeposit =
      machine.deposited >= limits.cap
      ? !machine.wasExhausted : !machine.isPaused && limits.increment > 0
    let canWithdraw = machine.deposited > 0 && limits.canWithdraw && limits.increment > 0
    if term != nil {
      guard let trigger = price(at: limits.triggerDistance),
        let safe = price(at: limits.safeDistance)
      else { return (.infinity, -.infinity) }
      return (
        canDeposit ? trigger * (1 + margin) : -.infinity,
        canWithdraw ? safe * (1 - margin) : .infinity
      )
    }
    if fixed.lower > 0 {
      return (
        canDeposit ? fixed.lower * (1 + limits.triggerDistance) * (1 + margin) : -.infinity,
        canWithdraw ? fixed.lower * (1 + limits.safeDistance) * (1 - margin) : .infinity
      )
    }
    guard fixed.upper > 0, fixed.upper < .infinity else { return (-.infinity, .infinity) }
    return (
      canWithdraw ? fixed.upper * (1 - limits.safeDistance) * (1 + margin) : -.infinity,
      canDeposit ? fixed.upper * (1 - limits.triggerDistance) * (1 - margin) : .infinity
    )
  }
}
