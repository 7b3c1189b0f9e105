// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Clusters
internal import Synchronization

/// At which steps a vault that is idle finds a cluster to deploy at.
///
/// Of an asset's clusters below spot the one with the highest edge is the nearest; where spot is
/// not within reach of it, it is within reach of none, so one search by halves a step tells.
final class ApproachIndex: Sendable {
  private let timeline: ClusterTimeline
  private let track: OracleTrack
  private let ranks: [Int]
  /// Edges of the candidates of each epoch, by asset, rising.
  private let edges: [[(asset: Int, highs: [Double])]]
  /// By approach: for every step the first one from it on at which a cluster is within reach.
  private let reaches = Mutex<[Double: [Int32]]>([:])

  init(_ timeline: ClusterTimeline, _ track: OracleTrack, ranks: [Int]) {
    self.timeline = timeline
    self.track = track
    self.ranks = ranks
    edges = timeline.epochs.map { epoch in
      var highs: [Int: [Double]] = [:]
      for cluster in epoch.candidates { highs[cluster.asset, default: []].append(cluster.high) }
      return highs.keys.sorted().map { ($0, (highs[$0] ?? []).sorted()) }
    }
  }

  /// The first step from `start` on at which the vault deploys, and where.
  func next(
    from start: Int,
    _ settings: VaultSettings,
    blocked: [VaultMachine.BlockedBin]
  ) -> (step: Int, cluster: Cluster)? {
    let reach = reach(settings.approach)
    var place = 0
    var step = start
    while step < reach.count, reach[step] < Int32.max {
      step = Int(reach[step])
      while place + 1 < timeline.epochs.count, timeline.epochs[place + 1].start <= step {
        place += 1
      }
      let time = track.times[step]
      let found = VaultMachine.choice(
        of: timeline.epochs[place].candidates,
        ranks: ranks,
        approach: settings.approach
      ) {
        track.fresh[$0]?.values[step] ?? .nan
      } isBlocked: { cluster in
        blocked.contains {
          $0.asset == cluster.asset && $0.bin == cluster.bin && $0.holds(at: time, settings)
        }
      }
      if let found { return (step, found) }
      step += 1
    }
    return nil
  }

  private func reach(_ approach: Double) -> [Int32] {
    if let known = reaches.withLock({ $0[approach] }) { return known }
    var reach = Array(repeating: Int32.max, count: track.stepCount)
    var next = Int32.max
    var end = track.stepCount
    for place in timeline.epochs.indices.reversed() {
      let start = min(timeline.epochs[place].start, end)
      var isReachable = Array(repeating: false, count: end - start)
      for (asset, highs) in edges[place] {
        guard let column = track.fresh[asset] else { continue }
        ApproachIndex.mark(&isReachable, from: start, column.values, highs, approach)
      }
      for step in (start..<end).reversed() {
        if isReachable[step - start] { next = Int32(step) }
        reach[step] = next
      }
      end = start
    }
    let made = reach
    reaches.withLock { $0[approach] = made }
    return made
  }

  /// Marks the steps from one on at which spot is within reach of an edge below it.
  ///
  /// Between two edges one comparison tells, and spot seldom leaves them.
  private static func mark(
    _ isReachable: inout [Bool],
    from start: Int,
    _ spots: [Double],
    _ highs: [Double],
    _ approach: Double
  ) {
    // Empty: the first spot looks its edges up.
    var (bottom, top, limit) = (Double.infinity, -Double.infinity, -Double.infinity)
    for place in isReachable.indices {
      let spot = spots[start + place]
      if !(spot >= bottom && spot < top) {
        if spot.isNaN { continue }
        var (low, high) = (0, highs.count)
        while low < high {
          let middle = (low + high) / 2
          if highs[middle] <= spot { low = middle + 1 } else { high = middle }
        }
        bottom = low > 0 ? highs[low - 1] : -.infinity
        top = low < highs.count ? highs[low] : .infinity
        limit = low > 0 ? highs[low - 1] * (1 + approach) : -.infinity
      }
      if spot <= limit { isReachable[place] = true }
    }
  }
}
