// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Numerics
internal import Synchronization

/// The bin edges of each width, computed once (SEMANTICS B5): edge k = 1.005^k USD for 50 bps.
package enum BinGrids {
  private static let known = Mutex<[Double: GeometricGrid]>([:])

  /// The grid of `((10,000 + bps) / 10,000)^k`.
  package static func grid(binBPS: Double) -> GeometricGrid {
    if let grid = known.withLock({ $0[binBPS] }) { return grid }
    let made = GeometricGrid(numerator: 10_000 + binBPS, denominator: 10_000)
    known.withLock { $0[binBPS] = made }
    return made
  }
}
