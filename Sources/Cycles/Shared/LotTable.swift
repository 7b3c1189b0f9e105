// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Markets
internal import Numerics
package import TextKit

/// The lots that falling accounts open along one path, each once however many worlds open it.
///
/// A lot's collateral and debt do not depend on protection, only the step in which it opens does;
/// so the worlds of a sweep share most of their lots, and one scan of a lot serves all of them.
package struct LotTable: Sendable {
  /// One account that opens lots at one step.
  struct Opening: Sendable {
    var account: Int32
    var step: Int32
    /// Its lots in `pieces`.
    var lots: Range<Int32>
    var debt: Micro
    var liquidated: Int128
  }

  /// What one world opens: openings and what the accounts hold then.
  package struct Members: Sendable {
    /// Indices of openings, by step and account.
    let openings: [Int32]
    /// Deposits of each of them.
    let deposits: [Micro]
    /// Their lots in the table.
    package let lots: [Range<Int32>]
  }

  private(set) var openings: [Opening] = []
  private(set) var pieces: [ForfeitedCollateral.Piece] = []
  /// Opening of each piece.
  private(set) var openingOfPiece: [Int32] = []
  private var known: [Int64: Int32] = [:]

  package init() {}

  /// Enters the falls of one world.
  package mutating func members(
    _ falls: [AccountFall],
    _ lanes: AccountLanes,
    _ track: OracleTrack
  ) throws(Failure) -> Members {
    var list: [Int32] = []
    var deposits: [Micro] = []
    var lots: [Range<Int32>] = []
    for fall in falls where lanes.sellsByAuction[Int(fall.account)] {
      let index = try opening(of: fall, lanes, track)
      list.append(index)
      deposits.append(fall.deposited)
      let own = openings[Int(index)].lots
      if let last = lots.last, last.upperBound == own.lowerBound {
        lots[lots.count - 1] = last.lowerBound..<own.upperBound
      } else {
        lots.append(own)
      }
    }
    return Members(openings: list, deposits: deposits, lots: lots)
  }

  private mutating func opening(
    of fall: AccountFall,
    _ lanes: AccountLanes,
    _ track: OracleTrack
  ) throws(Failure) -> Int32 {
    let key = Int64(fall.account) << 32 | Int64(fall.step)
    if let index = known[key] { return index }
    let step = Int(fall.step)
    let forfeited = try ForfeitedCollateral(
      lanes.input.book.accounts[Int(fall.account)],
      deposited: fall.deposited
    ) {
      track.price(ofLeg: $0, at: step, lanes)
    } confidence: {
      track.confidence(ofLeg: $0, at: step, lanes)
    }
    let index = Int32(openings.count)
    let first = Int32(pieces.count)
    for piece in forfeited.pieces {
      pieces.append(piece)
      openingOfPiece.append(index)
    }
    openings.append(
      Opening(
        account: fall.account,
        step: fall.step,
        lots: first..<Int32(pieces.count),
        debt: forfeited.debt,
        liquidated: forfeited.liquidated
      )
    )
    known[key] = index
    return index
  }
}

/// How every lot of a table ends under some settings of auctions, before the backstop ladder.
package struct LotScan: Sendable {
  let settings: AuctionSettings
  let lots: [Lot]
  /// Step at which each lot is settled.
  let steps: [Int32]
  /// What specialists pay, −1 for lots that go to the backstop ladder.
  let prices: [Micro]
  /// Seconds from opening to acceptance, NaN for the others.
  package let seconds: [Double]
  /// Lots whose settlement depends on others, in the order of settlement: those that go to the
  /// ladder or fetch less than they owe, and those of accounts with several.
  let chained: [Int32]

  package init(
    _ table: LotTable,
    _ settings: AuctionSettings,
    _ lanes: AccountLanes,
    _ track: OracleTrack,
    seed: UInt64,
    scenario: Int
  ) throws(Failure) {
    self.settings = settings
    let events = EventMarket(lanes.input.catalogue)
    let specialists = try Specialist.draw(
      settings,
      seed: seed,
      scenario: scenario,
      events: events
    )
    var lots: [Lot] = []
    var steps: [Int32] = []
    var prices: [Micro] = []
    var seconds: [Double] = []
    var chained: [Int32] = []
    for (index, piece) in table.pieces.enumerated() {
      let opening = table.openings[Int(table.openingOfPiece[index])]
      let lot = try Lot(
        piece,
        settings,
        account: Int(opening.account),
        number: index,
        time: track.times[Int(opening.step)],
        events: events
      )
      lots.append(lot)
      var scan = LotClock(lot, settings, specialists, lanes, track)
      let taken = try scan.acceptance(from: Int(opening.step))
      steps.append(Int32(scan.step))
      prices.append(taken?.price ?? -1)
      seconds.append(taken?.seconds ?? .nan)
      if opening.lots.count > 1 || !lot.isPaid(by: taken?.price ?? -1) {
        chained.append(Int32(index))
      }
    }
    chained.sort { a, b in
      let (x, y) = (Int(a), Int(b))
      return (steps[x], lanes.ranks[lots[x].account], a)
        < (steps[y], lanes.ranks[lots[y].account], b)
    }
    self.lots = lots
    self.steps = steps
    self.prices = prices
    self.seconds = seconds
    self.chained = chained
  }
}
