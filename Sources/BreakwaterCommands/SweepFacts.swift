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
  func journalHeader(
    _ engine: SweepEngine,
    inputs files: [Manifest.File],
    shard: Shard?
  ) -> JournalHeader {
    typealias Fact = JournalHeader.Fact
    var list = [
      Fact("program", "breakwater \(BreakwaterProgram.version)"),
      Fact("results revision", BreakwaterProgram.resultsRevision),
      Fact("seed", String(spec.seed)),
    ]
    list += facts
    for (place, file) in files.enumerated() {
      let name = file.name.split(separator: "/").last.map(String.init) ?? file.name
      list.append(Fact("input \(place + 1) (\(name))", "sha256 \(file.sha256)"))
    }
    return JournalHeader(spec: spec.file, shard: shard, unitCount: engine.unitCount, facts: list)
  }

  /// What the spec means, for journal and manifest, each under the name that the spec has for it.
  ///
  /// The meaning counts, not the text: a comment or the folder may change.
  var facts: [JournalHeader.Fact] {
    typealias Fact = JournalHeader.Fact
    let grid = spec.grid
    var facts = [
      Fact("embedded venues", "sha256 " + Digest.sha256(Array(DefaultVenues.text.utf8)))
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
    facts += spec.venueDepartures.map { Fact($0.path, $0.value) }
    facts += spec.objectives.enumerated().map { (place, objective) in
      Fact(
        "objective \(place + 1)",
        (objective.isMaximised ? "max " : "min ") + objective.metrics.joined(separator: "+")
      )
    }
    facts.append(Fact("details", spec.details.text))
    facts += SweepPlan.fields(of: spec.pathOptions, "inputs", SweepPlan.pathKeys)
    if let generator = spec.generator {
      facts += SweepPlan.fields(of: generator, "scenarios", SweepPlan.scenarioKeys)
    }
    for symbol in spec.pegs.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      guard let broken = spec.pegs[symbol] else { continue }
      facts += SweepPlan.fields(of: broken, "pegs.\(symbol)", SweepPlan.pegKeys)
    }
    return facts
  }

  /// The values of an axis; of many the ends and a digest.
  private static func words(_ values: [Double]) -> String {
    let text = values.map(NumberText.shortest).joined(separator: ", ")
    guard values.count > 20, let first = values.first, let last = values.last else { return text }
    return "\(values.count) values from \(NumberText.shortest(first)) to"
      + " \(NumberText.shortest(last)), sha256 \(Digest.sha256(Array(text.utf8)))"
  }

  // MARK: - Keys of the spec

  private static let pathKeys = [
    "stamp": "bar_stamp", "order": "bar_path", "barSeconds": "bar_seconds",
  ]
  private static let scenarioKeys = ["count": "generate"]
  private static let pegKeys = ["startSeconds": "at_s"]

  /// The stored properties of a struct of plain values, as keys of the spec; none that is nil.
  ///
  /// * `keys`: those that are not the property's name in snake case with its unit.
  private static func fields(
    of value: some Any,
    _ table: String,
    _ keys: [String: String]
  ) -> [JournalHeader.Fact] {
    Mirror(reflecting: value).children.compactMap { (child: Mirror.Child) in
      guard let label = child.label, let text = plain(child.value) else { return nil }
      return JournalHeader.Fact("\(table).\(keys[label] ?? snake(label))", text)
    }
  }

  /// A property's name as a key: `stressScale` is `stress_scale`, `horizonSeconds` `horizon_s`.
  private static func snake(_ label: String) -> String {
    var text = ""
    for character in label {
      text += character.isUppercase ? "_" + character.lowercased() : String(character)
    }
    for (ending, unit) in [("_milliseconds", "_ms"), ("_seconds", "_s")]
    where text.hasSuffix(ending) {
      return text.dropLast(ending.count) + unit
    }
    return text
  }

  private static func plain(_ value: Any) -> String? {
    let mirror = Mirror(reflecting: value)
    if mirror.displayStyle == .optional { return mirror.children.first.flatMap { plain($0.value) } }
    if let number = value as? Double { return NumberText.shortest(number) }
    if let word = value as? any RawRepresentable { return "\(word.rawValue)" }
    return String(describing: value)
  }
}

extension SweepPlan {
  /// The first input that cannot be read a second time, such as standard input; nil for none.
  ///
  /// Nobody can tell later whether such an input is still the same.
  var passingInput: String? {
    ([spec.file, spec.book] + [spec.prices, spec.history].compactMap { $0 } + spec.venues
      + spec.paths)
      .first { $0.hasPrefix("query:") || Digest.isPassing($0) }
  }
}

extension Details {
  /// As the spec says it.
  fileprivate var text: String {
    switch self {
    case .none: "none"
    case .best(let count): "best \(count)"
    case .all: "all"
    }
  }
}
