// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Configuration
package import Markets
internal import Settings
package import Sweeps
package import TextKit

/// Which cells also write their events.
package enum Details: Sendable, Equatable {
  case none
  case best(Int)
  case all
}

/// A sweep as its file says it (DESIGN 9); paths are relative to the file.
package struct SweepSpec: Sendable {
  package var file: String
  package var book: String
  package var prices: String?
  package var venues: [String]
  package var paths: [String]
  package var pathOptions: PathOptions
  package var generator: ScenarioSettings?
  /// The path that the bootstrap draws from.
  package var history: String?
  /// Assets that are priced from another and have prices of their own in this sweep, with the
  /// breaks of their pegs.
  package var pegs: [String: PegBreak]
  package var seed: UInt64
  package var grid: Grid
  /// What was drawn of the product; nil for all of it.
  package var sample: GridSample?
  /// How cells are chosen around the Pareto front of the product, `grid`; nil for no choice.
  package var refinement: GridRefinement?
  package var objectives: [Objective]
  package var folder: String
  package var details: Details
  /// The venue document that cells may replace numbers of.
  package var venueDocument: ConfigValue
  /// What its files say otherwise than the embedded venues, as dotted paths and values.
  package var venueDepartures: [(path: String, value: String)]

  /// Reads a spec.
  ///
  /// * `sample`: what to draw of the product, in place of `[sample]` and `[refine]`.
  /// * `refinement`: how to choose of the product, in place of the same.
  /// - Throws: a failure with line and key; unknown keys and settings come with a suggestion.
  package static func read(
    _ path: String,
    sample: GridSample? = nil,
    refinement: GridRefinement? = nil
  ) throws(Failure) -> SweepSpec {
    let text = try SpecText.load(path)
    let root = try ConfigTable(ConfigValue.parseTOML(text, file: path))
    try root.only([
      "inputs", "scenarios", "settings", "grid", "zip", "sample", "refine", "output", "pegs",
    ])
    let inputs = try root.table("inputs")
    try inputs.only([
      "book", "prices", "venues", "paths", "bar_stamp", "bar_path", "bar_seconds", "from_ms",
      "to_ms",
    ])
    let base = SpecText.folder(of: path)
    func located(_ name: String) -> String { SpecText.path(name, relativeTo: base) }
    let venues = try SpecText.strings(inputs, "venues").map(located)
    let scenarios = try root.optionalTable("scenarios")
    let paths = try inputs.strings("paths", default: []).map(located)
    let document = try VenueFiles.document(venues)
    let reader = try SettingsReader(document)
    let (settings, venueBase, objectives) = try reader.settings(root.optionalTable("settings"))
    var tables = try reader.grid(root)
    if sample != nil || refinement != nil {
      (tables.sample, tables.refinement) = (sample, refinement)
    }
    let output = try root.optionalTable("output")
    try output?.only(["folder", "details"])
    let generator = try scenarios.flatMap {
      (table: ConfigTable) throws(Failure) -> ScenarioSettings? in
      try ScenarioTable.read(table)
    }
    guard !paths.isEmpty || generator != nil else {
      throw inputs.failure(
        at: "paths",
        "found no paths, expected paths = [\"…\"] or [scenarios] generate = N"
      )
    }
    return SweepSpec(
      file: path,
      book: located(try inputs.string("book")),
      prices: try inputs.optionalString("prices").map(located),
      venues: venues,
      paths: paths,
      pathOptions: try SpecText.pathOptions(inputs),
      generator: generator,
      history: try scenarios?.optionalString("history").map(located),
      pegs: try root.optionalTable("pegs").map {
        (table: ConfigTable) throws(Failure) in try PegTable.read(table)
      } ?? [:],
      seed: UInt64(try scenarios?.integer("seed", default: 1, in: 0...Int.max) ?? 1),
      grid: try tables.grid(
        tables.sample,
        base: settings,
        venueBase: venueBase,
        venueDefaults: reader.venueDefaults(venueBase.map(\.path) + tables.names)
      ),
      sample: tables.sample,
      refinement: tables.refinement,
      objectives: objectives,
      folder: located(try output?.string("folder", default: "results") ?? "results"),
      details: try SpecText.details(output),
      venueDocument: document,
      venueDepartures: venues.isEmpty ? [] : try VenueFiles.departures(of: document)
    )
  }

  /// The venues of a cell that replaces some numbers of the venue file.
  package func catalogue(_ values: [VenueValue]) throws(Failure) -> VenueCatalogue {
    var document = venueDocument
    for entry in values {
      document = try document.replacing(path: entry.path, withNumber: entry.value)
    }
    return try VenueCatalogue(document).pegging(pegs)
  }
}
