// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Pages
internal import Reports
internal import TextKit

extension ReportPage {
  /// Lines of a table of settings; the manifest has all of them.
  private static let mostSettings = 60

  /// What the spec says besides the grid: settings, scenarios, pegs, venues.
  func addRun(to page: inout Page) {
    let shown = model.manifest.facts.filter { fact in
      ["setting ", "scenarios.", "pegs.", "venues.", "assets."].contains {
        fact.name.hasPrefix($0)
      }
    }
    guard !shown.isEmpty else {
      if !model.manifest.facts.isEmpty {
        page.add(HTML.paragraph("Every other setting has its default."))
      }
      return
    }
    var table = HTMLTable(
      [.text("setting"), .text("unit"), .number("value")],
      caption: "What the spec sets besides; every other setting has its default."
    )
    for fact in shown.prefix(ReportPage.mostSettings) {
      let name = fact.name.split(separator: " ").last.map(String.init) ?? fact.name
      let isKnown = name.hasPrefix("venues.") || fact.name.hasPrefix("setting ")
      let unit = ColumnGlossary.unit(of: isKnown ? name : name.replacing(".", with: "_"))
      table.add([name, isKnown || unit != "count" ? unit : "", fact.value])
    }
    page.add(table.text)
    if shown.count > ReportPage.mostSettings {
      page.add(
        HTML.paragraph(
          "And \(shown.count - ReportPage.mostSettings) more, which manifest.json has.",
          note: true
        )
      )
    }
  }

  /// What the names of the page mean, in sentences.
  func addNames(to page: inout Page) {
    page.section("What the names mean", id: "names")
    var table = HTMLTable([.text("name"), .text("unit"), .text("meaning")])
    let metrics = model.shownMetrics.filter { model.cells.values($0) != nil }
    for name in model.cells.axes.map(\.name) + metrics {
      table.add([name, ColumnGlossary.unit(of: name), ColumnGlossary.meaning(of: name)])
    }
    page.add(table.text)
  }

  /// How much work the cells share.
  func addStages(to page: inout Page) {
    guard let scene = model.scene, scene.cellCount == model.cells.count, !scene.stages.isEmpty
    else { return }
    page.section("Shared work", id: "work")
    page.add(
      HTML.paragraph(
        "A stage runs once for all worlds (a cell in a scenario) that agree on what it reads."
          + " Seconds differ from run to run; the sweep prints them at its end."
      )
    )
    let worlds = model.cells.count * model.manifest.scenarios
    var table = HTMLTable([.text("stage"), .number("runs"), .number("worlds for one run")])
    for stage in scene.stages {
      let shared = Double(worlds) / Double(stage.runs)
      table.add([
        stage.name, NumberText.grouped(stage.runs), Plain.number(shared, digits: 3),
      ])
    }
    page.add(table.text)
  }
}
