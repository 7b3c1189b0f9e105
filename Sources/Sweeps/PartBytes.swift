// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Cycles
internal import Numerics

/// The parts of one scenario as bytes: what the journal keeps of a finished unit.
///
/// The number of every part follows from the plan, so the bytes hold values alone.
extension ByteWriter {
  mutating func put(_ parts: ScenarioParts) {
    whole(parts.durationMilliseconds)
    whole(parts.imbalance)
    for totals in parts.protection { each(PartNumbers.protection, of: totals) }
    for totals in parts.vault { each(PartNumbers.vault, of: totals) }
    for closes in parts.closes { each(PartNumbers.closes, of: closes) }
    for lots in parts.lots { each(PartNumbers.lots, of: lots) }
    for table in parts.clearTables {
      whole(table.count)
      for seconds in table { number(seconds) }
    }
    for members in parts.clearMembers {
      whole(members.count)
      for lots in members {
        whole(lots.lowerBound)
        whole(lots.upperBound)
      }
    }
    for walk in parts.walks {
      each(PartNumbers.walks, of: walk)
      let seconds = walk.auctions.clearing.seconds
      whole(seconds.count)
      for second in seconds { number(second) }
    }
  }

  private mutating func each<Part>(_ numbers: [PartNumber<Part>], of part: Part) {
    for number in numbers { whole(number.read(part)) }
  }
}

extension ByteReader {
  /// The parts of a plan, nil for bytes that do not hold them.
  mutating func parts(_ plan: StagePlan) -> ScenarioParts? {
    var parts = ScenarioParts(plan)
    guard let duration = whole(Int64.self), let imbalance = whole(UInt128.self) else { return nil }
    parts.durationMilliseconds = duration
    parts.imbalance = imbalance
    guard each(PartNumbers.protection, into: &parts.protection),
      each(PartNumbers.vault, into: &parts.vault),
      each(PartNumbers.closes, into: &parts.closes), each(PartNumbers.lots, into: &parts.lots)
    else { return nil }
    for place in parts.clearTables.indices {
      guard let count = count(bytesEach: 8) else { return nil }
      parts.clearTables[place].reserveCapacity(count)
      for _ in 0..<count {
        guard let seconds = number() else { return nil }
        parts.clearTables[place].append(seconds)
      }
    }
    for place in parts.clearMembers.indices {
      guard let count = count(bytesEach: 2) else { return nil }
      let lots = parts.clearTables.first?.count ?? 0
      for _ in 0..<count {
        guard let low = whole(Int32.self), let high = whole(Int32.self), low >= 0, low <= high,
          Int(high) <= parts.clearTables.map(\.count).max() ?? lots
        else { return nil }
        parts.clearMembers[place].append(low..<high)
      }
    }
    for place in parts.walks.indices {
      guard each(PartNumbers.walks, into: &parts.walks[place]), let count = count(bytesEach: 8)
      else { return nil }
      var seconds: [Double] = []
      for _ in 0..<count {
        guard let second = number() else { return nil }
        seconds.append(second)
      }
      parts.walks[place].auctions.clearing = ClearingTimes(seconds)
    }
    return parts
  }

  private mutating func each<Part>(_ numbers: [PartNumber<Part>], into parts: inout [Part]) -> Bool
  {
    for place in parts.indices where !each(numbers, into: &parts[place]) { return false }
    return true
  }

  private mutating func each<Part>(_ numbers: [PartNumber<Part>], into part: inout Part) -> Bool {
    for number in numbers {
      guard let value: Int128 = whole(), number.write(&part, value) else { return false }
    }
    return true
  }
}

/// A whole number of a part.
struct PartNumber<Part>: Sendable {
  let read: @Sendable (Part) -> Int128
  /// False when the value does not fit.
  let write: @Sendable (inout Part, Int128) -> Bool

  init<Value: FixedWidthInteger & SendableMetatype>(
    _ path: any WritableKeyPath<Part, Value> & Sendable
  ) {
    read = { Int128($0[keyPath: path]) }
    write = { part, value in
      // Sums over any number of scenarios must fit, whoever wrote the bytes.
      let room = Value.self == Int128.self ? 100 : Value.self == Int.self ? 40 : 64
      guard value.magnitude < UInt128(1) << UInt128(room), let fitting = Value(exactly: value)
      else { return false }
      part[keyPath: path] = fitting
      return true
    }
  }

  private init(
    read: @escaping @Sendable (Part) -> Int128,
    write: @escaping @Sendable (inout Part, Int128) -> Bool
  ) {
    self.read = read
    self.write = write
  }

  /// The same number of something that holds the part.
  func within<Whole>(
    _ path: any WritableKeyPath<Whole, Part> & Sendable
  ) -> PartNumber<Whole> {
    PartNumber<Whole>(
      read: { [read] in read($0[keyPath: path]) },
      write: { [write] in write(&$0[keyPath: path], $1) }
    )
  }
}

/// Every whole number of every part, in the order of the bytes.
private enum PartNumbers {
  static let vault: [PartNumber<VaultTotals>] = [
    PartNumber(\.pnl), PartNumber(\.pnlHeld), PartNumber(\.pnlAMM), PartNumber(\.cycles),
    PartNumber(\.recovers), PartNumber(\.stopLosses), PartNumber(\.timeouts),
    PartNumber(\.openAtEnd), PartNumber(\.missed), PartNumber(\.worstCycle), PartNumber(\.gapLoss),
    PartNumber(\.maxDrawdown), PartNumber(\.deployedMilliseconds), PartNumber(\.fees),
    PartNumber(\.performanceFees), PartNumber(\.equity), PartNumber(\.peak),
  ]

  static let protection: [PartNumber<ProtectionTotals>] = [
    PartNumber(\.deposits), PartNumber(\.withdrawals), PartNumber(\.deposited),
    PartNumber(\.withdrawn), PartNumber(\.peakCommitted), PartNumber(\.exhausted),
    PartNumber(\.triggeredAtEntry), PartNumber(\.walletEmpty), PartNumber(\.closed),
    PartNumber(\.callsMade), PartNumber(\.callsSkipped), PartNumber(\.rateLimited),
  ]

  static let closes: [PartNumber<ScenarioParts.Closes>] =
    [PartNumber(\.count), PartNumber(\.liquidated)] + gains.map { $0.within(\.gains) }

  static let gains: [PartNumber<ProtectionGains>] = [
    PartNumber(\.prevented), PartNumber(\.reducedLosses), PartNumber(\.saved),
    PartNumber(\.stopsReached),
  ]

  static let auctions: [PartNumber<AuctionTotals>] = [
    PartNumber(\.lots), PartNumber(\.accepted), PartNumber(\.owed), PartNumber(\.recovered),
    PartNumber(\.surplus), PartNumber(\.badDebt), PartNumber(\.insurancePaid),
    PartNumber(\.backstop), PartNumber(\.liquidated),
  ]

  /// What only walked worlds write; the shared stages keep the same numbers in `closes` and `lots`.
  static let liquidations: [PartNumber<LiquidationTotals>] = [
    PartNumber(\.count), PartNumber(\.liquidated), PartNumber(\.badDebt),
    PartNumber(\.insurancePaid), PartNumber(\.oraclePrevented), PartNumber(\.backstop),
    PartNumber(\.deleveraged), PartNumber(\.socialised), PartNumber(\.gapMilliseconds),
    PartNumber(\.closed), PartNumber(\.gapPeak), PartNumber(\.queuePeak),
  ]

  static let accruals: [PartNumber<AccrualTotals>] = [
    PartNumber(\.fundingPaid), PartNumber(\.interest), PartNumber(\.reserves),
  ]

  static let cascade: [PartNumber<CascadeTotals>] = [
    PartNumber(\.forced), PartNumber(\.forcedAlone), PartNumber(\.improvement),
  ]

  static let lots: [PartNumber<ScenarioParts.Lots>] =
    auctions.map { $0.within(\.totals) }
    + [PartNumber(\.closesPaid), PartNumber(\.closesBadDebt)] + gains.map { $0.within(\.gains) }

  static let walks: [PartNumber<ScenarioParts.Walk>] =
    vault.map { $0.within(\.vault) } + protection.map { $0.within(\.protection) }
    + auctions.map { $0.within(\.auctions) } + liquidations.map { $0.within(\.liquidations) }
    + accruals.map { $0.within(\.accruals) } + gains.map { $0.within(\.gains) }
    + cascade.map { $0.within(\.cascade) }
    + [PartNumber(\.imbalance)]
}
