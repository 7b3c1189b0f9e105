// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CommandLineKit
internal import Cycles
internal import Inputs
internal import Reports
internal import Sweeps
internal import TextKit

/// The files of a finished sweep, made of its rows: for `sweep` and `merge` alike.
struct SweepOutput {
  let plan: SweepPlan
  let engine: SweepEngine
  /// Files that went in, with their digests.
  let inputs: [Manifest.File]
  let threads: Int
  /// Whether the best cell's breakpoints are asked for.
  let hasBreakpoints: Bool
  /// Share of the cells to audit; nil for a few worlds.
  let audit: Double?
  let isQuiet: Bool
  /// Whether progress is told as JSON.
  var isJSON = false

  /// Writes all files of a folder.
  ///
  /// * `start`: when the run began, for the manifest.
  /// - Returns: what people look at first.
  func write(
    _ rows: SweepRows,
    into folder: consuming ResultFolder,
    since start: ContinuousClock.Instant
  ) throws(Failure) -> SweepSummary {
    try check(rows)
    var folder = folder
    let robustness = try Robustness(rows, threads: threads)
    var summary = SweepSummary(
      rows,
      robustness,
      engine: engine,
      objectives: plan.spec.objectives
    )
    folder.add("sweep.csv", try summary.table(threads: threads), rows: rows.count)
    folder.add("frontier.csv", summary.table(summary.frontier), rows: summary.frontier.count)
    folder.add("robustness.csv", try summary.robustnessTable(threads: threads), rows: rows.count)
    folder.robustness = summary.robustnessFacts
    if hasBreakpoints, robustness.count > 0 {
      let cell = engine.grid.cell(robustness.best)
      let found = try engine.breakpoints(of: cell, threads: threads)
      summary.breakpoints = found
      folder.add(
        "breakpoints.csv",
        BreakpointReport.table(found, of: cell.id),
        rows: found.count
      )
    }
    folder.add(try events(summary))
    try folder.write(
      plan,
      inputs: inputs,
      cells: engine.grid.count,
      wallTimeSeconds: (ContinuousClock.now - start) / .seconds(1)
    )
    return summary
  }

  /// Runs some worlds again in the reference world; nothing is written where one differs.
  private func check(_ rows: SweepRows) throws(Failure) {
    let worlds = try engine.auditedWorlds(share: audit, threads: threads)
    let progress = Progress(
      "audit",
      total: worlds.count,
      unit: "worlds",
      quiet: isQuiet,
      json: isJSON
    )
    try engine.audit(worlds, of: rows, threads: threads) { progress.advance() }
    progress.finish()
  }

  /// Replays the cells shown in detail; their rows must come out as they did in the sweep.
  private func events(_ summary: SweepSummary) throws(Failure) -> EventTables {
    var tables = EventTables(book: plan.inputs.book, catalogue: plan.catalogue)
    let cells: [Int]
    switch plan.spec.details {
    case .none: cells = []
    case .best(let count): cells = summary.best(count).sorted()
    case .all: cells = Array(0..<engine.grid.count)
    }
    for index in cells {
      let cell = engine.grid.cell(index)
      let (row, logs) = try engine.replay(cell, threads: threads)
      guard row == summary.rows[index] else {
        throw Failure(.internalError, "cell \(cell.id) came out differently when it was replayed")
      }
      for (scenario, log) in logs.enumerated() {
        tables.append(log, cellID: cell.id, scenario: scenario)
      }
    }
    return tables
  }
}
