// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Numerics
package import Settings
package import TextKit

/// How many points to draw of a grid that is too large to run, and with which numbers.
package struct GridSample: Sendable, Equatable {
  /// How the way along each dimension is filled.
  package enum Method: String, CaseIterable, Sendable {
    /// Latin hypercube: every part of the way once, in an order of its own.
    case latin
    /// Sobol sequence, shifted by the seed: every prefix of the points is spread evenly.
    case sobol
  }

  package var count: Int
  package var seed: UInt64
  package var method: Method

  package init(count: Int, seed: UInt64, method: Method = .latin) {
    self.count = count
    self.seed = seed
    self.method = method
  }
}

extension GridSample {
  /// Columns of drawn values, one for each axis of the groups, which are the grid's dimensions.
  ///
  /// A Latin hypercube (McKay, Beckman, Conover, 1979): the way along every dimension is cut into
  /// `count` equal parts and each part is used once, in an order of its own, at a random place. Or
  /// the first points of a Sobol sequence, whose digits each dimension shifts by 53 random bits.
  /// An axis that was given as a range takes the value there, rounded to 6 significant decimals,
  /// for a whole number or flag the nearest whole one; a list's or zip group's share is a row.
  ///
  /// - Edge cases: rows that come out equal are there once, so there may be fewer than `count`.
  func columns(of groups: [[Axis]]) throws(Failure) -> [Axis] {
    let ordered = groups.map { group in
      group.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }.sorted { $0[0].name.utf8.lexicographicallyPrecedes($1[0].name.utf8) }
    try checkDimensions(ordered.count)
    var columns: [[Double]] = []
    for (number, group) in ordered.enumerated() {
      let shares = shares(of: number)
      if group.count == 1, let range = group[0].range {
        let isWhole = group[0].isWhole
        columns.append(
          shares.map { (share: Double) -> Double in
            let value = range.value(at: share)
            return isWhole ? value.rounded(.toNearestOrEven) : value
          }
        )
        continue
      }
      let count = group[0].values.count
      let rows = shares.map { min(count - 1, Int($0 * Double(count))) }
      for axis in group { columns.append(rows.map { axis.values[$0] }) }
    }
    var known: Set<[Double]> = []
    let rows = (0..<count).filter { row in known.insert(columns.map { $0[row] }).inserted }
    var axes: [Axis] = []
    for (axis, values) in zip(ordered.joined(), columns) {
      axes.append(
        try Axis(
          name: axis.name,
          target: axis.target,
          values: rows.map { values[$0] },
          range: axis.range,
          allowsRepeats: true
        )
      )
    }
    return axes
  }

  /// Refuses more dimensions than the method has numbers for.
  func checkDimensions(_ count: Int) throws(Failure) {
    guard method == .sobol, count > SobolSequence.dimensionCount else { return }
    throw Failure(
      .data,
      "found \(count) axes and zip groups, expected at most \(SobolSequence.dimensionCount) for a"
        + " Sobol sequence; use method = \"latin\""
    )
  }

  /// A share of the way along a dimension for every row, from 0 to below 1.
  func shares(of dimension: Int) -> [Double] {
    let random = Philox(seed: seed, scenario: UInt32(dimension), stream: .gridSample)
    if method == .sobol {
      let sequence = SobolSequence(dimension: dimension)
      let shift = UInt64(random.uniforms(index: 0, block: 2).0 * 0x1p53)
      return (0..<count).map { (point: Int) -> Double in
        Double(UInt64(sequence.digits(of: UInt32(point))) << 21 ^ shift) * 0x1p-53
      }
    }
    var parts = Array(0..<count)
    for place in parts.indices.reversed() {
      let draw = random.uniforms(index: UInt32(place), block: 0).0
      parts.swapAt(place, Int(draw * Double(place + 1)))
    }
    return parts.enumerated().map { (row: Int, part: Int) -> Double in
      let inside = random.uniforms(index: UInt32(row), block: 1).0
      return (Double(part) + inside) / Double(count)
    }
  }
}

extension Axis {
  /// Whether only whole numbers make sense.
  fileprivate var isWhole: Bool {
    guard case .setting(let key) = target else { return false }
    switch Setting.all[key.rawValue].kind {
    case .whole, .flag: return true
    case .number, .word: return false
    }
  }
}

extension Grid {
  /// The grid of points drawn of a product, as one dimension of which all axes are columns.
  ///
  /// The product may have more points than can be counted. Rows stand in the order drawn; those
  /// that break a constraint are left out.
  ///
  /// * `sample`: how many points, from 1 to 10,000,000.
  /// - Throws: a data failure when nothing is swept, and as for any grid.
  package init(
    sampling sample: GridSample,
    axes: [Axis],
    zips: [[Axis]] = [],
    constraints: [Constraint] = [],
    base: Settings,
    venueBase: [VenueValue],
    venueDefaults: [String: Double]
  ) throws(Failure) {
    let groups = axes.map { [$0] } + zips
    guard !groups.isEmpty else {
      throw Failure(.data, "found no axis to draw samples of, expected settings in [grid]")
    }
    guard (1...Grid.mostConstrainedPoints).contains(sample.count) else {
      throw Failure(
        .data,
        "found \(sample.count) cells to draw, expected from 1 to"
          + " \(NumberText.grouped(Grid.mostConstrainedPoints))"
      )
    }
    for columns in zips { try GridDimension.checkZip(columns) }
    try self.init(
      axes: [],
      zips: [try sample.columns(of: groups)],
      constraints: constraints,
      base: base,
      venueBase: venueBase,
      venueDefaults: venueDefaults
    )
  }
}
