// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Clusters
internal import CommandLineKit
internal import Cycles
internal import Markets
internal import Numerics
internal import Reports
internal import Settings
internal import Tables
internal import TextKit

/// `breakwater clusters`: forced size by price bin, with confidence.
struct Clusters: Command {
  static let name = "clusters"
  static let about = "Price bins where accounts are liquidated together, with a confidence score"
  static let details: String? = """
    Example:
      breakwater clusters --book book.csv --prices prices.csv --bin-bps 50 -o clusters.csv
    """

  var input = BookOptions()
  @Option("Report to write, - for standard output", short: "o", valueName: "FILE")
  var output = FilePath("-")
  @Option(
    "Width of a price bin; default 50, or clusters.bin_bps of --set",
    valueName: "BPS",
    unit: "bps",
    bound: .within(1...1000)
  )
  var binBPS: Double?
  @Option(
    "The slot that counts as now; default: the newest of prices and book",
    valueName: "SLOT",
    bound: .atLeast(0)
  )
  var slot: Int64?
  var sheets = SheetOptions()
  @Option("A setting, as name=value", valueName: "NAME=VALUE")
  var set: [String] = []

  mutating func run() throws(Failure) {
    let target = try sheets.target(output.path)
    var settings = try SettingArguments.settings(set)
    if let binBPS { settings[.clustersBinBPS] = binBPS }
    let found = if let found = try streamed(settings) { found } else { try whole(settings) }
    var file = try OutputFile(path: target)
    let table = ClusterReport.table(found.result.clusters, assets: found.assets, slot: found.slot)
    try file.write(table.bytes)
    try file.commit()
    try sheets.cut(to: output.path, by: "forced_size_usd", .largest)
    let result = found.result
    guard !input.quiet else { return }
    let deployable = result.clusters.filter(\.isDeployable).count
    Output.diagnostic(
      "breakwater: \(NumberText.grouped(result.clusters.count)) clusters, \(deployable) deployable;"
        + " rows: \(Diagnostics.statusLine(result.counts))"
    )
    if result.outsideGrid > 0 {
      Output.diagnostic(
        "breakwater: \(result.outsideGrid) rows have a price outside 1e-18 to 1e18 USD"
      )
    }
  }

  /// Clusters with what their report needs.
  private typealias Found = (result: BookClusters.Result, slot: Int64, assets: AssetTable)

  /// The clusters of a book that is worked on while it is read, nil where that cannot be.
  private func streamed(_ settings: Settings) throws(Failure) -> Found? {
    guard let book = try StreamedBook(input, named: false),
      let clusters = try? ClusterSettings(SettingsView(settings, for: .clusters)),
      let protection = try? ProtectionSettings(SettingsView(settings, for: .protection)),
      let found = try book.clusters(clusters, protection, slot: slot)
    else { return nil }
    return (found.result, found.slot, book.catalogue.assets)
  }

  /// The clusters of a book that is read as a whole.
  private func whole(_ settings: Settings) throws(Failure) -> Found {
    let loaded = try input.load()
    let now = slot ?? max(loaded.snapshot.slot ?? 0, loaded.book.newestSlot ?? 0)
    let result = try BookClusters.compute(
      book: loaded.book,
      compiled: loaded.compiled,
      catalogue: loaded.catalogue,
      snapshot: loaded.snapshot,
      settings: try ClusterSettings(SettingsView(settings, for: .clusters)),
      protection: try ProtectionSettings(SettingsView(settings, for: .protection)),
      slot: now,
      threads: loaded.threads
    )
    return (result, now, loaded.catalogue.assets)
  }
}
