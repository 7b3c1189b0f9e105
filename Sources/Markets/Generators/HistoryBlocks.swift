// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Numerics
package import TextKit

/// Changes of a history's prices, drawn again in blocks: what happened together stays together.
///
/// A block is so many rows of the history one after the other, for all assets the same ones; after
/// its last row comes its first. The time between two rows becomes the time between two steps.
package struct HistoryBlocks: Sendable, Equatable {
  /// Row-major changes of ln P, of an event those of ln(P/(1−P)).
  private let changes: [Double]
  private let width: Int
  private let blockSteps: Int

  /// Takes the changes of some assets along a path; a missing price stands at the last one.
  ///
  /// - Throws: a data failure for a missing asset, less than two rows, or an event price outside 0
  ///   to 1.
  package init(
    _ path: PricePath,
    processes: [AssetProcess],
    assets: [Int],
    blockSteps: Int
  ) throws(Failure) {
    let columns = try ShockModel.changes(processes, assets: assets, history: path)
    var changes: [Double] = []
    for row in 0..<(path.stepCount - 1) {
      for column in columns { changes.append(column[row]) }
    }
    self.changes = changes
    (width, self.blockSteps) = (columns.count, blockSteps)
  }

  private var rows: Int { changes.count / width }

  /// The changes of a scenario at a step from 1, one for each asset.
  func changes(step: UInt32, _ draws: Philox) -> ArraySlice<Double> {
    let (block, place) = (Int(step - 1) / blockSteps, Int(step - 1) % blockSteps)
    let start = Int(draws.uniforms(index: UInt32(block + 1), block: 0).0 * Double(rows))
    let row = (min(start, rows - 1) + place) % rows
    return changes[row * width..<(row + 1) * width]
  }
}
