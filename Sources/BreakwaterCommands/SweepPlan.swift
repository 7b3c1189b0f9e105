// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Cycles
internal import CommandLineKit
internal import Configuration
internal import Inputs
internal import Markets
internal import Numerics
internal import Reports
internal import Sweeps
internal import Tables
internal import TextKit

/// A spec with everything it names read: what `sweep` and `replay` run.
struct SweepPlan: Sendable {
  private(set) var spec: SweepSpec
  let inputs: SweepInputs
  /// Venues of a cell that replaces nothing beyond the spec's own settings.
  let catalogue: VenueCatalogue
  let warnings: [String]
  /// Steps of each path that is read.
  private let stepCounts: [Int]

  /// Reads book, prices and paths of a spec.
  init(_ spec: SweepSpec) throws(Failure) {
    self.spec = spec
    var warnings = InputWarnings.cutOff([spec.file] + spec.venues)
    let catalogue = try spec.catalogue(spec.grid.venueBase)
    self.catalogue = catalogue
    let table = catalogue.assets
    let (book, bookWarnings) = try BookFile.read(spec.book, catalogue: catalogue)
    warnings += bookWarnings
    warnings += PegTable.unheld(spec.pegs, used: book.underlyingAssets(in: table), table)
    var snapshot = PriceSnapshot(table)
    if let prices = spec.prices {
      let (found, priceWarnings) = try PriceFile.read(prices, assets: table)
      warnings += priceWarnings
      snapshot = found
      try PriceFile.check(
        snapshot,
        of: prices,
        covers: book.underlyingAssets(in: table),
        assets: table
      )
    }
    let files = try PathShelf(spec.paths, assets: table, options: spec.pathOptions)
    warnings += files.warnings
    stepCounts = files.stepCounts
    let history = try spec.history.map { (path: String) throws(Failure) -> PricePath in
      let (found, pathWarnings) = try PathFile.read(
        path,
        assets: table,
        options: spec.pathOptions
      )
      warnings += pathWarnings
      return found
    }
    let generator = try spec.generator.map { (settings: ScenarioSettings) throws(Failure) in
      guard spec.prices != nil else {
        throw Failure(
          .data,
          "\(spec.file): found no inputs.prices, expected the prices that generated"
            + " scenarios start from"
        )
      }
      return try PathGenerator(
        settings,
        catalogue: catalogue,
        snapshot: snapshot,
        assets: snapshot.pricedAssets(of: table),
        history: history
      )
    }
    let made = generator?.settings.count ?? 0
    let paths = ScenarioPaths(
      count: files.count + made,
      // Generated ones have the same assets and start at the same prices.
      checkedCount: files.count + min(1, made),
      stepCount: stepCounts.reduce(0, +) + made * (generator?.settings.stepCount ?? 0)
    ) { (scenario: Int) throws(Failure) -> PricePath in
      guard scenario >= files.count, let generator else { return try files.path(scenario) }
      return try generator.path(scenario: scenario - files.count)
    }
    self.warnings = warnings
    inputs = SweepInputs(
      book: book,
      paths: paths,
      confidenceRatios: snapshot.confidenceRatios,
      slot0: max(snapshot.slot ?? 0, book.newestSlot ?? 0),
      seed: spec.seed
    )
  }

  /// The engine over a grid, the spec's own or that of one cell.
  func engine(_ grid: Grid) -> SweepEngine {
    let spec = spec
    return SweepEngine(grid: grid, inputs: inputs) {
      (values: [VenueValue]) throws(Failure) -> VenueCatalogue in try spec.catalogue(values)
    }
  }

  /// The plan of the cells that a refinement chooses; the same plan where the spec asks for none.
  ///
  /// * `isDrawnOnly`: the cells of the first round alone.
  func refined(threads: Int, isQuiet: Bool, isDrawnOnly: Bool = false) throws(Failure) -> SweepPlan
  {
    guard let refinement = spec.refinement else { return self }
    let engine = engine(spec.grid)
    var plan = self
    if isDrawnOnly {
      plan.spec.grid = try engine.drawn(refinement)
      return plan
    }
    try engine.check(threads: threads)
    plan.spec.grid = try engine.refined(
      refinement,
      objectives: spec.objectives,
      threads: threads
    ) { round, cells in
      guard !isQuiet else { return }
      Output.diagnostic(
        "breakwater: refine: round \(round) of \(refinement.rounds):"
          + " \(NumberText.grouped(cells)) cells"
      )
    }
    return plan
  }

  /// Files that went in, with their digests.
  func inputFiles() throws(Failure) -> [Manifest.File] {
    var files = try bookFiles()
    var further: [(path: String, role: String)] = []
    if let prices = spec.prices { further.append((prices, "prices")) }
    if let history = spec.history { further.append((history, "history")) }
    further += spec.venues.map { ($0, "venues") }
    for (path, role) in further {
      files.append(try Manifest.File(input: path, role: role))
    }
    for (path, steps) in zip(spec.paths, stepCounts) {
      files.append(try Manifest.File(input: path, role: "path", rows: steps))
    }
    return files
  }

  /// The file of the book; the files of a folder, or the text of a query.
  private func bookFiles() throws(Failure) -> [Manifest.File] {
    let rows = inputs.book.legCount
    if spec.book.hasPrefix("query:") {
      let text = Array(spec.book.utf8)
      return [Manifest.File(name: spec.book, role: "book", rows: rows, bytes: text)]
    }
    guard FolderOutput.isFolder(spec.book) else {
      return [try Manifest.File(input: spec.book, role: "book", rows: rows)]
    }
    return try FolderOutput.contents(of: spec.book).map { (name: String) throws(Failure) in
      try Manifest.File(
        input: "\(spec.book)/\(name)",
        role: "book",
        rows: name == "codes.json" ? nil : rows
      )
    }
  }
}
