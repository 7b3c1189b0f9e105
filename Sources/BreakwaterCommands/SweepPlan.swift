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
  let spec: SweepSpec
  let inputs: SweepInputs
  /// Venues of a cell that replaces nothing beyond the spec's own settings.
  let catalogue: VenueCatalogue
  let warnings: [String]

  /// Reads book, prices and paths of a spec.
  init(_ spec: SweepSpec) throws(Failure) {
    self.spec = spec
    var warnings: [String] = []
    catalogue = try spec.catalogue(spec.grid.venueBase)
    let table = catalogue.assets
    let (book, bookWarnings) = try BookFile.read(spec.book, catalogue: catalogue)
    warnings += bookWarnings
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
    var paths: [PricePath] = []
    for path in spec.paths {
      let (found, pathWarnings) = try PathFile.read(
        path,
        assets: table,
        options: spec.pathOptions
      )
      warnings += pathWarnings
      paths.append(found)
    }
    if let settings = spec.generator {
      let held = book.underlyingAssets(in: table)
      guard spec.prices != nil else {
        throw Failure(
          .data,
          "\(spec.file): found no inputs.prices, expected the prices that generated"
            + " scenarios start from"
        )
      }
      let history = try spec.history.map { (path: String) throws(Failure) -> PricePath in
        let (found, pathWarnings) = try PathFile.read(
          path,
          assets: table,
          options: spec.pathOptions
        )
        warnings += pathWarnings
        return found
      }
      let generator = try PathGenerator(
        settings,
        catalogue: catalogue,
        snapshot: snapshot,
        held: held,
        history: history
      )
      paths += try Parallel.map(settings.count, threads: Parallel.threads(0)) {
        (scenario: Int) throws(Failure) -> PricePath in try generator.path(scenario: scenario)
      }
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

  /// Files that went in, with their digests.
  func inputFiles() throws(Failure) -> [Manifest.File] {
    var files = try bookFiles()
    let further = [spec.prices, spec.history].compactMap { $0 }
    for path in further + spec.venues {
      files.append(try Manifest.File(input: path))
    }
    for (path, made) in zip(spec.paths, inputs.paths) {
      files.append(try Manifest.File(input: path, rows: made.stepCount))
    }
    return files
  }

  /// The file of the book; the files of a folder, or the text of a query.
  private func bookFiles() throws(Failure) -> [Manifest.File] {
    let rows = inputs.book.legCount
    if spec.book.hasPrefix("query:") {
      return [Manifest.File(name: spec.book, rows: rows, bytes: Array(spec.book.utf8))]
    }
    guard FolderOutput.isFolder(spec.book) else {
      return [try Manifest.File(input: spec.book, rows: rows)]
    }
    return try FolderOutput.contents(of: spec.book).map { (name: String) throws(Failure) in
      try Manifest.File(input: "\(spec.book)/\(name)", rows: name == "codes.json" ? nil : rows)
    }
  }
}
