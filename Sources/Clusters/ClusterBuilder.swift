// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Liquidation
package import Numerics
package import TextKit

/// Sums rungs into price bins, exactly and in any order (SEMANTICS B5 to B8).
///
/// Four sums a bin are all that confidence needs, and all are integers:
///
///     M = Σ S·n      V = Σ S·(65536 − S)·N²      T = Σ n      N = (n + 500000) / 1000000
///
/// so neither threads nor the order of rows can change a digit.
package struct ClusterBuilder {
  struct Sums {
    var key: Int
    var weighted: Int128 = 0
    var variance: Int128 = 0
    var total: Int128 = 0
    var largest: Int64 = 0
    var positions = 0

    /// Adds a rung; false where the variance leaves 128 bits.
    @inline(__always)
    mutating func add(_ size: Int64, weight: Int64, variance more: Int128) -> Bool {
      let sum = variance.addingReportingOverflow(more)
      guard !sum.overflow else { return false }
      variance = sum.partialValue
      let product = weight.multipliedFullWidth(by: size)
      weighted += Int128(product.high) << 64 | Int128(product.low)
      total += Int128(size)
      largest = max(largest, size)
      positions += 1
      return true
    }
  }

  private let settings: ClusterSettings
  private let grid: GeometricGrid
  private let binCount: Int
  private(set) var sums: [Sums] = []
  /// Position in `sums` plus one of each (asset, direction, bin), 0 for none.
  private var slots: [Int32]
  /// The assets that may come or have come, and the place of each asset among them, −1 for none.
  private var assets: [Int]
  private var places: [Int]
  /// Rungs whose price no bin holds (outside 1e-18 to 1e18 USD).
  package private(set) var outsideGrid = 0

  /// Makes an empty builder for some assets.
  package init(settings: ClusterSettings, assets: [Int]) {
    self.settings = settings
    self.assets = assets
    places = Array(repeating: -1, count: (assets.max() ?? -1) + 1)
    for (place, asset) in assets.enumerated() { places[asset] = place }
    grid = BinGrids.grid(binBPS: settings.binBPS)
    binCount = grid.highestIndex - grid.lowestIndex + 1
    slots = Array(repeating: 0, count: assets.count * 2 * binCount)
  }

  /// Makes an empty builder that takes on assets as they come.
  ///
  /// * `assetCount`: one more than the largest index of an asset.
  package init(settings: ClusterSettings, assetCount: Int) {
    self.init(settings: settings, assets: [])
    places = Array(repeating: -1, count: assetCount)
  }

  /// The place of an asset, which is made when it comes for the first time.
  @inline(__always)
  private mutating func place(of asset: Int) -> Int {
    let place = places[asset]
    return place >= 0 ? place : addPlace(of: asset)
  }

  @inline(never)
  private mutating func addPlace(of asset: Int) -> Int {
    places[asset] = assets.count
    assets.append(asset)
    slots += Array(repeating: 0, count: 2 * binCount)
    return assets.count - 1
  }

  /// The probability S of a rung; see `ClusterSettings.weight`.
  func weight(freshness: Double, cross: Double) -> Int64 {
    settings.weight(freshness: freshness, cross: cross)
  }

  /// Adds one rung.
  ///
  /// * `price`: the root, USD.
  /// * `size`: forced size n, micro-USD.
  /// * `weight`: probability S of the rung in 1/65,536.
  /// - Throws: a data failure when a sum leaves 128 bits.
  package mutating func add(
    asset: Int,
    direction: Direction,
    price: Double,
    size: Micro,
    weight: Int64
  ) throws(Failure) {
    guard size > 0 else { return }
    guard let bin = grid.bin(of: price) else {
      outsideGrid += 1
      return
    }
    let slot = slot(of: key(asset, direction, bin - grid.lowestIndex))
    if size < 1 << 50 {
      // The square stays below 2^61, so that no product here can overflow.
      let whole = (size &+ 500_000) / 1_000_000
      let product = (whole &* whole).multipliedFullWidth(by: weight &* (65_536 &- weight))
      let variance = Int128(product.high) << 64 | Int128(product.low)
      guard sums[slot].add(size, weight: weight, variance: variance) else {
        throw ClusterBuilder.overflow
      }
      return
    }
    let whole = Int128((size.addingReportingOverflow(500_000).partialValue) / 1_000_000)
    let spread = Int128(weight * (65_536 - weight))
    let square = whole.multipliedReportingOverflow(by: whole)
    let variance = square.partialValue.multipliedReportingOverflow(by: spread)
    guard size <= .max - 500_000, !square.overflow, !variance.overflow,
      sums[slot].add(size, weight: weight, variance: variance.partialValue)
    else { throw ClusterBuilder.overflow }
  }

  /// Takes the sums of another builder of the same assets and settings.
  ///
  /// - Throws: a data failure when a sum leaves 128 bits.
  package mutating func merge(_ other: ClusterBuilder) throws(Failure) {
    outsideGrid += other.outsideGrid
    for sum in other.sums {
      let asset = other.assets[sum.key / binCount / 2]
      let slot = slot(of: place(of: asset) * 2 * binCount + sum.key % (2 * binCount))
      let variance = sums[slot].variance.addingReportingOverflow(sum.variance)
      guard !variance.overflow else { throw ClusterBuilder.overflow }
      sums[slot].variance = variance.partialValue
      sums[slot].weighted += sum.weighted
      sums[slot].total += sum.total
      sums[slot].largest = max(sums[slot].largest, sum.largest)
      sums[slot].positions += sum.positions
    }
  }

  /// Adds sums that were made elsewhere of one asset, direction and bin.
  ///
  /// * `place`: the bin's index counted from the lowest of the grid.
  mutating func add(
    _ more: BinSums,
    asset: Int,
    direction: Direction,
    place: Int
  ) throws(Failure) {
    let slot = slot(of: key(asset, direction, place))
    let variance = sums[slot].variance.addingReportingOverflow(more.variance)
    guard !variance.overflow else { throw ClusterBuilder.overflow }
    sums[slot].variance = variance.partialValue
    sums[slot].weighted += more.weighted
    sums[slot].total += more.total
    sums[slot].largest = max(sums[slot].largest, more.largest)
    sums[slot].positions += more.positions
  }

  private mutating func key(_ asset: Int, _ direction: Direction, _ bin: Int) -> Int {
    (place(of: asset) * 2 + direction.rank) * binCount + bin
  }

  private mutating func slot(of key: Int) -> Int {
    if slots[key] > 0 { return Int(slots[key]) - 1 }
    sums.append(Sums(key: key))
    slots[key] = Int32(sums.count)
    return sums.count - 1
  }

  private static let overflow = Failure(
    .data,
    "the forced size of a cluster leaves 128 bits; check quantities"
  )

  /// The clusters of all rungs added since the last call, by asset order, direction and price.
  ///
  /// * `order`: rank of each asset in reports.
  /// * `spots`: price of each asset for distance and approach.
  /// * `deviations`: the oracle's standard deviation as a share of the price, 0 when not known.
  package mutating func finish(
    order: [Int],
    spots: [Double],
    deviations: [Double]
  ) -> [Cluster] {
    var clusters: [Cluster] = []
    clusters.reserveCapacity(sums.count)
    for sum in sums { clusters.append(cluster(sum, spots: spots, deviations: deviations)) }
    clear()
    clusters.sort {
      (order[$0.asset], $0.direction.rank, $0.bin) < (order[$1.asset], $1.direction.rank, $1.bin)
    }
    return clusters
  }

  /// Forgets everything that was added.
  package mutating func clear() {
    for sum in sums { slots[sum.key] = 0 }
    sums.removeAll(keepingCapacity: true)
  }

  /// The sums at a key, nil where nothing was added.
  @inline(__always)
  func sums(at key: Int) -> Sums? {
    slots[key] > 0 ? sums[Int(slots[key]) - 1] : nil
  }

  /// Which way the accounts of a key fall.
  func direction(of key: Int) -> Direction { key / binCount % 2 == 0 ? .above : .below }

  func cluster(_ sum: Sums, spots: [Double], deviations: [Double]) -> Cluster {
    let bin = sum.key % binCount + grid.lowestIndex
    let asset = assets[sum.key / binCount / 2]
    let direction: Direction = sum.key / binCount % 2 == 0 ? .above : .below
    // The builder only makes keys of bins inside the table.
    let low = grid.edge(bin) ?? 0
    let high = grid.edge(bin + 1) ?? .infinity
    var overlap = 1.0
    if settings.usesOracle, deviations[asset] > 0 {
      overlap = max(0, 1 - 0.798 * deviations[asset] / ((high - low) / low))
    }
    let total = nearestDouble(sum.total)
    let mean = (nearestDouble(sum.weighted) / 65_536) / 1e6
    let deviation = nearestDouble(sum.variance).squareRoot() / 65_536
    let expected = (mean - settings.sigmas * deviation) / (total / 1e6)
    let confidence = Int((100 * (overlap * min(1, max(0, expected)))).rounded(.down))
    let distance = Cluster.distance(spot: spots[asset], low: low, high: high, direction: direction)
    return Cluster(
      asset: asset,
      direction: direction,
      bin: bin,
      low: low,
      high: high,
      forcedSize: sum.total,
      confidence: confidence,
      isDeployable: sum.total >= Int128(settings.minSize)
        && Double(confidence) >= settings.minConfidence,
      isApproached: distance <= settings.approach,
      positions: sum.positions,
      largestShare: Double(sum.largest) / total,
      distance: distance
    )
  }
}

extension Direction {
  /// Place in reports: `above` before `below`, as the words sort.
  @inline(__always)
  fileprivate var rank: Int {
    switch self {
    case .above: 0
    case .below: 1
    }
  }
}
