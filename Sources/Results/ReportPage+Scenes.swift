// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Pages
internal import Reports
internal import TextKit

extension ReportPage {
  func addCycle(to page: inout Page) {
    guard let row = model.shownCycle else { return }
    page.section("One cycle of the vault", id: "cycle")
    page.add(HTML.paragraph(CycleStory.text(row)))
    page.add(
      picture(
        "cycle",
        "Price of \(row.asset) in scenario \(row.scenario), cycle \(row.cycle) of cell"
          + " \(row.cellID)."
          + (model.scene == nil ? " The path is not here, so only the events are drawn." : "")
      )
    )
  }

  func addLadders(to page: inout Page) {
    guard let scene = model.scene, !scene.bins.isEmpty else { return }
    page.section("Clusters around spot", id: "ladder")
    page.add(
      HTML.paragraph(
        "Forced size by price bin at the first prices of scenario 0, under the settings of the"
          + " spec."
      )
    )
    page.add("<div class=\"figures\">\n")
    for (index, asset) in model.shownAssets.enumerated() {
      page.add(
        picture("ladder\(index)", "\(asset): bins within 20 % of spot; shade is confidence.")
      )
    }
    page.add("</div>\n")
    var table = HTMLTable(
      [
        .text("asset"), .text("direction"), .number("low (USD)"), .number("high (USD)"),
        .number("forced size (USD)"), .number("confidence (0–100)"), .number("rungs"),
        .text("deployable"),
      ],
      caption: "The twelve largest clusters. A rung is one liquidation of an account; deployable"
        + " are those that are large and sure enough for the vault."
    )
    let largest = scene.bins.enumerated().sorted { a, b in
      (b.element.forcedSizeUSD, a.offset) < (a.element.forcedSizeUSD, b.offset)
    }
    for (_, bin) in largest.prefix(12) {
      table.add([
        bin.asset, bin.isBelow ? "below" : "above", Plain.number(bin.low), Plain.number(bin.high),
        Plain.money(bin.forcedSizeUSD), String(bin.confidence), NumberText.grouped(bin.positions),
        bin.isDeployable ? "yes" : "no",
      ])
    }
    page.add(table.text)
  }

  func addConfidence(to page: inout Page) {
    guard let check = model.confidence, !check.points.isEmpty else { return }
    page.section("Was confidence right?", id: "trust")
    page.add(
      HTML.paragraph(
        "For each cluster of the start that the price went through (of 10,000 USD and more),"
          + " in each"
          + " scenario: the share of its forced size that was closed at prices inside it, in cell"
          + " \(check.cell). Confidence is a bound that nine in ten should reach. Accounts whose"
          + " liquidation price moved meanwhile, because other assets moved or protection paid in,"
          + " close elsewhere."
      )
    )
    page.add(
      picture(
        "trust",
        "A dot is one or more clusters; larger dots are more of them. Shares above 130 % are drawn"
          + " at 130 %."
      )
    )
    var table = HTMLTable([
      .text("confidence (0–100)"), .number("clusters × scenarios"),
      .number("mean confidence (%)"), .number("mean closed inside (%)"),
      .number("reached their confidence"),
    ])
    for group in check.groups {
      table.add([
        group.label, NumberText.grouped(group.count), Plain.number(group.meanPredicted, digits: 3),
        Plain.number(group.meanRealised, digits: 3), Plain.percent(group.reached),
      ])
    }
    page.add(table.text)
  }

  func addAuctions(to page: inout Page) {
    guard let lots = model.lots, !lots.rows.isEmpty else { return }
    page.section("Auction clock and bids", id: "clock")
    page.add(
      HTML.paragraph(
        "The lots of cell \(lots.cell) over all scenarios: where the falling clock met a bid,"
          + " or what"
          + " became of a lot that nobody took; plus signs are reserves."
      )
    )
    page.add(picture("clock", "Each mark is one lot, in percent of its opening price."))
    var table = HTMLTable([
      .text("outcome"), .number("lots"), .number("mean time (s)"), .number("opened at (USD)"),
      .number("price (USD)"), .number("surplus (USD)"), .number("bad debt (USD)"),
    ])
    for (outcome, own) in lots.outcomes {
      func sum(_ pick: (LotRow) -> Double) -> Double { own.reduce(0) { $0 + pick($1) } }
      table.add([
        outcome, NumberText.grouped(own.count),
        Plain.number(sum { $0.seconds } / Double(own.count), digits: 4),
        Plain.money(sum { $0.openUSD }), Plain.money(sum { $0.priceUSD }),
        Plain.money(sum { $0.surplusUSD }), Plain.money(sum { $0.badDebtUSD }),
      ])
    }
    page.add(table.text)
  }

  func addProvenance(to page: inout Page) {
    page.section("Provenance", id: "provenance")
    let manifest = model.manifest
    page.add(
      HTML.paragraph(
        "Made by breakwater \(manifest.version) of \(manifest.spec.name), seed \(manifest.seed)."
          + " Times are not part of the results; the manifest has the wall time."
      )
    )
    var table = HTMLTable(
      [.text("file"), .text("role"), .number("rows"), .number("bytes"), .text("SHA-256")]
    )
    let files = [
      ("spec", [manifest.spec]), ("input", manifest.inputs), ("result", manifest.outputs),
    ]
    for (role, list) in files {
      for file in list.prefix(60) {
        table.add([
          file.name, file.role ?? role, file.rows.map(NumberText.grouped) ?? "",
          NumberText.grouped(file.bytes),
          file.sha256,
        ])
      }
      if list.count > 60 { table.add(["and \(list.count - 60) more", role]) }
    }
    page.add(table.text)
  }
}
