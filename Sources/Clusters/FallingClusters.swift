// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
package import Numerics
package import TextKit

/// The clusters of accounts that fall in a known order, after any number of them has fallen.
///
/// For each bin the cluster of those that still stand is kept by the place of the first of them, so
/// it is found by a search instead of a pass over the book.
package struct FallingClusters: Sendable {
  /// Upper edge of each bin, by rising price.
  package let highs: FixedView<Double>
  /// Bins by rising price.
  private let bins: FixedView<Bin>
  /// Accounts with rungs in a bin, by their place in the order; those of a bin together.
  private let places: FixedView<Int32>
  /// The cluster of each of them and all behind it in the bin.
  private let clusters: FixedView<Cluster>
  /// What the views show.
  private let owners: [any Sendable]

  /// Accounts with rungs in one bin.
  private struct Bin: Sendable {
    var start: Int
    var end: Int
    var first: Int
  }

  /// Makes the table of one asset.
  ///
  /// * `empty`: a builder of the settings and assets.
  /// * `count`: accounts, all of which fall when the price does.
  /// * `add`: adds the rungs of the account at a place.
  /// * `spots`: prices at which clusters are described; no decision depends on them.
  package init(
    _ empty: ClusterBuilder,
    count: Int,
    spots: [Double],
    deviations: [Double],
    add: (_ place: Int, _ builder: inout ClusterBuilder) throws(Failure) -> Void
  ) throws(Failure) {
    var lists: [Int: [(place: Int32, sums: ClusterBuilder.Sums)]] = [:]
    var single = empty
    for place in 0..<count {
      single.clear()
      try add(place, &single)
      for sums in single.sums where single.direction(of: sums.key) == .below {
        lists[sums.key, default: []].append((Int32(place), sums))
      }
    }
    var (bins, places, clusters) = ([Bin](), [Int32](), [Cluster]())
    // Keys of one asset and direction rise with the price.
    for key in lists.keys.sorted() {
      let list = lists[key] ?? []
      var sums = list.map(\.sums)
      for place in sums.indices.dropLast().reversed() { try sums[place].add(sums[place + 1]) }
      let end = places.count + list.count
      bins.append(Bin(start: places.count, end: end, first: Int(list[0].place)))
      places += list.map(\.place)
      clusters += sums.map { empty.cluster($0, spots: spots, deviations: deviations) }
    }
    let columns = (
      FixedColumn(bins.map { clusters[$0.start].high }), FixedColumn(bins), FixedColumn(places),
      FixedColumn(clusters)
    )
    highs = columns.0.view
    self.bins = columns.1.view
    self.places = columns.2.view
    self.clusters = columns.3.view
    owners = [columns.0, columns.1, columns.2, columns.3]
  }

  /// The cluster of a bin after some accounts have fallen, nil where the vault may not deploy.
  ///
  /// * `bin`: its place by price.
  package func cluster(_ bin: Int, fallen: Int) -> Cluster? {
    isDeployable(bin, fallen: fallen) ? clusters[standing(in: bins[bin], fallen: fallen)] : nil
  }

  /// Whether the vault may deploy at a bin after some accounts have fallen.
  package func isDeployable(_ bin: Int, fallen: Int) -> Bool {
    let place = standing(in: bins[bin], fallen: fallen)
    return place < bins[bin].end && clusters[place].isDeployable
  }

  /// The first account of a bin that still stands, the bin's end for none.
  @inline(__always)
  private func standing(in bin: Bin, fallen: Int) -> Int {
    if bin.first >= fallen { return bin.start }
    var (low, high) = (bin.start, bin.end)
    while low < high {
      let middle = (low + high) / 2
      if Int(places[middle]) < fallen { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// How many bins have their upper edge at or below a price.
  package func count(below price: Double) -> Int {
    var (low, high) = (0, highs.count)
    while low < high {
      let middle = (low + high) / 2
      if highs[middle] <= price { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension ClusterBuilder.Sums {
  /// Adds what stands behind in the order.
  fileprivate mutating func add(_ more: ClusterBuilder.Sums) throws(Failure) {
    let sum = variance.addingReportingOverflow(more.variance)
    guard !sum.overflow else {
      throw Failure(.data, "the forced size of a cluster leaves 128 bits; check quantities")
    }
    variance = sum.partialValue
    weighted += more.weighted
    total += more.total
    largest = Swift.max(largest, more.largest)
    positions += more.positions
  }
}
