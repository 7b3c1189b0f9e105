// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Inputs
internal import Markets
internal import Numerics
internal import Sweeps
internal import TextKit

/// A sweep of four cells, with or without a mechanism that only the reference world has.
private func engine(_ more: String) -> SweepEngine {
  Fuzz.write(
    "book.csv",
    """
    account,venue,asset,leg,quantity,entry_price,collateral_usd,protected
    a,hyperliquid,BTC,perp,2.5,60000,12000,1
    b,hyperliquid,BTC,perp,4,60000,15000,0

    """.utf8
  )
  let path = "timestamp_ms,BTC\n0,60000\n60000,57000\n120000,54000\n180000,58000\n"
  Fuzz.write("path.csv", path.utf8)
  Fuzz.write(
    "spec.toml",
    """
    [inputs]
    book = "book.csv"
    paths = ["path.csv"]
    [settings]
    clusters.min_size_usd = 1000
    clusters.min_confidence = 0
    \(more)
    [grid]
    vault.stop_loss = [0.02, 0.06]
    auction.kappa_bps_per_s = [2, 20]

    """.utf8
  )
  return Fuzz.sure { () throws(Failure) in
    let spec = try SweepSpec.read("spec.toml")
    let catalogue = try spec.catalogue(spec.grid.venueBase)
    let table = catalogue.assets
    let inputs = SweepInputs(
      book: try BookFile.read(spec.book, catalogue: catalogue).book,
      paths: [try PathFile.read(spec.paths[0], assets: table, options: spec.pathOptions).path],
      confidenceRatios: PriceSnapshot(table).confidenceRatios,
      slot0: 0,
      seed: spec.seed
    )
    return SweepEngine(grid: spec.grid, inputs: inputs) { (values: [VenueValue]) throws(Failure) in
      try spec.catalogue(values)
    }
  }
}

private let engines = [engine(""), engine("simulation.mode = \"cascade\"")]

/// The part of a shard: a file for `merge`, or, behind checksums that are made good, one unit.
@Sendable func fuzzPart(_ input: [UInt8]) {
  let engines = engines
  if input.starts(with: "SQLite format 3".utf8) {
    Fuzz.run([
      "merge", Fuzz.write("part-1-of-1.sqlite", input), "-o", "merged", "--spec", "spec.toml",
      "-j", "1", "--report", "none", "-q",
    ])
    return
  }
  let check = fnv1a64(input)
  let sealed = input + (0..<8).map { UInt8(truncatingIfNeeded: check >> UInt64(8 * $0)) }
  for engine in engines {
    let rows = Fuzz.answer { () throws(Failure) in
      try engine.rows(threads: 1) { (_: Int) throws(Failure) in sealed }
    }
    guard let rows else { continue }
    for row in rows where row.metrics.count != engine.metricNames.count { fatalError("\(row)") }
  }
}
