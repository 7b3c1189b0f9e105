// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Liquidation
package import Markets
internal import Numerics
package import Tables
package import TextKit

/// Rows of `liquidation_prices.csv` for accounts that were never in memory as such.
///
/// The same text as `PriceReport` gives for the whole book.
package struct PriceStream: Sendable {
  /// The text so far.
  package let text = RowText()
  /// Rows by status.
  package private(set) var counts: [LiquidationStatus: Int] = [:]

  private let catalogue: VenueCatalogue
  private let snapshot: PriceSnapshot
  private let perps: LonePerps
  private let venues: [[UInt8]]
  private let assets: [[UInt8]]
  /// What stands between an account's text and its numbers, by venue, asset, direction and status.
  private var middles: [[UInt8]]
  private var perpCounts = [0, 0, 0, 0]
  private static let statuses: [LiquidationStatus] = [
    .atRisk, .unreachable, .liquidatable, .empty,
  ]
  private let words = PriceStream.statuses.map { Array($0.rawValue.utf8) }
  private let below = Array(Direction.below.rawValue.utf8)
  private let above = Array(Direction.above.rawValue.utf8)

  /// Begins with no row.
  package init(_ catalogue: VenueCatalogue, _ snapshot: PriceSnapshot, _ perps: LonePerps) {
    (self.catalogue, self.snapshot, self.perps) = (catalogue, snapshot, perps)
    venues = catalogue.venues.map { PriceStream.field($0.name) }
    assets = catalogue.assets.symbols.map { PriceStream.field($0) }
    middles = Array(repeating: [], count: 12 * venues.count * assets.count)
  }

  private static func field(_ text: String) -> [UInt8] {
    var builder = CSVBuilder()
    builder.text(text)
    return builder.bytes
  }

  /// Whether an account of this row alone can be written by `append(_:name:isClean:)`.
  package func takes(_ row: LegRecord) -> Bool { perps.takes(row) }

  /// The same for a row of a table that is an account of one perp.
  @inline(__always)
  package func takes(_ table: RowColumns, row: Int) -> Bool {
    unsafe perps.takes(venue: Int(table.venue[row]), asset: Int(table.asset[row]))
  }

  /// Appends the row of an account of one perp.
  ///
  /// * `name`: the account's text; `isClean` says that it needs no quotes.
  package mutating func append(
    _ row: LegRecord,
    name: Span<UInt8>,
    isClean: Bool
  ) throws(Failure) {
    let position = perps.position(row, deposited: row.deposited)
    let assessment = position.assessment
    let status = PriceStream.place(of: assessment.status)
    perpCounts[status] += 1
    text.field(name, isClean: isClean)
    let way = assessment.direction == nil ? 0 : assessment.direction == .below ? 1 : 2
    let place = ((Int(row.venue) * assets.count + position.asset) * 3 + way) * 4 + status
    if middles[place].isEmpty { middles[place] = middle(row, position.asset, way, status) }
    text.reserve(bytes: middles[place].count + 64, numbers: 6)
    text.add(middles[place])
    guard let root = assessment.price, let direction = assessment.direction else {
      for _ in 0..<4 { text.comma() }
      text.endRow()
      return
    }
    text.number(root)
    text.comma()
    text.number(direction.distance(of: snapshot.prices[position.asset], from: root))
    text.comma()
    let size = position.size
    let first =
      if let penalty = perps.wholePenalty(of: position, root: root) {
        Rung(share: 1, price: root, penalty: penalty)
      } else {
        perps.rungs(of: position, isDeep: assessment.status == .liquidatable)[0]
      }
    let notional = try micro(size * root)
    text.money(notional)
    text.comma()
    text.number(first.share)
    text.comma()
    let taken = first.share == 1 ? notional : try micro((size * root) * first.share)
    text.money(first.penalty == 0 ? 0 : try share(first.penalty, of: taken))
    text.endRow()
  }

  /// What stands between the account's text and its numbers.
  private func middle(_ row: LegRecord, _ asset: Int, _ way: Int, _ status: Int) -> [UInt8] {
    let comma = [UInt8(ascii: ",")]
    let direction = way == 0 ? [] : way == 1 ? below : above
    let venue = venues[Int(row.venue)]
    return comma + venue + comma + assets[asset] + comma + direction + comma + words[status] + comma
  }

  private static func place(of status: LiquidationStatus) -> Int {
    switch status {
    case .atRisk: 0
    case .unreachable: 1
    case .liquidatable: 2
    case .empty: 3
    }
  }

  /// Accounts of any kind, compiled and solved.
  package struct Solved {
    fileprivate let source: PriceReport.Source
    fileprivate let assessments: [Assessment]
  }

  /// Solves accounts of any kind.
  package func solve(_ book: Book) throws(Failure) -> Solved {
    let compiled = try AffineBook(compiling: book, catalogue: catalogue, snapshot: snapshot)
    return Solved(
      source: PriceReport.Source(
        book: book,
        catalogue: catalogue,
        snapshot: snapshot,
        compiled: compiled
      ),
      assessments: try IsolatedKernel.solve(
        compiled,
        deposited: book.accounts.map(\.protection.deposited),
        snapshot: snapshot,
        threads: 1
      )
    )
  }

  /// Appends the rows of some of those accounts.
  package mutating func append(_ accounts: Range<Int>, of solved: Solved) throws(Failure) {
    guard let last = accounts.last else { return }
    let compiled = solved.source.compiled
    let rows =
      compiled.rows(of: accounts.lowerBound).lowerBound..<compiled.rows(of: last).upperBound
    var table = CSVBuilder()
    try PriceReport.append(rows, of: solved.source, solved.assessments, .init(), to: &table)
    for row in rows { counts[solved.assessments[row].status, default: 0] += 1 }
    text.append(table)
  }

  /// Rows by status, those of lone perps too.
  package var allCounts: [LiquidationStatus: Int] {
    var all = counts
    for (place, status) in PriceStream.statuses.enumerated() {
      all[status, default: 0] += perpCounts[place]
    }
    return all
  }
}
