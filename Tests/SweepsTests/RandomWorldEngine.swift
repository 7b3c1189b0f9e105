// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Cycles
import Markets
import Settings
import Sweeps
import TestSupport
import TextKit

/// Random worlds in the types of a sweep.
extension RandomWorld {
  var inputs: SweepInputs {
    SweepInputs(
      book: book,
      paths: paths,
      confidenceRatios: confidenceRatios,
      slot0: slot0,
      seed: seed
    )
  }

  func grid() throws -> Grid {
    let columns = try zipped.map { try axis($0.name, $0.values, allowsRepeats: true) }
    let alone = axes.filter { axis in !zipped.contains { $0.name == axis.name } }
    return try Grid(
      axes: try alone.map { try axis($0.name, $0.values) },
      zips: columns.isEmpty ? [] : [columns],
      constraints: try constraints.map { try Constraint($0) },
      base: base,
      venueBase: venueBase.map { VenueValue(path: $0.path, value: $0.value) },
      venueDefaults: venueDefaults
    )
  }

  /// A sweep over the world, of its own grid unless another is given.
  func engine(_ grid: Grid? = nil) throws -> SweepEngine {
    SweepEngine(grid: try grid ?? self.grid(), inputs: inputs) {
      (values: [VenueValue]) throws(Failure) -> VenueCatalogue in
      try catalogue(replacing: values.map { ($0.path, $0.value) })
    }
  }

  /// One path as the reference world takes it, with the venues of a cell.
  func input(
    path: Int,
    _ venues: [VenueValue]
  ) throws -> WorldInput {
    try WorldInput(
      book: book,
      catalogue: try catalogue(replacing: venues.map { ($0.path, $0.value) }),
      path: paths[path],
      confidenceRatios: confidenceRatios,
      slot0: slot0,
      seed: seed,
      scenario: path
    )
  }
}
