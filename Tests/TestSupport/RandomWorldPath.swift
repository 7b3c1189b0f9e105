// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Clusters
internal import Liquidation
internal import Markets
internal import Numerics
internal import Settings
internal import TextKit

/// Draws paths: random walks with jumps, gaps, flat stretches and prices exactly on thresholds.
struct RandomWorldPath {
  private var random: SplitMix64
  private let catalogue: VenueCatalogue
  private let book: Book
  private let confidenceRatios: [Double]
  /// Assets with a price of their own.
  private let assets: [Int]
  private var settings = Settings()

  // One path.
  private var now: [Double] = []
  /// What the oracle has seen, which lags `now` in gaps.
  private var seen: [Double] = []
  private var start: [Double] = []
  private var affine: AffineBook
  private var thresholds: [[Double]] = []
  private var gapEnd: [Int] = []
  private var flatEnd = 0

  init(
    seed: UInt64,
    _ catalogue: VenueCatalogue,
    _ book: Book,
    spots: [Double],
    confidenceRatios: [Double]
  ) {
    random = SplitMix64(seed: seed)
    self.catalogue = catalogue
    self.book = book
    self.confidenceRatios = confidenceRatios
    assets = spots.indices.filter { !spots[$0].isNaN && !catalogue.assets[$0].isQuote }
    start = spots
    affine = AffineBook(margins: catalogue.margins)
  }

  /// A path of some steps.
  ///
  /// * `settings`: those of a cell, for prices on its thresholds.
  mutating func path(
    _ name: String,
    steps: Int,
    settings: Settings
  ) throws(Failure) -> PricePath {
    self.settings = settings
    now = start
    for asset in assets where random.once(in: 4) { now[asset] *= random.number(0.97, 1.03) }
    seen = now
    var snapshot = PriceSnapshot(catalogue.assets)
    for asset in assets {
      snapshot.set(asset, price: now[asset], confidenceRatio: confidenceRatios[asset])
    }
    affine = try AffineBook(compiling: book, catalogue: catalogue, snapshot: snapshot)
    gatherThresholds(confidences: snapshot.confidences)
    gapEnd = Array(repeating: 0, count: now.count)
    flatEnd = 0
    let columns = assets.shuffled(using: &random)
    let walk = Walk(&random, steps: steps)
    var values: [Double] = []
    for step in 0..<steps {
      if step > 0 { move(step, walk) }
      for asset in columns {
        if step > 0 && gapEnd[asset] <= step && random.number(0, 1) < walk.gapRate {
          gapEnd[asset] = step + (random.once(in: 5) ? random.whole(5, 40) : random.whole(1, 3))
        }
        let isGap = gapEnd[asset] > step
        if !isGap { seen[asset] = now[asset] }
        values.append(isGap ? .nan : now[asset])
      }
    }
    return try PricePath(name: name, times: times(steps), assets: columns, values: values)
  }

  /// How one path moves.
  private struct Walk {
    var deviation: Double
    var drift: Double
    var turn: Int
    var jumpRate: Double
    var gapRate: Double
    var thresholdRate: Double

    init(_ random: inout SplitMix64, steps: Int) {
      let length = Double(steps)
      deviation = random.pick([0.005, 0.02, 0.02, 0.05, 0.1]) / length.squareRoot()
      drift = random.pick([-0.15, -0.08, -0.08, -0.04, -0.02, 0, 0.04]) / length
      turn = random.once(in: 2) ? random.whole(1, steps) : steps
      jumpRate = random.pick([0, 1, 4]) / length
      gapRate = random.pick([0, 0, 0.02, 0.1])
      thresholdRate = random.pick([0, 0.05, 0.2])
    }
  }

  private mutating func move(_ step: Int, _ walk: Walk) {
    if step < flatEnd { return }
    if random.once(in: 40) { flatEnd = step + random.whole(2, 30) }
    // After the turn prices come back, twice as fast.
    let drift = step <= walk.turn ? walk.drift : -2 * walk.drift
    let shared = normal() * walk.deviation
    for asset in assets {
      var price = now[asset] * (1 + drift + 0.6 * shared + 0.8 * normal() * walk.deviation)
      if random.number(0, 1) < walk.jumpRate {
        price *= random.pick([0.97, 0.94, 0.88, 0.7, 1.03, 1.06, 1.15])
      }
      if random.once(in: 2) { price = (price * 1e3).rounded() / 1e3 }
      price = max(price, 0.05 * start[asset])
      if random.number(0, 1) < walk.thresholdRate {
        let near = thresholds[asset].filter { ($0 / price - 1).magnitude < 0.03 }
        if !near.isEmpty { price = beside(random.pick(near)) }
      }
      now[asset] = price
    }
    if random.number(0, 1) < 2 * walk.thresholdRate { meetRoot() }
  }

  /// Puts an asset exactly where an account falls at the present prices of the others.
  private mutating func meetRoot() {
    guard affine.rowCount > 0 else { return }
    let row = random.whole(0, affine.rowCount - 1)
    let asset = Int(affine.asset[row])
    var prices = now
    for other in assets where gapEnd[other] > 0 { prices[other] = seen[other] }
    var confidences = prices
    for other in confidences.indices { confidences[other] *= confidenceRatios[other] }
    let account = book.accounts[Int(affine.account[row])]
    let interval = affine.interval(
      of: row,
      deposited: random.pick([account.protection.deposited, account.protection.cap ?? 0]),
      prices: prices,
      confidences: confidences
    )
    for root in [interval.lower, interval.upper]
    where root.isFinite && (root / now[asset] - 1).magnitude < 0.04 {
      now[asset] = beside(root)
    }
  }

  /// A price, or the double on one of its sides.
  private mutating func beside(_ price: Double) -> Double {
    random.pick([price, price, price.nextUp, price.nextDown])
  }

  /// About normal, of deviation 1.
  private mutating func normal() -> Double {
    (0..<3).reduce(0) { sum, _ in sum + random.number(-1, 1) }
  }

  // MARK: - Thresholds

  private mutating func gatherThresholds(confidences: [Double]) {
    thresholds = Array(repeating: [], count: now.count)
    for row in 0..<affine.rowCount {
      let account = book.accounts[Int(affine.account[row])]
      let terms = account.protection
      var deposits = [terms.deposited]
      if terms.isProtected { deposits += [terms.cap ?? 0, terms.deposited + increment] }
      for deposited in deposits {
        let interval = affine.interval(
          of: row,
          deposited: deposited,
          prices: now,
          confidences: confidences
        )
        let trigger = terms.triggerDistance ?? settings[.protectionTrigger]
        let safe = terms.safeDistance ?? settings[.protectionSafe]
        let asset = Int(affine.asset[row])
        if interval.lower.isFinite && interval.lower > 0 {
          let root = interval.lower
          thresholds[asset] += [root, root * (1 + trigger), root * (1 + safe)] + ofBin(root)
        }
        if interval.upper.isFinite && interval.upper > 0 {
          let root = interval.upper
          thresholds[asset] += [root, root * (1 - trigger), root * (1 - safe)]
        }
      }
    }
  }

  private var increment: Micro { Micro(settings[.protectionIncrement] * 1e6) }

  /// Where the vault would enter, fill and leave at the bin of a root.
  private func ofBin(_ root: Double) -> [Double] {
    let grid = BinGrids.grid(binBPS: settings[.clustersBinBPS])
    guard let bin = grid.bin(of: root), let low = grid.edge(bin), let high = grid.edge(bin + 1)
    else { return [] }
    let deploy = (low * high).squareRoot()
    return [
      low, high, high * (1 + settings[.vaultApproach]),
      deploy * (1 - settings[.vaultStopLoss]),
      deploy * (1 + settings[.vaultRecover] / 10_000),
    ]
  }

  // MARK: - Times

  /// Times that strictly increase: even ones, or mostly 1 to 60 s with a millisecond or hours
  /// between them now and then.
  private mutating func times(_ steps: Int) -> [Int64] {
    var time: Int64 = random.pick([1_750_000_000_000, 1_750_000_012_345, 0, -5_000_123])
    let even: Int64 = random.pick([0, 0, 0, 1_000, 15_000, 60_000, 400])
    let rarity = random.pick([10, 60, 1_000])
    return (0..<steps).map { _ in
      defer {
        if even > 0 {
          time += even
        } else if random.once(in: rarity) {
          time += random.once(in: 2) ? 1 : Int64(random.whole(60_000, 10_000_000))
        } else {
          time += random.pick([1_000, 15_000, 30_000, 60_000, Int64(random.whole(1, 60_000))])
        }
      }
      return time
    }
  }
}
