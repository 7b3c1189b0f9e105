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
    return parts
  }

  private mutating func each<Part>(_ numbers: [PartNumber<Part>], into parts: inout [Part]) -> Bool
  {
    for place in parts.indices {
      for number in numbers {
        guard let value: Int128 = whole(), number.write(&parts[place], value) else { return false }
      }
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
}

/// Every whole number of every part, in the order of the bytes.
private enum PartNumbers {
  static let vault: [PartNumber<VaultTotals>] = [
    PartNumber(\.pnl), PartNumber(\.pnlHeld), PartNumber(\.pnlAMM), PartNumber(\.cycles),
    PartNumber(\.recovers), PartNumber(\.stopLosses), PartNumber(\.timeouts),
    PartNumber(\.openAtEnd), PartNumber(\.worstCycle), PartNumber(\.gapLoss),
    PartNumber(\.maxDrawdown), PartNumber(\.deployedMilliseconds), PartNumber(\.fees),
    PartNumber(\.performanceFees), PartNumber(\.equity), PartNumber(\.peak),
  ]

  static let protection: [PartNumber<ProtectionTotals>] = [
    PartNumber(\.deposits), PartNumber(\.withdrawals), PartNumber(\.deposited),
    PartNumber(\.withdrawn), PartNumber(\.peakCommitted), PartNumber(\.exhausted),
    PartNumber(\.triggeredAtEntry), PartNumber(\.walletEmpty),
  ]

  static let closes: [PartNumber<ScenarioParts.Closes>] = [
    PartNumber(\.count), PartNumber(\.liquidated), PartNumber(\.gains.prevented),
    PartNumber(\.gains.reducedLosses), PartNumber(\.gains.saved),
  ]

  static let lots: [PartNumber<ScenarioParts.Lots>] = [
    PartNumber(\.totals.lots), PartNumber(\.totals.accepted), PartNumber(\.totals.owed),
    PartNumber(\.totals.recovered), PartNumber(\.totals.surplus), PartNumber(\.totals.badDebt),
    PartNumber(\.totals.insurancePaid), PartNumber(\.totals.backstop),
    PartNumber(\.totals.liquidated), PartNumber(\.closesPaid), PartNumber(\.closesBadDebt),
    PartNumber(\.gains.prevented), PartNumber(\.gains.reducedLosses), PartNumber(\.gains.saved),
  ]
}
