// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Markets
package import Numerics

/// Solves accounts of one perp straight from the rows of a book, with no account in memory.
///
/// For accounts whose venue says all in `LonePerpTerms`. The arithmetic is that of `AffineBook`,
/// `HealthyInterval`, `Assessment` and `LadderSolver` for the same account, step by step.
package struct LonePerps: Sendable {
  /// What one venue's perp of one asset obeys.
  private struct Market {
    /// Underlying asset, −1 where the account needs the whole rule.
    var underlying: Int32 = -1
    var tripsAtEquality = false
    /// Units of the underlying for one of the asset.
    var ratio = 1.0
    var rate = 0.0
    /// Lines of the margin table, none for a rate.
    var lines = 0..<0
    var split = PerpSplit(aboveUSD: .infinity, firstShare: 1)
    /// Size up to which everything is closed at once, USD.
    var wholeUpToUSD = Double.infinity
    var closeFactor = 1.0
    var penalty = 0.0
  }

  private var markets: [Market]
  private var lines: [MarginTable.Line] = []
  /// Assets of the catalogue; market = venue · assets + asset.
  package let assetCount: Int
  private let prices: [Double]

  /// Reads the terms of all venues.
  package init(_ catalogue: VenueCatalogue, _ snapshot: PriceSnapshot) {
    let assets = catalogue.assets
    assetCount = assets.count
    prices = snapshot.prices
    markets = Array(repeating: Market(), count: catalogue.venues.count * assets.count)
    for (number, venue) in catalogue.venues.enumerated() {
      for asset in 0..<assets.count where !assets[asset].isQuote {
        guard let terms = venue.rule.lonePerp(of: asset) else { continue }
        var market = Market()
        market.underlying = Int32(truncatingIfNeeded: assets[asset].underlying)
        market.tripsAtEquality = venue.liquidatesAtEquality
        market.ratio = assets[asset].underlying == asset ? 1 : assets[asset].ratio
        market.rate = terms.rate
        if terms.table > 0 {
          let table = catalogue.margins[terms.table].lines
          market.lines = lines.count..<lines.count + table.count
          lines += table
        }
        market.split = terms.split
        market.closeFactor = venue.rule.readsCloseFactor ? 1 : venue.closeFactor
        market.wholeUpToUSD = venue.closeFactor < 1 ? 0 : venue.rule.wholeUpToUSD
        market.penalty = venue.penalties[asset] ?? venue.penalty
        markets[number * assets.count + asset] = market
      }
    }
  }

  /// The terms of a market's longs or shorts for the kernels, nil where they do not fit.
  ///
  /// * `market`: a venue's perp of an asset, `venue · assetCount + asset`.
  package func isolatedTerms(market index: Int, isLong: Bool) -> IsolatedTerms? {
    let market = markets[index]
    guard market.underlying == Int32(truncatingIfNeeded: index % assetCount), market.ratio == 1,
      market.closeFactor >= 1, market.wholeUpToUSD == market.split.aboveUSD
    else { return nil }
    return IsolatedTerms(
      lines: market.lines.isEmpty
        ? [MarginTable.Line(rate: market.rate, deduction: 0)] : Array(lines[market.lines]),
      isLong: isLong,
      price: prices[Int(market.underlying)],
      atEquality: market.tripsAtEquality,
      split: market.split
    )
  }

  /// A perp with the account's constant.
  package struct Position: Sendable {
    fileprivate var market: Int
    /// Signed size, units of the asset itself.
    fileprivate var quantity: Double
    fileprivate var slope: Double
    /// The lines of the margin table, none for one line.
    fileprivate var lines: Range<Int>
    /// `(−quantity · entry + collateral) + deposited`, USD.
    fileprivate var constant: Double
    /// Underlying asset.
    package var asset: Int
    /// How it stands toward the present price.
    package var assessment: Assessment
    /// Size that is forced to trade, units of the underlying.
    package var size: Double
  }

  /// Whether an account of this row alone can be solved here.
  @inline(__always)
  package func takes(_ row: LegRecord) -> Bool {
    row.kind == .perp && takes(venue: Int(row.venue), asset: Int(row.asset))
  }

  /// Whether an account of one perp of a venue can be solved here.
  package func takes(venue: Int, asset: Int) -> Bool {
    markets[venue * assetCount + asset].underlying >= 0
  }

  /// By venue · assets + asset: whether its perps can be solved here.
  package var takesMarket: [Bool] { markets.map { $0.underlying >= 0 } }

  /// The terms by which kernels solve rows of a venue's perp, nil where they cannot.
  package func terms(venue: Int, asset: Int, isLong: Bool) -> IsolatedTerms? {
    let market = markets[venue * assetCount + asset]
    guard market.underlying == asset, market.ratio == 1, market.closeFactor >= 1,
      market.wholeUpToUSD == market.split.aboveUSD
    else { return nil }
    return IsolatedTerms(
      lines: market.lines.isEmpty
        ? [MarginTable.Line(rate: market.rate, deduction: 0)] : Array(lines[market.lines]),
      isLong: isLong,
      price: prices[asset],
      atEquality: market.tripsAtEquality,
      split: market.split
    )
  }

  /// Solves the account of a row.
  ///
  /// * `deposited`: protection in the account, micro-USD.
  @inline(__always)
  package func position(_ row: LegRecord, deposited: Micro) -> Position {
    let index = Int(row.venue) * assetCount + Int(row.asset)
    let market = markets[index]
    let units = row.quantity * market.ratio
    let fixed = -row.quantity * row.entryPrice
    let constant = (row.collateralUSD + fixed) + usd(deposited)
    let hasOwnRate = !row.maxLeverage.isNaN
    let isTabled = !hasOwnRate && !market.lines.isEmpty
    let interval: HealthyInterval
    let slope: Double
    if isTabled {
      slope = row.quantity * market.ratio
      interval = HealthyInterval(
        slope: slope,
        constant: constant,
        some: market.lines,
        of: lines.span
      )
    } else {
      let rate = hasOwnRate ? 1 / (2 * row.maxLeverage) : market.rate
      slope = (row.quantity - row.quantity.magnitude * rate) * market.ratio
      interval = HealthyInterval(slope: slope, constant: constant)
    }
    let asset = Int(market.underlying)
    return Position(
      market: index,
      quantity: row.quantity,
      slope: slope,
      lines: isTabled ? market.lines : 0..<0,
      constant: constant,
      asset: asset,
      assessment: Assessment(
        interval,
        price: prices[asset],
        isEmpty: row.quantity == 0,
        hasDebt: row.quantity != 0,
        atEquality: market.tripsAtEquality
      ),
      size: units.magnitude
    )
  }

  /// Whether the whole position goes at its root at once, and what that costs as a share of it.
  @inline(__always)
  package func wholePenalty(of position: borrowing Position, root: Double) -> Double? {
    let market = markets[position.market]
    return position.size * root <= market.wholeUpToUSD ? market.penalty : nil
  }

  /// The rungs of a position that has a root.
  ///
  /// * `isDeep`: the venue looks at the present price, where the account is liquidatable already,
  ///   not at the root.
  package func rungs(of position: borrowing Position, isDeep: Bool = false) -> [Rung] {
    guard let root = position.assessment.price, let direction = position.assessment.direction
    else { return [] }
    if let penalty = wholePenalty(of: position, root: root) {
      return [Rung(share: 1, price: root, penalty: penalty)]
    }
    return ladder(
      position,
      root: root,
      direction: direction,
      place: isDeep ? prices[position.asset] : root
    )
  }

  /// The same loop as `LadderSolver`, for one leg.
  private func ladder(
    _ position: borrowing Position,
    root: Double,
    direction: Direction,
    place first: Double
  ) -> [Rung] {
    let market = markets[position.market]
    var left = 1.0
    var constant = position.constant
    var own = lines(of: position)
    var place = first
    var value = position.quantity.magnitude * (market.ratio * place)
    var rungs: [Rung] = []
    var price = root
    while true {
      let isFirst = rungs.isEmpty && value > market.split.aboveUSD && market.split.firstShare < 1
      let share = isFirst ? market.split.firstShare : market.closeFactor
      let penalty = isFirst ? 0 : market.penalty
      if (!isFirst && share >= 1) || rungs.count == LadderSolver.mostRungs - 1 {
        rungs.append(Rung(share: left, price: price, penalty: penalty))
        return rungs
      }
      rungs.append(Rung(share: left * share, price: price, penalty: penalty))
      let closed = (position.quantity < 0 ? -value : value) * share
      constant = constant + closed - closed.magnitude * penalty
      value *= 1 - share
      for line in own.indices { own[line].slope *= 1 - share }
      left = left * (1 - share)
      let interval = HealthyInterval(lines: own, constant: constant)
      let next = direction == .below ? interval.lower : interval.upper
      guard next.isFinite, next > 0, direction == .below ? next < price : next > price else {
        rungs[rungs.count - 1].share += left
        return rungs
      }
      price = next
      value *= next / place
      place = next
    }
  }

  private func lines(of position: borrowing Position) -> [RowLine] {
    if position.lines.isEmpty { return [RowLine(slope: position.slope, constant: 0)] }
    let slope = position.slope
    return lines[position.lines].map {
      RowLine(slope: slope - slope.magnitude * $0.rate, constant: $0.deduction)
    }
  }
}
