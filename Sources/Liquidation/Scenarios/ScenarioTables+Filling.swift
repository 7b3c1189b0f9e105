// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Markets
internal import Numerics
internal import TextKit

/// What scenarios need to know of a book beside its lines.
struct ScenarioMap: Sendable {
  /// Assets that a price moves, by index; the place in this list is the place in a panel.
  var assets: [Int] = []
  var placeOfAsset: [Int32] = []
  /// Places of sums: first one for each venue, then one for each venue and asset.
  var slots: [(venue: Int, asset: Int?)] = []
  private var slotOfVenue: [Int32] = []
  private var slotOfPair: [Int32] = []

  /// Finds the venues, assets and pairs of them that accounts which can fall have.
  init(_ book: AffineBook, venues: [Int32], snapshot: PriceSnapshot) {
    let assetCount = snapshot.prices.count
    let venueCount = Int(venues.max() ?? -1) + 1
    var pairs = Array(repeating: false, count: venueCount * assetCount)
    for account in 0..<book.accountCount where book.canFall(account) {
      for row in book.rows(of: account) {
        pairs[Int(venues[account]) * assetCount + Int(book.asset[row])] = true
      }
    }
    placeOfAsset = Array(repeating: -1, count: assetCount)
    slotOfVenue = Array(repeating: -1, count: venueCount)
    slotOfPair = Array(repeating: -1, count: pairs.count)
    for venue in 0..<venueCount
    where pairs[venue * assetCount..<(venue + 1) * assetCount].contains(true) {
      slotOfVenue[venue] = Int32(slots.count)
      slots.append((venue, nil))
    }
    for pair in pairs.indices where pairs[pair] {
      slotOfPair[pair] = Int32(slots.count)
      slots.append((pair / assetCount, pair % assetCount))
      placeOfAsset[pair % assetCount] = 0
    }
    for asset in 0..<assetCount where placeOfAsset[asset] == 0 {
      placeOfAsset[asset] = Int32(assets.count)
      assets.append(asset)
    }
  }

  func slot(venue: Int32) -> Int32 { slotOfVenue[Int(venue)] }

  func slot(venue: Int32, asset: Int32) -> Int32 {
    slotOfPair[Int(venue) * placeOfAsset.count + Int(asset)]
  }
}

extension AffineBook {
  /// Whether an account can fall at all; the others are left out of scenarios.
  func canFall(_ account: Int) -> Bool { hasDebt[account] && !isEmpty[account] }

  /// How much of everything the tables of some accounts need.
  func tableSize(of accounts: Range<Int>) -> TableSize {
    var size = TableSize(accounts: accounts.count)
    var pool = ConstantPool()
    for account in accounts {
      let rows = self.rows(of: account)
      size.rows += rows.count
      guard canFall(account) else { continue }
      for row in rows {
        size.terms += markdown(of: row) == 0 ? 0 : 1
        if table[row] == 0 {
          size.terms += 1
          continue
        }
        let lines = self.lines(of: row)
        size.terms += lines.count == 1 ? 1 : 0
        if lines.count > 1 {
          size.tiered += 1
          size.lines += lines.count
          _ = pool.place(of: lines)
        }
      }
    }
    size.constants = pool.count
    return size
  }
}

extension ScenarioTables {
  /// Fills the tables of some accounts.
  ///
  /// * `start`: sizes of all accounts before them.
  func fill(
    _ accounts: Range<Int>,
    from book: AffineBook,
    venues: [Int32],
    deposited: [Micro],
    snapshot: PriceSnapshot,
    map: ScenarioMap,
    start: TableSize
  ) {
    var place = start
    var pool = ConstantPool()
    for account in accounts {
      let rows = book.rows(of: account)
      let canFall = book.canFall(account)
      unsafe firstTerm[account] = Int32(place.terms)
      unsafe firstTiered[account] = Int32(place.tiered)
      unsafe firstRow[account] = Int32(place.rows)
      unsafe constant[account] = canFall ? 0 : 1
      if canFall {
        unsafe venueSlot[account] = map.slot(venue: venues[account])
        let fixed = book.fixed(of: account, deposited: deposited[account])
        unsafe (constant[account], magnitude[account]) = (fixed, fixed.magnitude)
        unsafe equity[account] = book.equityFixed(of: account) + usd(deposited[account])
      }
      for row in rows {
        let asset = book.asset[row]
        unsafe quantity[place.rows] = book.quantity[row]
        if canFall { unsafe slot[place.rows] = map.slot(venue: venues[account], asset: asset) }
        place.rows += 1
        guard canFall else { continue }
        let offset = map.placeOfAsset[Int(asset)] * 32
        let markdown = book.markdown(of: row) * snapshot.confidenceRatios[Int(asset)]
        if book.table[row] == 0 {
          unsafe (slope[place.terms], self.offset[place.terms]) = (book.slope[row], offset)
          place.terms += 1
        } else {
          add(book.lines(of: row), account: account, offset: offset, at: &place, &pool)
        }
        if book.markdown(of: row) != 0 {
          unsafe (slope[place.terms], self.offset[place.terms]) = (-markdown, offset)
          place.terms += 1
        }
      }
    }
  }

  /// Marks the ends of the last account and of the last line.
  func close(_ size: TableSize) {
    unsafe firstTerm[size.accounts] = Int32(size.terms)
    unsafe firstTiered[size.accounts] = Int32(size.tiered)
    unsafe firstRow[size.accounts] = Int32(size.rows)
    unsafe firstLine[size.tiered] = Int32(size.lines)
  }

  private func add(
    _ lines: [RowLine],
    account: Int,
    offset: Int32,
    at place: inout TableSize,
    _ pool: inout ConstantPool
  ) {
    if lines.count == 1 {
      unsafe (slope[place.terms], self.offset[place.terms]) = (lines[0].slope, offset)
      unsafe constant[account] += lines[0].constant
      unsafe magnitude[account] += lines[0].constant.magnitude
      place.terms += 1
      return
    }
    unsafe firstLine[place.tiered] = Int32(place.lines)
    unsafe tieredOffset[place.tiered] = offset
    // `place.constants` stays where the part begins; the pool counts from there.
    let constants = place.constants + pool.place(of: lines)
    unsafe firstConstant[place.tiered] = Int32(constants)
    place.tiered += 1
    for (index, line) in lines.enumerated() {
      unsafe (lineSlope[place.lines], lineConstant[constants + index]) = (
        line.slope, line.constant
      )
      place.lines += 1
    }
  }
}

/// Finds the constants of lines again, so that rows of one margin table share them.
///
/// The same rows in the same order give the same places.
struct ConstantPool {
  /// Constants that are kept.
  private(set) var count = 0
  private var recent: [(first: Int, lines: [RowLine])] = []

  /// Lists that are compared before a new one is kept.
  private static let most = 16

  /// The place of the constants of some lines, from 0.
  mutating func place(of lines: [RowLine]) -> Int {
    for known in recent where known.lines.count == lines.count {
      if lines.indices.allSatisfy({ known.lines[$0].constant == lines[$0].constant }) {
        return known.first
      }
    }
    let first = count
    count += lines.count
    if recent.count == ConstantPool.most { recent.removeFirst() }
    recent.append((first, lines))
    return first
  }
}
