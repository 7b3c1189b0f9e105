// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
internal import Markets
internal import Numerics
internal import Synchronization
internal import TextKit

/// The forced selling of the falls of one world, worked out where somebody asks for it.
package final class FlowMemory: Sendable {
  private let lanes: AccountLanes
  private let track: OracleTrack
  /// Falls of unprotected and protected accounts, each by step.
  private let falls: [[AccountFall]]
  private let known = Mutex<[Int: ForcedFlow]>([:])

  package init(
    _ lanes: AccountLanes,
    _ track: OracleTrack,
    _ bare: BareFalls,
    _ run: ProtectionRun
  ) {
    self.lanes = lanes
    self.track = track
    falls = [bare.unprotected, run.falls]
  }

  /// What accounts that fall at a step are forced to sell of an asset, micro-USD.
  func amount(asset: Int, at step: Int) throws(Failure) -> Int128 {
    if let flow = known.withLock({ $0[step] }) {
      return flow.amount(asset: asset, direction: .below)
    }
    var flow = ForcedFlow(assetCount: lanes.input.catalogue.assets.count)
    var probe = AccountProbe(lanes, track)
    for list in falls {
      var (low, high) = (0, list.count)
      while low < high {
        let middle = (low + high) / 2
        if Int(list[middle].step) < step { low = middle + 1 } else { high = middle }
      }
      while low < list.count, Int(list[low].step) == step {
        try probe.addFlow(of: list[low], to: &flow)
        low += 1
      }
    }
    known.withLock { $0[step] = flow }
    return flow.amount(asset: asset, direction: .below)
  }
}
