// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import TextKit

/// Every combination of moves of some assets; the last asset moves fastest.
package struct ShockGrid: ShockSource {
  /// The moves of one asset, written `SOL=-50:50:1%`: from, to and step in per cent.
  package struct Axis: Sendable, Equatable {
    package let symbol: String
    /// First move and step in millionths of a per cent; exact.
    private let first: Int
    private let step: Int
    package let count: Int

    /// Decimals of a per cent that may be written.
    private static let places = 6
    private static let scale = 1_000_000
    private static let example = "such as SOL=-50:50:1%"

    /// Reads an axis.
    ///
    /// - Throws: a usage failure for another form, numbers of more than six decimals, a step that
    ///   is not above 0 or does not end exactly at `to`, or a move of −100 % or less.
    package init(_ text: String) throws(Failure) {
      func refused(_ expected: String) -> Failure {
        Failure(.usage, "--grid: found '\(Failure.shown(text))', expected \(expected)")
      }
      guard let mark = text.lastIndex(of: "="), mark > text.startIndex else {
        throw refused("an asset and its moves, \(Axis.example)")
      }
      symbol = String(text[..<mark])
      let parts = text[text.index(after: mark)...]
        .split(separator: ":", omittingEmptySubsequences: false)
        .map { $0.hasSuffix("%") ? $0.dropLast() : $0 }
      let numbers = parts.compactMap { Axis.exact($0) }
      guard parts.count == 3, numbers.count == 3 else {
        throw refused("from:to:step in per cent with at most six decimals, \(Axis.example)")
      }
      let (from, to, step) = (numbers[0], numbers[1], numbers[2])
      guard step > 0 else { throw refused("a step above 0, \(Axis.example)") }
      guard to >= from else { throw refused("from at most to, \(Axis.example)") }
      guard from > -100 * Axis.scale else {
        throw refused("moves above -100 %, at which no price is left")
      }
      guard (to - from) % step == 0 else {
        let last = from + (to - from) / step * step
        throw refused(
          "steps that end at to: from \(parts[0]) in steps of \(parts[2]) they reach"
            + " \(Axis.decimal(last)), then \(Axis.decimal(last + step))"
        )
      }
      (first, self.step, count) = (from, step, (to - from) / step + 1)
    }

    /// A move as a share of the price: the double nearest to the decimal.
    package func move(_ index: Int) -> Double {
      Double(first + index * step) / Double(100 * Axis.scale)
    }

    /// A move as it is written, such as `-12.5%`.
    func text(_ index: Int) -> String { Axis.decimal(first + index * step) + "%" }

    /// Millionths of a decimal of up to nine digits before the point.
    private static func exact(_ text: Substring) -> Int? {
      var digits = text
      var sign = 1
      if let mark = digits.first, mark == "-" || mark == "+" {
        sign = mark == "-" ? -1 : 1
        digits = digits.dropFirst()
      }
      let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
      guard (1...2).contains(parts.count), (1...9).contains(parts[0].utf8.count) else { return nil }
      let decimals = parts.count == 2 ? parts[1] : ""
      guard decimals.utf8.count <= places, parts.count == 1 || !decimals.isEmpty else {
        return nil
      }
      let all = parts[0] + decimals + String(repeating: "0", count: places - decimals.utf8.count)
      guard all.utf8.allSatisfy({ (48...57).contains($0) }), let value = Int(all) else {
        return nil
      }
      return sign * value
    }

    private static func decimal(_ value: Int) -> String {
      NumberText.shortest(Double(value) / Double(scale))
    }
  }

  private let axes: [Axis]
  /// Place of each moved asset in the axes.
  private let axisOfAsset: [Int: Int]
  private let start: PriceSnapshot
  package let count: Int

  /// Most scenarios of a grid.
  private static let most = 1_000_000_000

  /// Makes a grid.
  ///
  /// * `assets`: the asset of each axis.
  /// - Throws: a usage failure for an asset twice, or more than 10⁹ combinations.
  package init(_ axes: [Axis], assets: [Int], start: PriceSnapshot) throws(Failure) {
    precondition(axes.count == assets.count, "Invariant: an asset for each axis")
    var places: [Int: Int] = [:]
    var count = 1
    for (place, axis) in axes.enumerated() {
      guard places.updateValue(place, forKey: assets[place]) == nil else {
        throw Failure(.usage, "--grid: found \(axis.symbol) twice, expected each asset once")
      }
      let (product, isTooLarge) = count.multipliedReportingOverflow(by: axis.count)
      guard !isTooLarge, product <= ShockGrid.most else {
        throw Failure(
          .usage,
          "--grid: found more than \(NumberText.grouped(ShockGrid.most)) combinations; take larger"
            + " steps"
        )
      }
      count = product
    }
    (self.axes, axisOfAsset, self.start, self.count) = (axes, places, start, count)
  }

  /// The moves of a scenario, such as `SOL=-50% ETH=10%`.
  package func name(of scenario: Int) -> String {
    axes.indices.map { axes[$0].symbol + "=" + axes[$0].text(index(of: $0, in: scenario)) }
      .joined(separator: " ")
  }

  private func index(of axis: Int, in scenario: Int) -> Int {
    var rest = scenario
    for faster in axes.indices.dropFirst(axis + 1) { rest /= axes[faster].count }
    return rest % axes[axis].count
  }

  package func addPrices(
    of scenarios: Range<Int>,
    assets: [Int],
    threads: Int,
    to prices: inout [Double]
  ) throws(Failure) {
    for asset in assets {
      let price = start.prices[asset]
      guard let axis = axisOfAsset[asset] else {
        prices.append(contentsOf: repeatElement(price, count: scenarios.count))
        continue
      }
      for scenario in scenarios {
        let move = axes[axis].move(index(of: axis, in: scenario))
        prices.append(
          try shockedPrice(price, move) { () in (name(of: scenario), axes[axis].symbol) }
        )
      }
    }
  }
}
