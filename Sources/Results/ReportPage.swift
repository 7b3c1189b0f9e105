// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Pages
internal import Reports
internal import Sweeps
internal import TextKit

/// `report.html`: what a sweep found, in one file that opens anywhere.
package struct ReportPage: Sendable {
  let model: ReportModel
  private var figures: [String: String] = [:]
  /// Why there are no pictures; nil when there are.
  package private(set) var missingPictures: String?

  /// Draws the pictures of a model.
  ///
  /// Without gnuplot, or where it fails, the page has its tables and says so.
  package init(_ model: ReportModel) {
    self.model = model
    guard Gnuplot.path != nil else {
      missingPictures = "gnuplot was not found, so this page has tables only."
      return
    }
    let wanted = ReportPage.figures(of: model)
    do throws(Failure) {
      for (figure, svg) in zip(wanted, try Gnuplot.draw(wanted)) { figures[figure.id] = svg }
    } catch {
      missingPictures =
        "The pictures could not be drawn, so this page has tables only: \(error.message)"
    }
  }

  private static func figures(of model: ReportModel) -> [Figure] {
    var list: [Figure?] = [
      Figures.pareto(model, id: "pareto"), Figures.histogram(model, id: "spread"),
      Figures.distribution(model, id: "cells"), Figures.sensitivity(model, id: "shares"),
    ]
    for (index, map) in model.heatMaps.enumerated() {
      list.append(Figures.heatMap(map, goal: model.goals[0], id: "heat\(index)"))
    }
    if let row = model.shownCycle { list.append(Figures.cycle(model, row, id: "cycle")) }
    for (index, asset) in model.shownAssets.enumerated() {
      list.append(model.scene.flatMap { Figures.ladder($0, asset: asset, id: "ladder\(index)") })
    }
    list.append(model.confidence.flatMap { Figures.confidence($0, id: "trust") })
    list.append(model.lots.flatMap { Figures.auctions($0, id: "clock") })
    return list.compactMap { $0 }
  }

  /// The file.
  package var text: String {
    var page = Page(title: "Sweep report: \(model.specName)")
    addOverview(to: &page)
    addHeadline(to: &page)
    addHeatMaps(to: &page)
    addFront(to: &page)
    addDistribution(to: &page)
    addSensitivity(to: &page)
    addCycle(to: &page)
    addLadders(to: &page)
    addConfidence(to: &page)
    addAuctions(to: &page)
    addStages(to: &page)
    addNames(to: &page)
    addProvenance(to: &page)
    return page.text
  }

  /// A picture with its caption; nothing where it was not drawn.
  func picture(_ id: String, _ caption: String) -> String {
    figures[id].map { HTML.figure($0, caption: caption) } ?? ""
  }

  var hasPictures: Bool { missingPictures == nil }

  private func addOverview(to page: inout Page) {
    let manifest = model.manifest
    let facts: [(String, String)] = [
      ("cells", NumberText.grouped(model.cells.count)),
      ("scenarios", NumberText.grouped(manifest.scenarios)),
      ("accounts", NumberText.grouped(manifest.accounts)),
      ("swept settings", String(model.cells.axes.count)),
      ("on the Pareto front", NumberText.grouped(model.frontier.count)),
    ]
    let cards = facts.map { "<div class=\"card\"><b>\($0.1)</b><span>\($0.0)</span></div>" }
    page.add("<div class=\"cards\">\(cards.joined())</div>\n")
    if let missingPictures { page.add(HTML.paragraph(missingPictures, note: true)) }
    for note in model.notes { page.add(HTML.paragraph(note, note: true)) }
    page.section("What was run", id: "run")
    var table = HTMLTable([
      .text("swept setting"), .text("unit"), .number("values"), .text("from … to"),
    ])
    for axis in model.cells.axes {
      let ends = "\(Plain.number(axis.lows[0])) … \(Plain.number(axis.highs[axis.count - 1]))"
      let isGrouped = axis.lows != axis.highs
      let count = isGrouped ? "many" : String(axis.count)
      table.add([axis.name, ColumnGlossary.unit(of: axis.name), count, ends])
    }
    page.add(table.text)
    var text = "Every cell was run over every scenario; seed \(manifest.seed)."
    if let sample = manifest.sample {
      text += " The cells are a sample of \(NumberText.grouped(sample.count)) points of the grid."
    }
    page.add(HTML.paragraph(text))
    addRun(to: &page)
  }

  private func addHeadline(to page: inout Page) {
    page.section("Best cell against the defaults", id: "best")
    let (best, reference) = (model.chosen.best, model.chosen.reference)
    let (cells, goal) = (model.cells, model.goals[0])
    page.add(
      HTML.paragraph(
        "Judged by the \(goal.isMaximised ? "highest" : "lowest") \(goal.name), then by the other"
          + " objectives,"
          + " the best cell is \(cells.id(best)): \(cells.settings(row: best)). The cell"
          + " \(model.chosen.isExact ? "of" : "nearest to") the defaults is"
          + " \(cells.id(reference)): \(cells.settings(row: reference))."
      )
    )
    let objectives = Set(model.goals.flatMap(\.metrics))
    var table = HTMLTable(
      [
        .text("metric"), .number("best cell"), .number("defaults"), .number("difference"),
      ],
      caption: "Means over the scenarios; in brackets the range from 5 % to 95 % of the scenarios."
        + " A star marks objectives."
    )
    for metric in model.shownMetrics {
      guard let values = cells.values(metric) else { continue }
      let name = metric + (objectives.contains(metric) ? " *" : "") + model.unitText(metric)
      let difference = values[best] - values[reference]
      table.add([
        name, model.interval(metric, best), model.interval(metric, reference),
        (difference > 0 ? "+" : "") + Plain.metric(difference, metric),
      ])
    }
    page.add(table.text)
    if let line = model.pairedLine { page.add(HTML.paragraph(line)) }
  }
}
