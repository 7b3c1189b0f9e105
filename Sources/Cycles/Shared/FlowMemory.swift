// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
internal import Markets
internal import Numerics
internal import Synchronization
internal import TextKit

/// The forced flow of some falls, worked out where somebody asks for it.
package final class FlowMemory: Sendable {
  private let lanes: AccountLanes
  private let track: OracleTrack
  /// By step.
  private let falls: [AccountFall]
  /// Whether anybody falls, by step.
  private let hasFalls: [Bool]
  /// Flow that other worlds have as well.
  private let shared: FlowMemory?
  private let known = Mutex<[Int: ForcedFlow]>([:])

  /// The flow of accounts that nobody protects: the same for every protection.
  package init(_ lanes: AccountLanes, _ track: OracleTrack, _ bare: BareFalls) {
    self.lanes = lanes
    self.track = track
    falls = bare.unprotected
    hasFalls = FlowMemory.steps(of: falls, track.stepCount)
    shared = nil
  }

  /// The flow of one world.
  package init(_ shared: FlowMemory, _ run: ProtectionRun) {
    lanes = shared.lanes
    track = shared.track
    falls = run.falls
    hasFalls = FlowMemory.steps(of: falls, track.stepCount)
    self.shared = shared
  }

  private static func steps(of falls: [AccountFall], _ count: Int) -> [Bool] {
    var steps = Array(repeating: false, count: count)
    for fall in falls { steps[Int(fall.step)] = true }
    return steps
  }

  /// What accounts that fall at a step are forced to sell of an asset, micro-USD.
  func amount(asset: Int, at step: Int) throws(Failure) -> Int128 {
    let own = try flow(at: step)?.amount(asset: asset, direction: .below) ?? 0
    return own + (try shared?.amount(asset: asset, at: step) ?? 0)
  }

  /// The flow of a step, nil for none.
  private func flow(at step: Int) throws(Failure) -> ForcedFlow? {
    guard hasFalls[step] else { return nil }
    var (low, high) = (0, falls.count)
    while low < high {
      let middle = (low + high) / 2
      if Int(falls[middle].step) < step { low = middle + 1 } else { high = middle }
    }
    guard low < falls.count, Int(falls[low].step) == step else { return nil }
    if let flow = known.withLock({ $0[step] }) { return flow }
    var flow = ForcedFlow(assetCount: lanes.input.catalogue.assets.count)
    var probe = AccountProbe(lanes, track)
    while low < falls.count, Int(falls[low].step) == step {
      try probe.addFlow(of: falls[low], to: &flow)
      low += 1
    }
    let made = flow
    known.withLock { $0[step] = made }
    return flow
  }
}
