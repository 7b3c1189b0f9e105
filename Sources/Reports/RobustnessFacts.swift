// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Sweeps
internal import Numerics
internal import TextKit

/// What the manifest and the terminal say of the robustness of a sweep's cells.
package struct RobustnessFacts: Sendable {
  /// A cell with its numbers.
  private struct Pick: Sendable {
    let id: String
    let entry: Robustness.Entry

    var json: JSONValue {
      .object([
        ("cell_id", .text(id)),
        ("vault_pnl_usd", .number(nearestDouble(entry.pnl) / 1e6)),
        ("plateau_usd", .number(nearestDouble(entry.plateau) / 1e6)),
      ])
    }
  }

  private let best: Pick
  private let bestPlateau: Pick
  private let rankStability: Double?

  /// Picks the cells; nil of no cells.
  ///
  /// * `id`: gives the id of a cell.
  package init?(_ robustness: Robustness, id: (Int) -> String) {
    guard robustness.count > 0 else { return nil }
    best = Pick(id: id(robustness.best), entry: robustness[robustness.best])
    bestPlateau = Pick(id: id(robustness.bestPlateau), entry: robustness[robustness.bestPlateau])
    rankStability = robustness.rankStability
  }

  var json: JSONValue {
    .object([
      ("best_cell", best.json), ("best_plateau", bestPlateau.json),
      ("rank_stability", rankStability.map(JSONValue.number) ?? .null),
    ])
  }

  /// One line for people: how far the best cell falls, which cell falls least, and whether the
  /// halves of the scenarios agree.
  package var line: String {
    var line = "Robustness: plateau " + Self.whole(best.entry.plateau) + " at the best cell"
    if bestPlateau.id == best.id {
      line += ", the highest of all"
    } else {
      line += ", " + Self.whole(bestPlateau.entry.plateau) + " at \(bestPlateau.id) (P&L "
      line += Self.whole(bestPlateau.entry.pnl) + ")"
    }
    if let rankStability {
      let rounded = (rankStability * 1000).rounded() / 1000
      line += "; rank stability " + NumberText.shortest(rounded)
    }
    return line
  }

  /// Whole USD with separators.
  private static func whole(_ micro: Int128) -> String {
    NumberText.grouped(Int(clamping: micro / 1_000_000))
  }
}
