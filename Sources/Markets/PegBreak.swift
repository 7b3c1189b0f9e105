// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import TextKit

/// The break of a peg: how a share's price in units of its underlying falls and comes back.
///
///     factor = 1 − depth · (fallen − recovered · back)
///
/// `fallen` goes straight from 0 to 1 over the fall, `back` over the recovery after it. Source:
/// seed 3, "Inter-Protocol Solvency Checks".
package struct PegBreak: Sendable, Equatable {
  /// Share of the price that is lost at worst.
  package var depth = 0.0
  /// When it begins, and how long fall and recovery take, seconds from the first step.
  package var startSeconds = 0.0
  package var fallSeconds = 300.0
  package var recoverySeconds = 3600.0
  /// Share of the depth that comes back.
  package var recovered = 1.0

  package init() {}

  /// What is left of the peg at a time.
  package func factor(at seconds: Double) -> Double {
    let fallen = min(max((seconds - startSeconds) / fallSeconds, 0), 1)
    let back = min(max((seconds - startSeconds - fallSeconds) / recoverySeconds, 0), 1)
    return 1 - depth * (fallen - recovered * back)
  }
}

extension PricePath {
  /// The same path with a column for every pegged asset that has none.
  ///
  ///     price = (peg · factor) · underlying        peg: the path's own column, else the ratio
  ///
  /// A missing price of the underlying is one of the asset; a missing peg stands at the last one.
  /// - Throws: a data failure for a price that is not above 0.
  package func pegging(in table: AssetTable) throws(Failure) -> PricePath {
    var path = self
    for (asset, entry) in table.assets.enumerated() {
      guard let peg = entry.peg, !assets.contains(asset),
        let column = assets.firstIndex(of: peg.underlying)
      else { continue }
      let own = pegs.first { $0.asset == asset }
      var last = peg.ratio
      var values: [Double] = []
      values.reserveCapacity(path.values.count + times.count)
      for step in times.indices {
        if let own, !own.values[step].isNaN { last = own.values[step] }
        let factor = peg.breaking.factor(at: Double(times[step] - times[0]) / 1000)
        let width = path.assets.count
        values += path.values[step * width..<(step + 1) * width]
        values.append(last * factor * value(step: step, column: column))
      }
      path = try PricePath(
        name: name,
        times: times,
        assets: path.assets + [asset],
        values: values,
        funding: funding
      )
    }
    return path.adding(sources, pegs: pegs)
  }
}
