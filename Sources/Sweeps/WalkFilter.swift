// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Cycles
internal import Markets
internal import Settings
internal import TextKit

/// Which points of a grid the shared stages cannot compute, for cells that agree on the venue file.
///
/// It is decided once for each combination of the settings that may switch such a mechanism on.
struct WalkFilter: Sendable {
  private let keys: StageKeys
  private let isWalked: [Bool]
  /// Why points are walked, each reason once, sorted; empty when none is.
  let reasons: [String]

  init(_ grid: Grid, _ catalogue: VenueCatalogue) throws(Failure) {
    keys = StageKeys(grid) { axis in
      guard case .setting(let key) = axis.target else { return false }
      return !WorldSettings.sharedKeys.contains(key)
    }
    var isWalked: [Bool] = []
    var reasons: Set<String> = []
    for key in 0..<keys.count {
      let settings = try WorldSettings(grid.settings(of: keys.point(of: key)))
      let own = settings.walkReasons(catalogue)
      isWalked.append(!own.isEmpty)
      reasons.formUnion(own)
    }
    self.isWalked = isWalked
    self.reasons = reasons.sorted()
  }

  /// Whether a point runs in the reference world.
  func contains(_ point: Int) -> Bool { !reasons.isEmpty && isWalked[keys.key(of: point)] }
}

extension SweepEngine {
  /// The filter of the cells of one venue group.
  ///
  /// * `some`: the point of any of them.
  func walks(at some: Int) throws(Failure) -> WalkFilter {
    try WalkFilter(grid, try venues(grid.venueValues(of: some)))
  }
}
