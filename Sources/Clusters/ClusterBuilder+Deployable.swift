// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Liquidation
internal import Numerics

extension ClusterBuilder {
  /// The clusters of one direction at which the vault may deploy, without what other builders hold.
  ///
  /// The sums are whole numbers, so that what was added before can be taken away again to the last
  /// micro-USD. `largestShare` of the clusters is that of the larger sums.
  ///
  /// * `removed`: builders of the same settings and assets that hold parts of this one.
  package func deployable(
    _ direction: Direction,
    without removed: [ClusterBuilder],
    spots: [Double],
    deviations: [Double]
  ) -> [Cluster] {
    var clusters: [Cluster] = []
    for whole in sums where self.direction(of: whole.key) == direction {
      var rest = whole
      for part in removed {
        guard let taken = part.sums(at: whole.key) else { continue }
        rest.weighted -= taken.weighted
        rest.variance -= taken.variance
        rest.total -= taken.total
        rest.positions -= taken.positions
      }
      guard rest.positions > 0 else { continue }
      let found = cluster(rest, spots: spots, deviations: deviations)
      if found.isDeployable { clusters.append(found) }
    }
    return clusters
  }
}
