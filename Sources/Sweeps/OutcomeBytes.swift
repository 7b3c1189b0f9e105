// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Cycles
internal import Numerics
internal import TextKit

/// Outcomes as bytes, for the journal.
///
/// Whole numbers are zigzag LEB128: seven bits a byte, the lowest first, the high bit says that
/// more follow. Doubles are their eight bytes, little endian. The first number is the version;
/// the last eight bytes are the FNV-1a of all before them.
enum OutcomeBytes {
  private static let version: Int128 = 1

  /// The bytes of some outcomes, the same for the same outcomes.
  static func encode(_ outcomes: ArraySlice<ScenarioOutcome>) -> [UInt8] {
    var writer = Writer()
    writer.whole(version)
    writer.whole(Int128(outcomes.count))
    for outcome in outcomes { writer.put(outcome) }
    writer.fixed(fnv1a64(writer.bytes))
    return writer.bytes
  }

  /// The outcomes of some bytes; nil when they are not those of so many outcomes.
  static func decode(_ bytes: [UInt8], count: Int) -> [ScenarioOutcome]? {
    guard bytes.count >= 8 else { return nil }
    var check = Reader(bytes: Array(bytes.suffix(8)))
    guard check.fixed() == fnv1a64(bytes.dropLast(8)) else { return nil }
    var reader = Reader(bytes: bytes.dropLast(8))
    guard reader.whole() == version, reader.whole() == Int128(count) else { return nil }
    var outcomes: [ScenarioOutcome] = []
    for _ in 0..<count {
      guard let outcome = reader.outcome() else { return nil }
      outcomes.append(outcome)
    }
    return reader.isAtEnd ? outcomes : nil
  }

  private struct Writer {
    var bytes: [UInt8] = []

    mutating func whole(_ value: Int128) {
      var rest = UInt128(bitPattern: (value << 1) ^ (value >> 127))
      while rest >= 128 {
        bytes.append(UInt8(truncatingIfNeeded: rest) | 128)
        rest >>= 7
      }
      bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func fixed(_ value: UInt64) {
      for shift in stride(from: UInt64(0), to: 64, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: value >> shift))
      }
    }

    mutating func number(_ value: Double) { fixed(value.bitPattern) }

    mutating func put(_ outcome: ScenarioOutcome) {
      for path in wholeNumbers { whole(path.read(outcome)) }
      number(outcome.vaultReturn)
      number(outcome.idleShare)
      whole(Int128(truncatingIfNeeded: outcome.ledgerImbalance))
      whole(Int128(outcome.auctions.clearSeconds.count))
      for seconds in outcome.auctions.clearSeconds { number(seconds) }
    }
  }

  private struct Reader {
    let bytes: [UInt8]
    private var place = 0

    init(bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

    var isAtEnd: Bool { place == bytes.count }

    mutating func whole() -> Int128? {
      var value: UInt128 = 0
      for shift in stride(from: 0, to: 128, by: 7) {
        guard place < bytes.count else { return nil }
        let byte = bytes[place]
        place += 1
        // The last byte has room for two bits.
        if shift == 126 && byte > 3 { return nil }
        value |= UInt128(byte & 127) << UInt128(shift)
        if byte < 128 { return Int128(bitPattern: value >> 1) ^ -Int128(value & 1) }
      }
      return nil
    }

    mutating func number() -> Double? { fixed().map { Double(bitPattern: $0) } }

    mutating func fixed() -> UInt64? {
      guard bytes.count - place >= 8 else { return nil }
      var pattern: UInt64 = 0
      for offset in 0..<8 { pattern |= UInt64(bytes[place + offset]) << UInt64(8 * offset) }
      place += 8
      return pattern
    }

    mutating func outcome() -> ScenarioOutcome? {
      var outcome = ScenarioOutcome.zero
      for path in wholeNumbers {
        guard let value = whole(), path.write(&outcome, value) else { return nil }
      }
      guard let vaultReturn = number(), let idleShare = number(), let imbalance = whole(),
        imbalance >= 0, imbalance < 1 << 100, let count = whole(), count >= 0,
        count <= Int128((bytes.count - place) / 8)
      else { return nil }
      outcome.vaultReturn = vaultReturn
      outcome.idleShare = idleShare
      outcome.ledgerImbalance = UInt128(truncatingIfNeeded: imbalance)
      for _ in 0..<Int(count) {
        guard let seconds = number() else { return nil }
        outcome.auctions.clearSeconds.append(seconds)
      }
      return outcome
    }
  }

  /// A whole number of an outcome.
  private struct WholeNumber: Sendable {
    let read: @Sendable (ScenarioOutcome) -> Int128
    /// False when the value does not fit.
    let write: @Sendable (inout ScenarioOutcome, Int128) -> Bool

    init<Value: FixedWidthInteger & SendableMetatype>(
      _ path: any WritableKeyPath<ScenarioOutcome, Value> & Sendable
    ) {
      read = { Int128($0[keyPath: path]) }
      write = { outcome, value in
        // Sums over any number of scenarios must fit, whoever wrote the bytes.
        let room = Value.self == Int128.self ? 100 : Value.self == Int.self ? 40 : 64
        guard value.magnitude < UInt128(1) << UInt128(room), let fitting = Value(exactly: value)
        else { return false }
        outcome[keyPath: path] = fitting
        return true
      }
    }
  }

  /// Every whole number of an outcome, in the order of the bytes.
  private static let wholeNumbers: [WholeNumber] = [
    WholeNumber(\.vault.pnl), WholeNumber(\.vault.pnlHeld), WholeNumber(\.vault.pnlAMM),
    WholeNumber(\.vault.cycles), WholeNumber(\.vault.recovers), WholeNumber(\.vault.stopLosses),
    WholeNumber(\.vault.timeouts), WholeNumber(\.vault.openAtEnd),
    WholeNumber(\.vault.worstCycle), WholeNumber(\.vault.gapLoss),
    WholeNumber(\.vault.maxDrawdown), WholeNumber(\.vault.deployedMilliseconds),
    WholeNumber(\.vault.fees), WholeNumber(\.vault.performanceFees),
    WholeNumber(\.protection.deposits), WholeNumber(\.protection.withdrawals),
    WholeNumber(\.protection.deposited), WholeNumber(\.protection.withdrawn),
    WholeNumber(\.protection.peakCommitted), WholeNumber(\.protection.exhausted),
    WholeNumber(\.protection.triggeredAtEntry), WholeNumber(\.protection.walletEmpty),
    WholeNumber(\.auctions.lots), WholeNumber(\.auctions.accepted), WholeNumber(\.auctions.owed),
    WholeNumber(\.auctions.recovered), WholeNumber(\.auctions.surplus),
    WholeNumber(\.auctions.badDebt), WholeNumber(\.auctions.insurancePaid),
    WholeNumber(\.auctions.backstop), WholeNumber(\.auctions.liquidated),
    WholeNumber(\.liquidations.count), WholeNumber(\.liquidations.liquidated),
    WholeNumber(\.liquidations.badDebt), WholeNumber(\.liquidations.insurancePaid),
    WholeNumber(\.prevented), WholeNumber(\.reducedLosses), WholeNumber(\.saved),
  ]
}

extension ScenarioOutcome {
  /// An outcome of nothing at all, to be filled.
  fileprivate static var zero: ScenarioOutcome {
    ScenarioOutcome(
      vault: VaultTotals(),
      protection: ProtectionTotals(),
      auctions: AuctionTotals(),
      liquidations: LiquidationTotals()
    )
  }

  private init(
    vault: VaultTotals,
    protection: ProtectionTotals,
    auctions: AuctionTotals,
    liquidations: LiquidationTotals
  ) {
    self.vault = vault
    self.protection = protection
    self.auctions = auctions
    self.liquidations = liquidations
    vaultReturn = 0
    idleShare = 0
    ledgerImbalance = 0
  }
}
