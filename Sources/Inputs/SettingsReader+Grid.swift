// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Configuration
internal import Settings
internal import Sweeps
internal import TextKit

/// What a spec sweeps: `[grid]` with its `where`, `[[zip]]` and `[sample]`.
struct GridTables {
  var axes: [Axis] = []
  var zips: [[Axis]] = []
  var constraints: [Constraint] = []
  var sample: GridSample?
  var refinement: GridRefinement?

  /// Names of numbers of the venue file and of settings that are swept or compared.
  var names: [String] {
    (axes + zips.joined()).map(\.name)
      + constraints.flatMap(\.terms).compactMap { (term: AxisTarget) -> String? in
        if case .venue(let path) = term { return path }
        return nil
      }
  }
}

extension GridTables {
  /// The grid, or what is drawn of it.
  func grid(
    _ sample: GridSample?,
    base: Settings,
    venueBase: [VenueValue],
    venueDefaults: [String: Double]
  ) throws(Failure) -> Grid {
    guard let sample else {
      return try Grid(
        axes: axes,
        zips: zips,
        constraints: constraints,
        base: base,
        venueBase: venueBase,
        venueDefaults: venueDefaults
      )
    }
    return try Grid(
      sampling: sample,
      axes: axes,
      zips: zips,
      constraints: constraints,
      base: base,
      venueBase: venueBase,
      venueDefaults: venueDefaults
    )
  }
}

extension SettingsReader {
  private static let mostSteps = 1_000_000

  /// What the tables of a spec sweep.
  func grid(_ root: ConfigTable) throws(Failure) -> GridTables {
    var tables = GridTables()
    var places: [String: String] = [:]
    let table = try root.optionalTable("grid")
    tables.axes = try axes(table, &places)
    for value in try root.optionalArray("zip") ?? [] {
      let columns = try axes(try ConfigTable(value), &places)
      do throws(Failure) {
        guard columns.count != 1 else {
          throw Failure(
            .data,
            "zip: found \(columns[0].name) alone, expected at least two settings that move together"
          )
        }
        try GridDimension.checkZip(columns)
      } catch {
        throw Failure(.data, "\(value.place): \(error.message)")
      }
      tables.zips.append(columns)
    }
    if let value = table?["where"] { tables.constraints = try constraints(value) }
    tables.sample = try root.optionalTable("sample").map { (table: ConfigTable) throws(Failure) in
      try table.only(["cells", "seed", "method"])
      return try sample(table, method: .latin)
    }
    tables.refinement = try root.optionalTable("refine").map {
      (table: ConfigTable) throws(Failure) in
      guard tables.sample == nil else {
        throw table.value.failure("stands beside [sample], expected one of the two")
      }
      try table.only(["cells", "rounds", "seed", "method"])
      return GridRefinement(
        first: try sample(table, method: .sobol),
        rounds: try table.integer("rounds", default: GridRefinement.usualRounds, in: 1...20)
      )
    }
    return tables
  }

  private func sample(
    _ table: ConfigTable,
    method: GridSample.Method
  ) throws(Failure) -> GridSample {
    let names = GridSample.Method.allCases.map(\.rawValue)
    let name = try table.choice("method", among: names, default: method.rawValue)
    return GridSample(
      count: try table.integer("cells", in: 1...Grid.mostConstrainedPoints),
      seed: UInt64(try table.integer("seed", default: 1, in: 0...Int.max)),
      method: GridSample.Method(rawValue: name) ?? method
    )
  }

  /// The conditions of `where`, one text or several.
  private func constraints(_ value: ConfigValue) throws(Failure) -> [Constraint] {
    var items = [value]
    if case .array(let list) = value.kind { items = list }
    var constraints: [Constraint] = []
    for item in items {
      let text = try item.string()
      do throws(Failure) {
        constraints.append(try Constraint(text))
      } catch {
        throw Failure(.data, "\(item.place): grid.\(error.message)")
      }
      for term in constraints.last?.terms ?? [] {
        if case .venue(let path) = term { try check(path, item) }
      }
    }
    return constraints
  }

  /// The axes of a table.
  ///
  /// * `places`: where each name was swept, to refuse it a second time.
  private func axes(
    _ table: ConfigTable?,
    _ places: inout [String: String]
  ) throws(Failure) -> [Axis] {
    var axes: [Axis] = []
    let isZip = table?.value.path.hasPrefix("zip") ?? false
    let entries = table?.flattened(stoppingAt: { (value: ConfigValue) in
      guard case .table(let entries) = value.kind else { return false }
      return entries.contains { ["from", "to", "steps", "scale"].contains($0.key) }
    })
    for entry in entries ?? [] where isZip || entry.key != "where" {
      let target = try target(entry)
      if let other = places.updateValue(entry.value.place, forKey: entry.key) {
        throw entry.value.failure(
          "is swept at \(other) too, expected once, on its own or in one zip"
        )
      }
      do throws(Failure) {
        let (values, range) = try values(entry)
        axes.append(
          try Axis(
            name: entry.key,
            target: target,
            values: values,
            range: range,
            allowsRepeats: isZip
          )
        )
      } catch {
        throw error.message.hasPrefix(entry.value.file)
          ? error : Failure(.data, "\(entry.value.place): \(error.message)")
      }
    }
    return axes
  }

  private func target(_ entry: ConfigEntry) throws(Failure) -> AxisTarget {
    if entry.key.hasPrefix("venues.") {
      try check(entry.key, entry.value)
      return .venue(path: entry.key)
    }
    let setting = try setting(entry.key, entry.value)
    guard setting.isNumeric else {
      throw entry.value.failure(
        "'\(setting.name)' is a word and cannot be swept, expected a numeric setting;"
          + " run one sweep for each word"
      )
    }
    return .setting(setting.key)
  }

  private func values(_ entry: ConfigEntry) throws(Failure) -> ([Double], AxisRange?) {
    if case .array(let items) = entry.value.kind {
      var values: [Double] = []
      for item in items { values.append(try number(item)) }
      return (values, nil)
    }
    guard case .table = entry.value.kind else { return ([try number(entry.value)], nil) }
    let table = try ConfigTable(entry.value)
    try table.only(["from", "to", "steps", "scale"])
    let range = AxisRange(
      from: try table.number("from", in: -1e15...1e15),
      to: try table.number("to", in: -1e15...1e15),
      isLogarithmic: try table.choice("scale", among: ["linear", "log"], default: "linear") == "log"
    )
    let values = try Axis.range(
      name: entry.key,
      from: range.from,
      to: range.to,
      steps: try table.integer("steps", in: 1...SettingsReader.mostSteps),
      isLogarithmic: range.isLogarithmic
    )
    return (values, range)
  }
}
