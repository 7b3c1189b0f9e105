// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Cycles
import Markets
import Numerics
import Settings
import Sweeps
import TestSupport
import TextKit

/// Whole USD in micro-USD.
func dollars(_ amount: Int64) -> Int128 { Int128(amount) * 1_000_000 }

/// Settings that make every cluster deployable.
let anyCluster: [String: Double] = ["clusters.min_size_usd": 0, "clusters.min_confidence": 0]

/// An axis of a setting, or of the venue file.
func axis(
  _ name: String,
  _ values: [Double],
  range: AxisRange? = nil,
  allowsRepeats: Bool = false
) throws -> Axis {
  let target: AxisTarget =
    name.hasPrefix("venues.") ? .venue(path: name) : .setting(try Setting.named(name).key)
  return try Axis(
    name: name,
    target: target,
    values: values,
    range: range,
    allowsRepeats: allowsRepeats
  )
}

func grid(
  _ axes: [(String, [Double])],
  base: [String: Double] = [:],
  venueBase: [VenueValue] = [],
  venueDefaults: [String: Double] = [:]
) throws -> Grid {
  try Grid(
    axes: try axes.map { try axis($0.0, $0.1) },
    base: try worldSettings(base),
    venueBase: venueBase,
    venueDefaults: venueDefaults
  )
}

/// A sweep over a small book.
func engine(
  _ grid: Grid,
  _ accounts: [Account],
  _ paths: [PricePath],
  counting: (@Sendable () -> Void)? = nil
) throws -> SweepEngine {
  let kit = try WorldBook()
  let inputs = SweepInputs(
    book: kit.book(accounts),
    paths: paths,
    confidenceRatios: Array(repeating: 0, count: kit.catalogue.assets.count),
    slot0: 0,
    seed: 1
  )
  return SweepEngine(grid: grid, inputs: inputs) {
    (values: [VenueValue]) throws(Failure) -> VenueCatalogue in
    counting?()
    return try WorldVenues.catalogue(replacing: values.map { ($0.path, $0.value) })
  }
}

/// The metrics of one cell by name.
func metrics(
  _ accounts: [Account],
  _ path: PricePath,
  _ base: [String: Double] = [:]
) throws -> [String: MetricValue] {
  let engine = try engine(try grid([], base: base), accounts, [path])
  let row = try engine.replay(engine.grid.cell(0), threads: 1).row
  return Dictionary(uniqueKeysWithValues: zip(engine.metricNames, row.metrics))
}
