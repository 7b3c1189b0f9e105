// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Inputs
import Markets
import Settings
import Sweeps
import TestSupport
import Testing
import TextKit

/// A sweep as its file says it (DESIGN 9).
@Suite struct SweepSpecTests {
  private static let inputs = """
    [inputs]
    book = "book.csv"
    paths = ["crash.csv", "/data/calm.csv"]

    """

  /// Reads a spec; paths come out without the folder.
  private func read(_ text: String) throws -> (spec: SweepSpec, folder: WorldFolder) {
    let folder = WorldFolder()
    return (try SweepSpec.read(folder.file("sweep.toml", text)), folder)
  }

  private func refusal(_ text: String) -> String {
    let folder = WorldFolder()
    let path = folder.file("sweep.toml", SweepSpecTests.inputs + text)
    return complaint(folder) { _ = try SweepSpec.read(path) }
  }

  @Test func `what is not named keeps its default and paths belong to the file`() throws {
    let (spec, folder) = try read(SweepSpecTests.inputs)
    #expect(folder.short(spec.book) == "book.csv")
    #expect(spec.book.hasPrefix(folder.path + "/"))
    #expect(spec.paths.map(folder.short) == ["crash.csv", "/data/calm.csv"])
    #expect(spec.prices == nil)
    #expect(spec.venues.isEmpty)
    #expect(spec.generator == nil)
    #expect(spec.seed == 1)
    #expect(spec.grid.count == 1)
    #expect(spec.grid.base == Settings())
    #expect(spec.objectives == Objective.defaults)
    #expect(folder.short(spec.folder) == "results")
    #expect(spec.details == .none)
    #expect(spec.pathOptions == PathOptions())
    #expect(try spec.catalogue([]).venueIndex(named: "hyperliquid") != nil)
  }

  @Test func `every part of a spec is read`() throws {
    let (spec, folder) = try read(
      """
      [inputs]
      book = "b/book.csv.gz"
      prices = "prices.csv"
      paths = ["x.csv"]
      bar_stamp = "end"
      bar_path = "close"
      bar_seconds = 60
      from_ms = 10
      to_ms = 20
      [scenarios]
      generate = 3
      model = "crash"
      horizon_s = 600
      step_s = 2
      seed = 9
      [settings]
      vault.deploy_usd = 2_000_000
      vault.inventory = "amm"
      protection.enabled = false
      clusters.use_cross = 0
      report.objectives = ["max vault_pnl_usd", "min auction_bad_debt_usd+system_bad_debt_usd"]
      [grid]
      vault.stop_loss = [0.02, 0.03]
      vault.timeout_s = { from = 300, to = 900, steps = 3 }
      auction.kappa_bps_per_s = { from = 1, to = 100, steps = 3, scale = "log" }
      protection.stagger = [false, true]
      vault.fee_bps = 30
      [output]
      folder = "out"
      details = "best 10"
      """
    )
    #expect(folder.short(spec.book) == "b/book.csv.gz")
    #expect(spec.prices.map(folder.short) == "prices.csv")
    #expect(spec.pathOptions.stamp == .end)
    #expect(spec.pathOptions.order == .close)
    #expect(spec.pathOptions.barSeconds == 60)
    #expect(spec.pathOptions.fromMilliseconds == 10)
    #expect(spec.pathOptions.toMilliseconds == 20)
    #expect(spec.generator?.count == 3)
    #expect(spec.generator?.model == .crash)
    #expect(spec.generator?.stepCount == 301)
    #expect(spec.generator?.seed == 9)
    #expect(spec.seed == 9)
    #expect(spec.grid.base[.vaultDeploy] == 2_000_000)
    #expect(spec.grid.base[.vaultInventory] == 1)
    #expect(spec.grid.base[.protectionEnabled] == 0)
    #expect(spec.grid.base[.clustersUseCross] == 0)
    #expect(spec.objectives.count == 2)
    #expect(spec.objectives[1] == Objective.defaults[4])
    #expect(
      spec.grid.axes.map(\.name) == [
        "auction.kappa_bps_per_s", "protection.stagger", "vault.fee_bps", "vault.stop_loss",
        "vault.timeout_s",
      ]
    )
    #expect(
      spec.grid.axes.map(\.values) == [
        [1, 10, 100], [0, 1], [30], [0.02, 0.03], [300, 600, 900],
      ]
    )
    #expect(folder.short(spec.folder) == "out")
    #expect(spec.details == .best(10))
  }

  @Test(arguments: [
    ("none", Details.none), ("all", .all), ("best 0", .best(0)), ("best 25", .best(25)),
  ])
  func `details are none, best N or all`(text: String, details: Details) throws {
    let (spec, _) = try read(SweepSpecTests.inputs + "[output]\ndetails = \"\(text)\"\n")
    #expect(spec.details == details)
  }

  @Test func `a venue number may be set and swept`() throws {
    let (spec, _) = try read(
      SweepSpecTests.inputs + """
        [settings]
        venues.kamino.assets.SOL.borrow_factor = 1.5
        [grid]
        venues.kamino.assets.SOL.liquidation_threshold = [0.7, 0.75]
        """
    )
    let path = "venues.kamino.assets.SOL.liquidation_threshold"
    #expect(spec.grid.axes.map(\.target) == [.venue(path: path)])
    let factor = VenueValue(path: "venues.kamino.assets.SOL.borrow_factor", value: 1.5)
    #expect(spec.grid.venueBase == [factor])
    #expect(spec.grid.cell(0).venueValues == [factor, VenueValue(path: path, value: 0.7)])
    // 0.75 is the default, so the cell is named by the factor alone.
    let plain = try read(
      SweepSpecTests.inputs + "[settings]\nvenues.kamino.assets.SOL.borrow_factor = 1.5\n"
    )
    #expect(spec.grid.cell(1).id == plain.spec.grid.cell(0).id)
    let catalogue = try spec.catalogue(spec.grid.cell(0).venueValues)
    let kamino = try #require(catalogue.venueIndex(named: "kamino"))
    let sol = try #require(catalogue.assets.index(of: "SOL"))
    let leg = Leg(venue: kamino, asset: sol, kind: .deposit, quantity: 1)
    let health = try catalogue.venues[kamino].rule.health(
      of: leg,
      in: LegContext(legs: [leg], confidenceRatio: 0)
    )
    #expect(health.slope == 0.7)
  }

  @Test(arguments: [
    (
      "[settings]\nvault.stop_los = 0.1",
      "sweep.toml:5: unknown setting 'vault.stop_los'; did you mean 'vault.stop_loss'?"
    ),
    (
      "[grid]\nvault.timeout = [1, 2]",
      "sweep.toml:5: unknown setting 'vault.timeout'; did you mean 'vault.timeout_s'?"
    ),
    (
      "[settings]\nvault.stop_loss = 1.5",
      "sweep.toml:5: settings.vault.stop_loss: found 1.5, expected a number above 0 and below 1"
    ),
    (
      "[settings]\nauction.specialists = 2.5",
      "sweep.toml:5: settings.auction.specialists: found 2.5, expected a whole number from 0 to"
        + " 10000"
    ),
    (
      "[grid]\nvault.inventory = [\"held\", \"amm\"]",
      "sweep.toml:5: grid.vault.inventory: 'vault.inventory' is a word and cannot be swept,"
        + " expected a numeric setting; run one sweep for each word"
    ),
    (
      "[grid]\nvault.stop_loss = [0.1, 0.1]",
      "sweep.toml:5: grid.vault.stop_loss: found 0.1 twice, expected different values; values of a"
        + " range are rounded to 6 significant digits"
    ),
    (
      "[grid]\nvault.timeout_s = { from = 0, to = 5, steps = 3, scale = \"log\" }",
      "sweep.toml:5: grid.vault.timeout_s: a log scale needs from and to above 0"
    ),
    (
      "[output]\ndetails = \"best\"",
      "sweep.toml:5: output.details: found 'best', expected 'none', 'best N' or 'all'"
    ),
    (
      "[output]\ndetails = \"best -1\"",
      "sweep.toml:5: output.details: found 'best -1', expected 'none', 'best N' or 'all'"
    ),
  ])
  func `what cannot be is refused with its line`(text: String, message: String) {
    #expect(refusal(text) == message)
  }

  @Test(arguments: [
    ("[settings]\nvault.inventory = \"am\"", "sweep.toml:5: settings.vault.inventory: found"),
    ("[setting]\nvault.fee_bps = 1", "sweep.toml:4: unknown key 'setting'"),
    (
      "[output]\nfolders = \"x\"",
      "sweep.toml:5: unknown key 'output.folders'; did you mean 'folder'?"
    ),
    ("[scenarios]\ngenerate = 0", "sweep.toml:5: scenarios.generate: found 0, expected"),
    ("[scenarios]\ngenerate = 1\nmodel = \"crush\"", "sweep.toml:6: scenarios.model: found"),
    ("[grid]\nvault.timeout_s = { from = 1, to = 5 }", "sweep.toml:5: grid.vault.timeout_s"),
    (
      "[grid]\nvenues.kamino.assets.SOL.factor = [1, 2]",
      "sweep.toml:5: unknown setting 'venues.kamino.assets.SOL.factor'"
    ),
    (
      "[grid]\nvenues.none.assets.SOL.x = [1]",
      "sweep.toml:5: unknown setting 'venues.none.assets.SOL.x'"
    ),
    ("[settings]\nreport.objectives = [\"max x\"]", "sweep.toml:5: settings.report.objectives"),
    ("[settings]\nvault.fee_bps = \"5\"", "sweep.toml:5: settings.vault.fee_bps: found the text"),
    ("[settings\n", "sweep.toml:4"),
  ])
  func `what cannot be read is refused with its place`(text: String, start: String) {
    let message = refusal(text)
    #expect(message.hasPrefix(start))
  }

  @Test func `a spec needs a book and scenarios`() {
    let folder = WorldFolder()
    let none = folder.file("a.toml", "[inputs]\nbook = \"b.csv\"\n")
    #expect(
      complaint(folder) { _ = try SweepSpec.read(none) }
        == "a.toml:1: inputs.paths: found no paths, expected paths = [\"…\"] or [scenarios]"
        + " generate = N"
    )
    let seed = folder.file("b.toml", "[inputs]\nbook = \"b.csv\"\n[scenarios]\nseed = 3\n")
    #expect(complaint(folder) { _ = try SweepSpec.read(seed) }.contains("found no paths"))
    let bookless = folder.file("c.toml", "[inputs]\npaths = [\"p.csv\"]\n")
    #expect(complaint(folder) { _ = try SweepSpec.read(bookless) }.hasPrefix("c.toml:1: inputs"))
    #expect(
      complaint(folder) { _ = try SweepSpec.read("\(folder.path)/none.toml") }
        .hasPrefix("missingInput: none.toml: no such file")
    )
  }

  @Test func `a venue file replaces assets and adds venues`() throws {
    let folder = WorldFolder()
    let venues = folder.file(
      "mine.toml",
      """
      [venues.kamino.assets]
      SOL = { liquidation_threshold = 0.5 }
      [venues.mine]
      kind = "perp_tiered"
      [venues.mine.assets]
      SOL = { max_leverage = 10 }
      """
    )
    let catalogue = try VenueFiles.catalogue([venues])
    let sol = try #require(catalogue.assets.index(of: "SOL"))
    let kamino = try #require(catalogue.venueIndex(named: "kamino"))
    let leg = Leg(venue: kamino, asset: sol, kind: .borrow, quantity: 1)
    let context = LegContext(legs: [leg], confidenceRatio: 0)
    // The asset's whole table is replaced, so its borrow factor is the kind's default again.
    #expect(try catalogue.venues[kamino].rule.health(of: leg, in: context).slope == -1)
    #expect(catalogue.venueIndex(named: "mine") != nil)
    let spec = try SweepSpec.read(
      folder.file(
        "sweep.toml",
        "[inputs]\nbook = \"b.csv\"\npaths = [\"p.csv\"]\nvenues = \"mine.toml\"\n"
      )
    )
    #expect(spec.venues.map(folder.short) == ["mine.toml"])
    #expect(try spec.catalogue([]).venueIndex(named: "mine") != nil)
  }
}
