// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Pages
internal import TextKit

extension ReportPage {
  func addHeatMaps(to page: inout Page) {
    guard !model.heatMaps.isEmpty else { return }
    let goal = model.goals[0]
    page.section("Heat maps", id: "heat")
    page.add(
      HTML.paragraph(
        "Mean of \(goal.title) over all cells with a pair of values; every other swept setting"
          + " takes"
          + " all of its values."
      )
    )
    for map in model.heatMaps where map.isConstant {
      page.add(HTML.paragraph("It does not vary with \(map.y.name) and \(map.x.name)."))
    }
    if hasPictures {
      page.add("<div class=\"figures\">\n")
      for (index, map) in model.heatMaps.enumerated() {
        page.add(picture("heat\(index)", "\(map.y.name) by \(map.x.name)"))
      }
      page.add("</div>\n")
      return
    }
    for map in model.heatMaps where !map.isConstant { page.add(table(map, goal)) }
  }

  /// A heat map as a table with shaded cells.
  private func table(_ map: HeatMap, _ goal: Goal) -> String {
    var table = HTMLTable(
      [.text("\(map.y.title) ↓, \(map.x.title) →")]
        + (0..<map.x.count).map { .number(map.x.label($0)) }
    )
    for y in 0..<map.y.count {
      var cells = [HTMLTable.Cell(map.y.label(y), isHeading: true)]
      for x in 0..<map.x.count {
        let mean = map.mean(x: x, y: y)
        let text = Plain.metric(mean.isNaN ? nil : mean, goal.metrics[0])
        cells.append(HTMLTable.Cell(text, shade: map.shade(mean, of: Page.shades.count)))
      }
      table.add(cells)
    }
    let swatches = Page.shades.indices.map { "<i class=\"s\($0)\"></i>" }.joined()
    let ends = map.range.map { range in
      (
        Plain.metric(range.lowerBound, goal.metrics[0]),
        Plain.metric(range.upperBound, goal.metrics[0])
      )
    }
    let legend =
      "<p class=\"note\">\(HTML.escaped(goal.title)): \(ends?.0 ?? "") <span class=\"scale\">"
      + "\(swatches)</span> \(ends?.1 ?? "")</p>\n"
    return table.text + legend
  }

  func addFront(to page: inout Page) {
    page.section("Pareto front", id: "front")
    let shown = Array(model.frontier.prefix(25))
    page.add(
      HTML.paragraph(
        "\(NumberText.grouped(model.frontier.count)) of"
          + " \(NumberText.grouped(model.cells.count)) cells"
          + " are beaten by no other in all objectives"
          + (model.frontier.count > shown.count ? "; the first \(shown.count) are listed." : ".")
      )
    )
    page.add(
      picture(
        "pareto",
        "Cells by the first two objectives that vary" + model.directions
          + "; where many lie together one dot stands for them."
      )
    )
    var table = HTMLTable(
      [.text("cell")] + model.cells.axes.map { .number(model.shortName($0.name)) }
        + model.goals.map { .number($0.title) }
    )
    for row in shown {
      table.add(
        [model.cells.id(row)] + model.cells.axes.map { Plain.number($0.value(row: row)) }
          + model.goals.map { Plain.metric($0.values[row], $0.metrics[0]) }
      )
    }
    page.add(table.text)
  }

  func addDistribution(to page: inout Page) {
    let goal = model.goals[0]
    page.section("Distribution of P&L", id: "spread")
    page.add("<div class=\"figures\">\n")
    page.add(picture("spread", "Cells by \(goal.name)."))
    page.add(
      picture(
        "cells",
        "Vault P&L of chosen cells: dots are scenarios, for cells whose cycles were written."
      )
    )
    page.add("</div>\n")
    guard model.cells.values("vault_pnl_usd") != nil else { return }
    var table = HTMLTable(
      [
        .text("cell"), .text("why"), .number("mean"), .number("5 %"), .number("median"),
        .number("95 %"),
      ],
      caption: "Vault P&L over the scenarios (USD)"
    )
    for row in model.distributionRows {
      func value(_ ending: String) -> String {
        Plain.money(model.cells.value("vault_pnl_usd" + ending, row: row))
      }
      let isReference = row == model.chosen.reference
      let why =
        row == model.chosen.best
        ? "best"
        : isReference ? (model.chosen.isExact ? "defaults" : "near defaults") : "among the best"
      table.add([model.cells.id(row), why, value(""), value("_p05"), value("_p50"), value("_p95")])
    }
    page.add(table.text)
  }

  func addSensitivity(to page: inout Page) {
    page.section("Sensitivity", id: "shares")
    page.add(
      HTML.paragraph(
        "Share of an objective's variance over the cells that each swept setting explains on"
          + " its own."
          + " The rest lies in combinations of settings."
      )
    )
    page.add(picture("shares", "Shares of variance by objective."))
    var table = HTMLTable(
      [.text("objective")] + model.cells.axes.map { .number(model.shortName($0.name)) }
        + [.number("combinations")]
    )
    for (goal, sensitivity) in zip(model.goals, model.sensitivities) {
      guard let shares = sensitivity.shares else {
        table.add([goal.name, "does not vary"])
        continue
      }
      table.add([goal.name] + shares.map { Plain.percent($0) } + [Plain.percent(sensitivity.rest)])
    }
    page.add(table.text)
  }
}
