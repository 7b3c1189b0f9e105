// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Clusters
package import Numerics
package import Tables

/// Our liquidation prices beside those that venues state, summed up row by row.
///
///     difference = (ours − theirs) / theirs · 10,000 bps
///
/// Counts and notional are exact and can be added up in any order. Quantiles are the nearest rank,
/// found to 1 part in 4,096 in a histogram, so that memory does not grow with the book.
package struct Reconciliation: Sendable {
  /// One row of a book that has a stated price, ours, or both.
  package struct Row: Sendable {
    package var account: String
    package var venue: String
    package var asset: String
    /// Liquidation price, USD; nil for none.
    package var ours: Double?
    /// The price stated by the venue, USD; nil for none.
    package var theirs: Double?
    /// Size at our price, or at the stated one where we have none, micro-USD.
    package var notional: Micro

    package init(
      account: String,
      venue: String,
      asset: String,
      ours: Double?,
      theirs: Double?,
      notional: Micro
    ) {
      (self.account, self.venue, self.asset) = (account, venue, asset)
      (self.ours, self.theirs, self.notional) = (ours, theirs, notional)
    }

    /// The signed difference in bps, nil where one side has no price.
    package var difference: Double? {
      guard let ours, let theirs else { return nil }
      return (ours - theirs) / theirs * 10_000
    }

    /// The bins of 50 bps in which both prices lie, nil for none.
    package var bins: (ours: Int?, theirs: Int?) {
      let grid = BinGrids.grid(binBPS: 50)
      return (ours.flatMap(grid.bin), theirs.flatMap(grid.bin))
    }
  }

  /// What the rows of one venue came to.
  package struct Sums: Sendable, Equatable {
    /// Rows in which both sides have a price, or only one of them.
    package var compared = 0
    package var oursOnly = 0
    package var theirsOnly = 0
    /// Rows within 0.01, 1, 10 and 50 bps.
    package var within = [0, 0, 0, 0]
    /// Rows in another bin, and notional of all compared rows and of those, micro-USD.
    package var otherBin = 0
    package var notional: Int128 = 0
    package var notionalInOtherBin: Int128 = 0
    /// The largest difference, bps.
    package var largest = 0.0
    fileprivate var histogram: [UInt32: Int] = [:]

    package init() {}

    /// The difference in bps that a share of the compared rows does not exceed; nil without rows.
    package func quantile(_ share: Double) -> Double? {
      guard compared > 0 else { return nil }
      let rank = max(1, Int((Double(compared) * share).rounded(.up)))
      var seen = 0
      for key in histogram.keys.sorted() {
        seen += histogram[key] ?? 0
        if seen >= rank { return Double(bitPattern: UInt64(key) << 40) }
      }
      return largest
    }
  }

  /// The limits of `Sums.within`, bps.
  package static let limits = [0.01, 1, 10, 50]

  package private(set) var sums: [String: Sums] = [:]
  /// The rows with the largest differences, the largest first; equal ones in the order they came.
  package private(set) var worst: [Row] = []
  private let worstCount: Int

  /// Starts without rows; `worst` is how many of the worst rows are kept.
  package init(worst: Int = 10) { worstCount = max(0, worst) }

  /// Adds a row; one without any price is passed over.
  package mutating func add(_ row: Row) {
    guard let difference = row.difference else {
      if row.ours != nil { sums[row.venue, default: Sums()].oursOnly += 1 }
      if row.theirs != nil { sums[row.venue, default: Sums()].theirsOnly += 1 }
      return
    }
    let size = difference.magnitude
    let bins = row.bins
    let isOther = bins.ours != bins.theirs
    // In place, since a copy of the histogram for each row would be slow.
    Reconciliation.count(size, row.notional, isOther, in: &sums[row.venue, default: Sums()])
    guard worstCount > 0 else { return }
    if worst.count == worstCount, let last = worst.last?.difference, size <= last.magnitude {
      return
    }
    let place = worst.firstIndex { ($0.difference ?? 0).magnitude < size } ?? worst.count
    worst.insert(row, at: place)
    if worst.count > worstCount { worst.removeLast() }
  }

  private static func count(
    _ size: Double,
    _ notional: Micro,
    _ isOther: Bool,
    in sums: inout Sums
  ) {
    sums.compared += 1
    sums.notional += Int128(notional)
    for (place, limit) in limits.enumerated() where size <= limit { sums.within[place] += 1 }
    if isOther {
      sums.otherBin += 1
      sums.notionalInOtherBin += Int128(notional)
    }
    sums.largest = max(sums.largest, size)
    // Sign, exponent and 12 bits of the mantissa.
    sums.histogram[UInt32(truncatingIfNeeded: size.bitPattern >> 40), default: 0] += 1
  }

  // MARK: - CSV

  /// Appends the header of the table of compared rows.
  package static func appendHeader(to table: inout CSVBuilder) {
    table.row([
      "account", "venue", "asset", "ours", "theirs", "difference_bps", "bin_ours", "bin_theirs",
    ])
  }

  /// Appends a row; what is not known is an empty field.
  package static func append(_ row: Row, to table: inout CSVBuilder) {
    table.text(row.account)
    table.text(row.venue)
    table.text(row.asset)
    table.number(row.ours)
    table.number(row.theirs)
    table.number(row.difference)
    for bin in [row.bins.ours, row.bins.theirs] {
      if let bin { table.integer(bin) } else { table.empty() }
    }
    table.endRow()
  }
}
