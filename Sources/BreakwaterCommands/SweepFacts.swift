// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Inputs
internal import Markets
internal import Reports
internal import Settings
internal import Sweeps
internal import TextKit

extension SweepPlan {
  /// What a journal has to say of the sweep, so that its units are taken for no other's.
  ///
  /// The meaning of the spec counts, not its text: a comment or the folder may change.
  func journalHeader(
    _ engine: SweepEngine,
    inputs files: [Manifest.File],
    shard: Shard?
  ) -> JournalHeader {
    typealias Fact = JournalHeader.Fact
    let grid = spec.grid
    var facts = [
      Fact("program", "breakwater \(BreakwaterProgram.version)"),
      Fact("results revision", BreakwaterProgram.resultsRevision),
      Fact("embedded venues", "sha256 " + Digest.sha256(Array(DefaultVenues.text.utf8))),
      Fact("seed", String(spec.seed)),
    ]
    for axis in grid.axes {
      facts.append(Fact("grid \(axis.name)", SweepPlan.words(axis.values)))
    }
    for group in grid.dimensions where group.axes.count > 1 {
      let names = group.axes.map { grid.axes[$0].name }
      facts.append(
        Fact("grid \(names[0]) together with", names.dropFirst().joined(separator: ", "))
      )
    }
    facts += grid.constraints.enumerated().map { Fact("grid where \($0 + 1)", $1.text) }
    if let sample = spec.sample {
      facts.append(Fact("sample", sample.fact))
    }
    if let refinement = spec.refinement { facts.append(Fact("refine", refinement.fact)) }
    facts += grid.base.departures.map { Fact("setting \($0.name)", $0.value) }
    facts += grid.venueBase.map { Fact("setting \($0.path)", NumberText.shortest($0.value)) }
    facts += spec.objectives.enumerated().map { (place, objective) in
      Fact(
        "objective \(place + 1)",
        (objective.isMaximised ? "max " : "min ") + objective.metrics.joined(separator: "+")
      )
    }
    facts.append(Fact("details", "\(spec.details)"))
    facts += SweepPlan.fields(of: spec.pathOptions, "paths")
    if let generator = spec.generator { facts += SweepPlan.fields(of: generator, "scenarios") }
    for (place, file) in files.enumerated() {
      let name = file.name.split(separator: "/").last.map(String.init) ?? file.name
      facts.append(Fact("input \(place + 1) (\(name))", "sha256 \(file.sha256)"))
    }
    return JournalHeader(spec: spec.file, shard: shard, unitCount: engine.unitCount, facts: facts)
  }

  /// The values of an axis; of many the ends and a digest.
  private static func words(_ values: [Double]) -> String {
    let text = values.map(NumberText.shortest).joined(separator: ",")
    guard values.count > 20, let first = values.first, let last = values.last else { return text }
    return "\(values.count) values from \(NumberText.shortest(first)) to"
      + " \(NumberText.shortest(last)), sha256 \(Digest.sha256(Array(text.utf8)))"
  }

  /// The stored properties of a struct of plain values.
  private static func fields(of value: some Any, _ name: String) -> [JournalHeader.Fact] {
    Mirror(reflecting: value).children.map { (child: Mirror.Child) in
      JournalHeader.Fact("\(name) \(child.label ?? "")", String(describing: child.value))
    }
  }

  /// The first input that cannot be read a second time, such as standard input; nil for none.
  ///
  /// Nobody can tell later whether such an input is still the same.
  var passingInput: String? {
    ([spec.file, spec.book] + [spec.prices, spec.history].compactMap { $0 } + spec.venues
      + spec.paths)
      .first { $0.hasPrefix("query:") || Digest.isPassing($0) }
  }
}
