// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Pages
internal import TextKit

extension Figures {
  /// One cycle of the vault on its price path, with its thresholds.
  static func cycle(_ model: ReportModel, _ row: CycleRow, id: String) -> Figure {
    let cell = model.cells.row(of: row.cellID) ?? model.chosen.best
    let stop = model.setting("vault.stop_loss", row: cell).map { row.deployPrice * (1 - $0) }
    let recover = model.setting("vault.recover_bps", row: cell)
      .map { row.deployPrice * (1 + $0 / 10_000) }
    let timeout = model.setting("vault.timeout_s", row: cell)
    let length = max(60, Double(row.exitedAt - row.deployedAt) / 1000)
    let end = max(length, min(timeout ?? length, length * 3))
    let (from, to) = (-end * 0.25, end * 1.2)
    let line = model.scene?.line(row.scenario, row.asset)
    let path = line.map { Figures.thinned($0, from: row.deployedAt, seconds: from...to) } ?? []
    var prices = path.map(\.price) + [row.low, row.high, row.lowestPrice, row.exitPrice]
    prices += [stop, recover].compactMap { $0 }
    let minute = { (seconds: Double) in text(seconds / 60) }
    var commands =
      axes(x: "time since the deployment (minutes)", y: "\(row.asset) price (USD)") + [
        "set xrange [\(minute(from)):\(minute(to))]",
        Figures.range("y", prices.min() ?? 0, prices.max() ?? 1), grid, "set key below maxrows 3",
        "set format y '\(row.high >= 1000 ? "%.0f" : "%.6g")'",
        "set object 1 rectangle from graph 0, first \(text(row.low)) to graph 1, first"
          + " \(text(row.high)) behind fillcolor rgb '\(Ink.series[3])' fillstyle solid 0.25"
          + " noborder",
      ]
    if let timeout, timeout <= to {
      commands.append(
        "set arrow from \(minute(timeout)), graph 0 to \(minute(timeout)), graph 1 nohead linecolor"
          + " rgb '\(Ink.soft)' dashtype 3 linewidth 1.5"
      )
    }
    let plots = Figures.cyclePlots(row, stop: stop, recover: recover, hasPath: !path.isEmpty)
    let atLowest =
      path.first { $0.price <= row.lowestPrice && $0.seconds >= 0 }?.seconds ?? length / 2
    let spot = line?.price(at: row.deployedAt) ?? row.deployPrice
    let fill = Figures.fill(row, line).map { "\(minute($0.seconds)) \(text($0.price))" }
    return Figure(
      id: id,
      width: width,
      height: 380,
      title: "One cycle of the vault on its price path",
      data: [
        ("p", path.isEmpty ? ["NaN NaN"] : path.map { "\(minute($0.seconds)) \(text($0.price))" }),
        ("a", ["0 \(text(spot))"]), ("f", fill.isEmpty ? ["NaN NaN"] : fill),
        ("l", ["\(minute(atLowest)) \(text(row.lowestPrice))"]),
        ("e", ["\(minute(length)) \(text(row.exitPrice))"]),
      ],
      commands: commands + ["plot " + plots.joined(separator: ", ")]
    )
  }

  /// Where a cycle's fill begins and ends: the first step at or below the bin's upper edge, and the
  /// first at which as much was filled as ever.
  private static func fill(
    _ row: CycleRow,
    _ line: ReportScene.Line?
  ) -> [(seconds: Double, price: Double)] {
    guard let line, row.filledShare > 0 else { return [] }
    let held = zip(line.times, line.prices).filter { time, price in
      time >= row.deployedAt && time <= row.exitedAt && !price.isNaN
    }
    return [row.high, max(row.low, row.lowestPrice)].compactMap { level in
      held.first { $0.1 <= level }.map { (Double($0.0 - row.deployedAt) / 1000, $0.1) }
    }
  }

  /// What is drawn over a cycle: price, thresholds, events.
  private static func cyclePlots(
    _ row: CycleRow,
    stop: Double?,
    recover: Double?,
    hasPath: Bool
  ) -> [String] {
    var plots: [String] = []
    if hasPath {
      plots.append(
        "$p using 1:2 with lines linewidth 1.2 linecolor rgb '\(Ink.text)' title 'price'"
      )
    }
    func level(_ value: Double?, _ name: String, _ ink: String) {
      guard let value else { return }
      plots.append(
        "\(text(value)) with lines linewidth 1.5 dashtype 2 linecolor rgb '\(ink)' title '\(name)'"
      )
    }
    level(stop, "stop-loss", Ink.series[1])
    level(recover, "recover", Ink.series[2])
    plots.append(
      "NaN with boxes fillstyle solid 0.25 noborder linecolor rgb '\(Ink.series[3])' title"
        + " 'cluster'"
    )
    plots.append(
      "NaN with lines linecolor rgb '\(Ink.soft)' dashtype 3 linewidth 1.5 title 'timeout'"
    )
    for (block, kind, ink, name) in [
      ("a", 9, Ink.series[0], "deploy"), ("f", 7, Ink.series[3], "fill"),
      ("l", 11, Ink.series[4], "lowest"),
      ("e", 13, Ink.series[1], "exit: \(row.exitReason)"),
    ] {
      plots.append(
        "$\(block) using 1:2 with points pointtype \(kind) pointsize 1 linecolor rgb '\(ink)' title"
          + " \(Gnuplot.quoted(name))"
      )
    }
    return plots
  }

  /// A price line around a moment with at most about 800 points; extremes stay.
  static func thinned(
    _ line: ReportScene.Line,
    from start: Int64,
    seconds: ClosedRange<Double>
  ) -> [(seconds: Double, price: Double)] {
    var inside: [(seconds: Double, price: Double)] = []
    for (time, price) in zip(line.times, line.prices) where !price.isNaN {
      let own = Double(time - start) / 1000
      if seconds.contains(own) { inside.append((own, price)) }
    }
    let stride = (inside.count + 399) / 400
    guard stride > 1 else { return inside }
    var out: [(seconds: Double, price: Double)] = []
    for first in Swift.stride(from: 0, to: inside.count, by: stride) {
      let part = inside[first..<min(inside.count, first + stride)]
      guard let low = part.indices.min(by: { part[$0].price < part[$1].price }),
        let high = part.indices.max(by: { part[$0].price < part[$1].price })
      else { continue }
      out += Set([low, high]).sorted().map { part[$0] }
    }
    return out
  }

  /// Clusters of an asset around spot: forced size by price, confidence as shade.
  static func ladder(_ scene: ReportScene, asset: String, id: String) -> Figure? {
    guard let spot = scene.spots[asset] else { return nil }
    let near = scene.bins(of: asset).filter { $0.high >= spot * 0.8 && $0.low <= spot * 1.2 }
    guard !near.isEmpty else { return nil }
    let scale = UnitScale("USD", of: near.map(\.forcedSizeUSD))
    let rows = near.map { bin in
      "\(scale.text(bin.forcedSizeUSD)) \(text(bin.low)) \(text(bin.high)) \(bin.confidence)"
    }
    let prices = near.map(\.low) + near.map(\.high) + [spot]
    return Figure(
      id: id,
      width: width,
      height: 420,
      title: "Clusters of \(asset) around spot",
      data: [("d", rows)],
      commands: axes(x: scale.title("forced size"), y: "\(asset) price (USD)") + [
        "set xrange [0:*]",
        Figures.range("y", prices.min() ?? 0, prices.max() ?? 1, margin: 0.02),
        "set format y '\(spot >= 1000 ? "%.0f" : "%.6g")'", grid,
        "set palette defined (0 '#deebf7', 1 '#9ecae1', 2 '#4292c6', 3 '#08519c')",
        "set cbrange [0:100]", "set cblabel 'confidence (0 to 100)'", "set key below maxrows 1",
        "set style fill solid border linecolor rgb '\(Ink.soft)'",
        "plot $d using 1:2:(0):1:2:3:4 with boxxyerror fillcolor palette linewidth 0.4 notitle,"
          + " \(text(spot)) with lines linewidth 1.5 dashtype 2 linecolor rgb"
          + " '\(Ink.series[1])' title 'spot'",
      ]
    )
  }

  /// The clock of the lots of a cell, and where each of them ended.
  static func auctions(_ lots: LotRows, id: String) -> Figure? {
    let known = lots.rows.filter { $0.openUSD > 0 }
    guard let first = known.first else { return nil }
    let longest = known.map(\.seconds).max() ?? 1
    let kappa = first.kappaUSDPerSecond / first.openUSD * 100
    let isOneClock = known.allSatisfy {
      ($0.kappaUSDPerSecond / $0.openUSD * 100 - kappa).magnitude <= 1e-6 * max(kappa, 1e-9)
    }
    var blocks: [(name: String, rows: [String])] = []
    var plots: [String] = []
    if isOneClock {
      plots.append(
        "(100-\(text(kappa))*x) with lines linewidth 1.5 linecolor rgb '\(Ink.text)' title"
          + " 'clock'"
      )
    }
    for (place, entry) in lots.outcomes.prefix(5).enumerated() {
      let points = entry.lots.filter { $0.openUSD > 0 }.prefix(2000)
      let name = "o\(place)"
      blocks.append(
        (name, points.map { "\(text($0.seconds)) \(text($0.priceUSD / $0.openUSD * 100))" })
      )
      plots.append(
        "$\(name) using 1:2 with points pointtype \([7, 9, 11, 13, 5][place]) pointsize 0.5"
          + " linecolor"
          + " rgb '\(Ink.series[place])' title \(Gnuplot.quoted(entry.outcome))"
      )
    }
    blocks.append(
      (
        "r",
        known.prefix(2000).map { "\(text($0.seconds)) \(text($0.reserveUSD / $0.openUSD * 100))" }
      )
    )
    plots.append(
      "$r using 1:2 with points pointtype 1 pointsize 0.4 linecolor rgb '\(Ink.series[5])' title"
        + " 'reserve'"
    )
    let shares = known.flatMap { [$0.priceUSD / $0.openUSD, $0.reserveUSD / $0.openUSD] }
    return Figure(
      id: id,
      width: width,
      height: 370,
      title: "Auction clock against the bids that took the lots",
      data: blocks,
      commands: axes(x: "time since the lot opened (s)", y: "price (% of the opening price)") + [
        Figures.range("x", 0, longest),
        Figures.range(
          "y",
          (shares.min() ?? 0) * 100,
          max(100, min(130, (shares.max() ?? 1) * 100))
        ),
        grid, "set key below maxrows 2", "plot " + plots.joined(separator: ", "),
      ]
    )
  }
}
