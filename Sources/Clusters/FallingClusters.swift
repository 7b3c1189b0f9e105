// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
package import TextKit

/// The clusters of accounts that fall in a known order, after any number of them has fallen.
///
/// For each bin the cluster of those that still stand is kept by the place of the first of them, so
/// it is found by a search instead of a pass over the book.
package struct FallingClusters: Sendable {
  /// Bins by rising price.
  private var bins: [Bin] = []
  /// Upper edge of each.
  package private(set) var highs: [Double] = []

  /// Accounts with rungs in one bin, by their place in the order.
  private struct Bin: Sendable {
    var places: [Int32]
    /// The cluster of each of them and all behind it, nil where the vault may not deploy.
    var clusters: [Cluster?]
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
    // Keys of one asset and direction rise with the price.
    for key in lists.keys.sorted() {
      let list = lists[key] ?? []
      var sums = list.map(\.sums)
      for place in sums.indices.dropLast().reversed() { try sums[place].add(sums[place + 1]) }
      let clusters = sums.map { empty.cluster($0, spots: spots, deviations: deviations) }
      bins.append(
        Bin(places: list.map(\.place), clusters: clusters.map { $0.isDeployable ? $0 : nil })
      )
      highs.append(clusters[0].high)
    }
  }

  /// The cluster of a bin after some accounts have fallen, nil where the vault may not deploy.
  ///
  /// * `bin`: its place by price.
  package func cluster(_ bin: Int, fallen: Int) -> Cluster? {
    let place = standing(in: bin, fallen: fallen)
    return place < bins[bin].clusters.count ? bins[bin].clusters[place] : nil
  }

  /// Whether `cluster` finds one.
  package func isDeployable(_ bin: Int, fallen: Int) -> Bool {
    let place = standing(in: bin, fallen: fallen)
    return place < bins[bin].clusters.count && bins[bin].clusters[place] != nil
  }

  /// The first account of a bin that still stands.
  @inline(__always)
  private func standing(in bin: Int, fallen: Int) -> Int {
    let places = bins[bin].places
    if Int(places[0]) >= fallen { return 0 }
    var (low, high) = (0, places.count)
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
