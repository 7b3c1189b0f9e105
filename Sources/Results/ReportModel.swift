// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Reports
internal import Tables
package import TextKit

/// All that a report shows of a folder of results, read once for the page and the workbook.
package struct ReportModel: Sendable {
  /// How goals are named where they come from.
  package typealias Wish = (isMaximised: Bool, metrics: [String])

  package let folder: String
  package let manifest: Manifest
  package let cells: CellColumns
  package let goals: [Goal]
  package let chosen: ChosenCells
  /// Of the first goal, for each pair of swept settings.
  package let heatMaps: [HeatMap]
  /// By goal.
  package let sensitivities: [Sensitivity]
  /// Rows of the Pareto front, best first.
  package let frontier: [Int]
  package let cycles: CycleRows?
  package let lots: LotRows?
  package let confidence: ConfidenceCheck?
  package let scene: ReportScene?
  /// What could not be shown and why.
  package private(set) var notes: [String] = []

  /// Metrics that the page speaks of besides the goals, where they are there.
  package static let shown = [
    "vault_pnl_usd", "vault_return", "vault_cycles", "vault_recovers", "vault_stop_losses",
    "vault_timeouts", "vault_gap_loss_usd", "vault_max_drawdown_usd",
    "protection_prevented_liquidations", "protection_saved_usd", "protection_peak_committed_usd",
    "auction_accepted_share", "auction_recovery_ratio", "auction_bad_debt_usd",
    "system_liquidated_usd", "system_bad_debt_usd", "system_value_at_risk_usd",
    "system_expected_shortfall_usd",
  ]
  private static let mostHeatMaps = 15
  /// The results that are read.
  private static let tables: Set<String> = [
    "sweep.csv", "frontier.csv", "cycles.csv", "auctions.csv", "liquidations.csv",
  ]

  /// Refuses results that are not those of the sweep any more.
  private static func checkUnchanged(
    _ manifest: Manifest,
    _ place: (String) -> String
  ) throws(Failure) {
    for file in manifest.outputs where tables.contains(file.name) {
      let path = place(file.name)
      guard Journal.exists(path) else { continue }
      // One that cannot be read says so itself.
      let found = try Manifest.File(input: path)
      if found.bytes == file.bytes && found.sha256 == file.sha256 { continue }
      throw Failure(
        .data,
        "\(path): found other bytes than the sweep wrote (manifest.json has their"
          + " SHA-256), expected the same; put the file back or run the sweep again"
      )
    }
  }

  /// Reads a folder.
  ///
  /// * `wishes`: what cells are judged by, the first one first.
  /// * `top`: how many of the best cells are ranked.
  /// * `scene`: what is known of the inputs; nil when they are not there.
  package init(
    folder: String,
    wishes: [Wish],
    top: Int,
    scene: ReportScene?
  ) throws(Failure) {
    func place(_ name: String) -> String {
      folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
    }
    manifest = try Manifest.read(place("manifest.json"))
    try PlainFile.require(place("sweep.csv"))
    try ReportModel.checkUnchanged(manifest, place)
    self.folder = folder
    self.scene = scene
    let names = wishes.flatMap(\.metrics) + ReportModel.shown
    let needed =
      names.flatMap { [$0, $0 + "_p05", $0 + "_p95"] } + ["vault_pnl_usd_p50"]
    let cells = try CellColumns(path: place("sweep.csv"), rows: manifest.cells, needed: needed)
    let goals = wishes.compactMap {
      Goal(isMaximised: $0.isMaximised, metrics: $0.metrics, of: cells)
    }
    guard let chosen = ChosenCells(cells, goals: goals, count: max(1, top)) else {
      throw Failure(
        .data,
        "\(place("sweep.csv")): found \(cells.count) cells and \(goals.count) of"
          + " \(wishes.count) objectives, expected at least one of each"
      )
    }
    self.cells = cells
    self.goals = goals
    self.chosen = chosen
    let moving = cells.axes.filter { $0.count > 1 }
    var maps: [HeatMap] = []
    for (first, y) in moving.enumerated() {
      for x in moving.dropFirst(first + 1) where maps.count < ReportModel.mostHeatMaps {
        maps.append(HeatMap(x: x, y: y, values: goals[0].values))
      }
    }
    heatMaps = maps
    sensitivities = goals.map { Sensitivity($0, axes: cells.axes) }
    frontier = try ReportModel.front(place("frontier.csv"), cells, goals)
    let best = cells.id(chosen.best)
    cycles = Journal.exists(place("cycles.csv")) ? try CycleRows(path: place("cycles.csv")) : nil
    let auctions = place("auctions.csv")
    lots = Journal.exists(auctions) ? try LotRows(path: auctions, cell: best) : nil
    let shownCell = cycles?.rows.contains { $0.cellID == best } == true ? best : lots?.cell ?? best
    let closes = place("liquidations.csv")
    if let scene, Journal.exists(closes) {
      confidence = try ConfidenceCheck(
        scene,
        liquidations: closes,
        cell: shownCell,
        scenarios: manifest.scenarios
      )
    } else {
      confidence = nil
    }
    let pairs = moving.count * (moving.count - 1) / 2
    if pairs > maps.count { notes.append("Heat maps: the first \(maps.count) of \(pairs) pairs.") }
    if scene == nil {
      notes.append(
        "The sweep's inputs are not here or have changed: no price path, no cluster ladder and no"
          + " check of confidence."
      )
    }
  }

  /// The setting of a row by name: swept, of the spec, or nil.
  package func setting(_ name: String, row: Int) -> Double? {
    if let axis = cells.axes.first(where: { $0.name == name }) { return axis.value(row: row) }
    return scene?.setting(name)
  }

  private static func front(
    _ path: String,
    _ cells: CellColumns,
    _ goals: [Goal]
  ) throws(Failure) -> [Int] {
    guard Journal.exists(path) else { return [] }
    var reader = try CSVReader(path: path, required: ["cell_id"])
    var ids: Set<String> = []
    while try reader.next() { ids.insert(try reader.text(0)) }
    let rows = (0..<cells.count).filter { ids.contains(cells.id($0)) }
    return rows.sorted { a, b in
      let (left, right) = (goals[0].merit(a), goals[0].merit(b))
      return left != right ? left > right : a < b
    }
  }
}
