// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Inputs
internal import Markets
internal import CommandLineKit
internal import Numerics
internal import Sweeps
internal import TextKit

/// What a sweep would do or has done, for people: axes, stages, what is shared, how long.
enum SweepOutline {
  /// What a run would do, for `--dry-run`.
  ///
  /// - Returns: what follows from the plan, and what depends on the machine.
  static func text(
    _ plan: SweepPlan,
    _ engine: SweepEngine,
    threads: Int
  ) throws(Failure) -> (text: String, time: String) {
    let grid = plan.spec.grid
    var table = TextTable([.text("axis"), .number("values"), .text("from … to")])
    for axis in grid.axes {
      // What was drawn is in no order.
      let ends =
        plan.spec.sample == nil
        ? (axis.values[0], axis.values[axis.values.count - 1])
        : (axis.values.min() ?? 0, axis.values.max() ?? 0)
      table.add([
        axis.name, String(axis.values.count),
        NumberText.shortest(ends.0) + " … " + NumberText.shortest(ends.1),
      ])
    }
    let steps = plan.inputs.paths.stepCount
    let estimate = try engine.estimate(threads: threads)
    let text =
      table.text() + shape(plan.spec)
      + "\(NumberText.grouped(grid.count)) cells × \(plan.inputs.paths.count) scenarios,"
      + " \(NumberText.grouped(steps)) steps in all,"
      + " \(NumberText.grouped(plan.inputs.book.accounts.count)) accounts\n"
      + stages(estimate.stages.map { ($0.name, $0.runs, nil) }, worlds: estimate.worlds)
      + walks(estimate.walkReasons)
      + "\(NumberText.grouped(estimate.resultBytes / 1_000_000 + 1)) MB of results beside book and"
      + " paths\n"
    let time =
      "about \(duration(estimate.seconds)) on \(threads) thread\(threads == 1 ? "" : "s"), timed on"
      + " a few cells of the first scenario"
    return (text, time)
  }

  /// Why some cells do not share their stages.
  private static func walks(_ reasons: [String]) -> String {
    reasons.isEmpty
      ? "" : "walked whole, not shared: cells with " + reasons.joined(separator: ", ") + "\n"
  }

  /// What a grid is besides a full product.
  private static func shape(_ spec: SweepSpec) -> String {
    let grid = spec.grid
    var lines = ""
    if let sample = spec.sample {
      lines += "sample of \(NumberText.grouped(sample.count)) points, seed \(sample.seed)"
      lines += sample.method == .latin ? "\n" : ", \(sample.method.rawValue)\n"
    } else {
      for group in grid.dimensions where group.axes.count > 1 {
        lines += "zip: " + group.axes.map { grid.axes[$0].name }.joined(separator: ", ") + "\n"
      }
    }
    if let refinement = spec.refinement {
      lines +=
        "refine: the first of \(refinement.rounds) rounds alone,"
        + " \(NumberText.grouped(grid.count)) of \(NumberText.grouped(grid.pointCount)) points,"
        + " seed \(refinement.first.seed)\n"
    } else if !grid.constraints.isEmpty {
      lines +=
        "where: \(NumberText.grouped(grid.count)) of \(NumberText.grouped(grid.pointCount)) kept\n"
    }
    return lines
  }

  /// How often each stage ran and how long, at the end of a sweep.
  static func text(_ log: StageLog, worlds: Int) -> String {
    stages(log.all.map { ($0.name, $0.runs, $0.seconds) }, worlds: worlds)
  }

  private static func stages(
    _ list: [(name: String, runs: Int, seconds: Double?)],
    worlds: Int
  ) -> String {
    let hasTimes = list.contains { $0.seconds != nil }
    var table = TextTable(
      [.text("stage"), .number("runs"), .number("worlds for one run")]
        + (hasTimes ? [.number("thread seconds")] : [])
    )
    for stage in list where stage.runs > 0 {
      let shared = Double(worlds) / Double(stage.runs)
      table.add(
        [
          stage.name, NumberText.grouped(stage.runs),
          shared < 10
            ? NumberText.shortest((shared * 100).rounded() / 100) : NumberText.grouped(Int(shared)),
        ] + (stage.seconds.map { [NumberText.shortest(($0 * 100).rounded() / 100)] } ?? [])
      )
    }
    // What is planned is a result, what has run is not.
    let terminal = hasTimes ? Terminal.standardError() : Terminal.standardOutput()
    return table.text(width: terminal.tableWidth)
  }

  /// A time in words, such as `3 minutes`.
  static func duration(_ seconds: Double) -> String {
    let units = [(86_400.0 * 365, "years"), (86_400, "days"), (3_600, "hours"), (60, "minutes")]
    for (length, name) in units where seconds >= 2 * length {
      return "\(NumberText.grouped(Int(min(1e15, seconds / length)))) \(name)"
    }
    let whole = Int(seconds.rounded(.up))
    return whole == 1 ? "1 second" : "\(whole) seconds"
  }
}
