// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// `compare` names what went into two runs otherwise: that, and nothing else.
struct CompareInputTests {
  /// One change of one file, and all that is to be named.
  struct Change: CustomTestStringConvertible, Sendable {
    let file: String
    let edit: String
    let lines: [String]

    init(_ row: Substring) {
      let fields = row.components(separatedBy: " | ")
      (file, edit, lines) = (fields[0], fields[1], Array(fields.dropFirst(2)))
    }

    var testDescription: String { lines.first ?? "nothing: \(edit)" }
  }

  /// The spec with a venue file, generated scenarios and a peg beside what the golden one has.
  private static let spec = """
    [inputs]
    book = "book.csv"
    prices = "prices.csv"
    paths = ["fall.csv", "dip.csv"]
    venues = ["own.toml"]
    [scenarios]
    seed = 2020
    generate = 2
    horizon_s = 600
    step_s = 60
    [settings]
    clusters.min_size_usd = 100_000
    vault.deploy_usd = 500_000
    protection.poll = "fixed"  # as it is anyway
    [pegs]
    JITOSOL = { depth = 0.1, at_s = 60 }
    [grid]
    vault.stop_loss = [0.02, 0.06]
    vault.timeout_s = { from = 300, to = 6300, steps = 25 }
    where = "vault.timeout_s <= 550"
    [output]
    details = "none"

    """

  private static let venues = """
    [venues.kamino.assets]
    SOL = { liquidation_threshold = 0.7, borrow_factor = 1.25 }

    """

  /// File, what `sed` does to it, and all that is to be named, a row a change.
  private static let changes = #"""
    book.csv | s/^btc-01,\(.*\),13507.88,/btc-01,\1,13000.88,/ | input book.csv changed
    prices.csv | s/^SOL,150,0.06/SOL,150,0.09/ | input prices.csv changed
    dip.csv | s/59784.0/59785.0/ | input dip.csv changed
    dip.csv | $d | input dip.csv changed, rows 48 → 47
    own.toml | s/= 0.7,/= 0.72,/ | \
    venues.kamino.assets.SOL.liquidation_threshold: 0.7 → 0.72 | input own.toml changed
    own.toml | $a JLP = { liquidation_threshold = 0.6, borrow_factor = 1.0 } | \
    venues.kamino.assets.JLP.liquidation_threshold: as embedded → 0.6 | input own.toml changed
    spec.toml | s/deploy_usd = 500_000/deploy_usd = 51e4/ | \
    setting vault.deploy_usd: 500000 → 510000
    spec.toml | /deploy_usd/d | setting vault.deploy_usd: 500000 → 1000000 (default)
    spec.toml | s/"fixed"/"adaptive"/ | setting protection.poll: fixed (default) → adaptive
    spec.toml | s/^\[settings\]/&\nvenues.drift.assets.SOL.imf_factor = 0.0003/ | \
    setting venues.drift.assets.SOL.imf_factor: as in the venue file → 0.0003
    spec.toml | s/\[0.02, 0.06\]/[0.02, 0.07]/ | grid vault.stop_loss: 0.02, 0.06 → 0.02, 0.07
    spec.toml | s/^vault.stop_loss.*/&\nauction.kappa_bps_per_s = [5]/ | \
    grid auction.kappa_bps_per_s: not swept → 5
    spec.toml | s/<= 550/<= 800/ | \
    grid where 1: vault.timeout_s <= 550 → vault.timeout_s <= 800
    spec.toml | s/seed = 2020/seed = 2021/ | scenarios.seed: 2020 → 2021
    spec.toml | s/generate = 2/generate = 3/ | scenarios.generate: 2 → 3
    spec.toml | s/horizon_s = 600/horizon_s = 660/ | scenarios.horizon_s: 600 → 660
    spec.toml | s/step_s = 60/&\nmodel = "student_t"/ | \
    scenarios.model: jump_diffusion → student_t
    spec.toml | s/^paths = .*/&\nbar_path = "ohlc"/ | inputs.bar_path: auto → ohlc
    spec.toml | s/depth = 0.1,/depth = 0.2,/ | pegs.JITOSOL.depth: 0.1 → 0.2
    spec.toml | s/at_s = 60/at_s = 90/ | pegs.JITOSOL.at_s: 60 → 90
    spec.toml | s/"none"/"best 1"/ | details: none → best 1
    spec.toml | s/, "dip.csv"// | scenarios: 4 → 3 | input dip.csv is gone
    spec.toml | s/"fall.csv", "dip.csv"/"dip.csv", "fall.csv"/ | \
    inputs: the same files in another order
    spec.toml | s/# as it is anyway/# another comment/
    """#
    .replacing(" \\\n", with: " ").split(separator: "\n").map { Change($0) }

  private func place() throws -> Workdir {
    let place = try Workdir()
    try place.write("spec.toml", CompareInputTests.spec)
    try place.write("own.toml", CompareInputTests.venues)
    return place
  }

  private func sweep(_ place: Workdir, _ folder: String) throws {
    try place.run(["sweep", "spec.toml", "-o", folder, "--report", "none", "-q"])
  }

  /// The sentences that `compare` has on what went in.
  private func named(_ place: Workdir) throws -> [String] {
    let said = try place.run(["compare", "a", "b", "--json"]).output
    let found = try JSONSerialization.jsonObject(with: said) as? [String: Any]
    return try #require(found?["inputs"] as? [String])
  }

  @Test(arguments: changes)
  func everyChangeIsNamedAlone(_ change: Change) throws {
    let place = try place()
    try sweep(place, "a")
    let before = try place.bytes(change.file)
    try place.shell("sed -i '\(change.edit)' \(change.file)")
    #expect(try place.bytes(change.file) != before)
    try sweep(place, "b")
    #expect(try named(place) == change.lines)
  }

  /// Files of every night have names of their own.
  @Test func filesOfOtherNamesAreFoundByTheirRole() throws {
    let place = try place()
    try sweep(place, "a")
    try place.shell(
      """
      mkdir tuesday && cp prices.csv tuesday/ && mv dip.csv deep.csv
      sed 's/,13507.88,/,13000.88,/' book.csv > book-tuesday.csv
      sed -i 's|"book.csv"|"book-tuesday.csv"|; s|"prices|"tuesday/prices|; s|dip.csv|deep.csv|' \
        spec.toml
      """
    )
    try sweep(place, "b")
    #expect(try named(place) == ["input book.csv → book-tuesday.csv changed"])
  }

  @Test func anotherProgramIsNamed() throws {
    let place = try place()
    try sweep(place, "a")
    try place.shell(
      """
      cp -r a b && sed -i 's/"breakwater": ".*"/"breakwater": "0.0.9"/;
        s/"results_revision": ".*"/"results_revision": "0-1"/;
        s/"embedded venues": "sha256 ......../&00/' b/manifest.json
      """
    )
    let lines = try named(place)
    #expect(lines.count == 3)
    #expect(lines[0].hasPrefix("breakwater: ") && lines[0].hasSuffix(" → 0.0.9"))
    #expect(lines[1].hasPrefix("results revision: ") && lines[1].hasSuffix(" → 0-1"))
  }

  /// Folders of before the manifest said what was run.
  @Test func anOlderManifestIsReadAllTheSame() throws {
    let place = try place()
    try sweep(place, "a")
    try place.shell("sed -i 's/deploy_usd = 500_000/deploy_usd = 510_000/' spec.toml")
    try sweep(place, "b")
    try place.write(
      "old.py",
      """
      import json
      manifest = json.load(open("a/manifest.json"))
      del manifest["run"]
      for file in manifest["inputs"]:
          del file["role"]
      json.dump(manifest, open("a/manifest.json", "w"))
      """
    )
    try place.shell("python3 old.py")
    #expect(try named(place) == ["spec spec.toml changed; a manifest does not say in what"])
    try place.shell("sed -i 's/deploy_usd = 510_000/deploy_usd = 500_000/' spec.toml")
    try place.run(["verify", "a", "-q"])
    try place.run(["report", "a", "-q"])
    #expect(try place.text("a/report.html").contains("What was run"))
  }

  /// A reader of the page alone has to know what was run.
  @Test func thePageHasTheSettingsOfTheRun() throws {
    let place = try place()
    try place.run(["sweep", "spec.toml", "-o", "a", "--report", "page", "-q"])
    let page = try place.text("a/report.html").replacingOccurrences(of: "<wbr>", with: "")
    #expect(page.contains("<td>vault.deploy_usd</td><td>USD</td><td class=\"n\">500000</td>"))
    #expect(page.contains("<td>scenarios.horizon_s</td><td>s</td><td class=\"n\">600</td>"))
    #expect(page.contains("<td>pegs.JITOSOL.depth</td>"))
    #expect(page.contains("<td>auctions</td>"), "the runs of the stages")
  }
}
