// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Cycles
internal import Numerics

/// Something that takes or gives whole numbers one after another.
protocol WholeNumberVisitor {
  /// Takes or fills the next number; false when what it should be filled with does not fit.
  mutating func visit(_ number: inout some FixedWidthInteger) -> Bool
}

/// Results that are whole numbers.
protocol WholeNumbers {
  /// Shows every number to a visitor, in the order of the bytes; false when one was refused.
  mutating func each(_ visitor: inout some WholeNumberVisitor) -> Bool
}

extension ByteWriter: WholeNumberVisitor {
  mutating func visit(_ number: inout some FixedWidthInteger) -> Bool {
    whole(number)
    return true
  }
}

extension ByteReader: WholeNumberVisitor {
  mutating func visit<Value: FixedWidthInteger>(_ number: inout Value) -> Bool {
    // Sums over any number of scenarios must fit, whoever wrote the bytes.
    let room = Value.self == Int128.self ? 100 : Value.self == Int.self ? 40 : 64
    guard let value: Int128 = whole(), value.magnitude < UInt128(1) << UInt128(room),
      let fitting = Value(exactly: value)
    else { return false }
    number = fitting
    return true
  }
}

extension VaultTotals: WholeNumbers {
  mutating func each(_ visitor: inout some WholeNumberVisitor) -> Bool {
    visitor.visit(&pnl) && visitor.visit(&pnlHeld) && visitor.visit(&pnlAMM)
      && visitor.visit(&cycles) && visitor.visit(&recovers) && visitor.visit(&stopLosses)
      && visitor.visit(&timeouts) && visitor.visit(&openAtEnd) && visitor.visit(&missed)
      && visitor.visit(&worstCycle) && visitor.visit(&gapLoss) && visitor.visit(&maxDrawdown)
      && visitor.visit(&deployedMilliseconds) && visitor.visit(&fees)
      && visitor.visit(&performanceFees) && visitor.visit(&equity) && visitor.visit(&peak)
  }
}

extension ProtectionTotals: WholeNumbers {
  mutating func each(_ visitor: inout some WholeNumberVisitor) -> Bool {
    visitor.visit(&deposits) && visitor.visit(&withdrawals) && visitor.visit(&deposited)
      && visitor.visit(&withdrawn) && visitor.visit(&peakCommitted) && visitor.visit(&exhausted)
      && visitor.visit(&triggeredAtEntry) && visitor.visit(&walletEmpty) && visitor.visit(&closed)
      && visitor.visit(&callsMade) && visitor.visit(&callsSkipped) && visitor.visit(&rateLimited)
  }
}

extension ProtectionGains: WholeNumbers {
  mutating func each(_ visitor: inout some WholeNumberVisitor) -> Bool {
    visitor.visit(&prevented) && visitor.visit(&reducedLosses) && visitor.visit(&saved)
      && visitor.visit(&stopsReached)
  }
}

extension AuctionTotals: WholeNumbers {
  mutating func each(_ visitor: inout some WholeNumberVisitor) -> Bool {
    visitor.visit(&lots) && visitor.visit(&accepted) && visitor.visit(&owed)
      && visitor.visit(&recovered) && visitor.visit(&surplus) && visitor.visit(&badDebt)
      && visitor.visit(&insurancePaid) && visitor.visit(&backstop) && visitor.visit(&liquidated)
  }
}

/// What only walked worlds write; the shared stages keep the same numbers in `closes` and `lots`.
extension LiquidationTotals: WholeNumbers {
  mutating func each(_ visitor: inout some WholeNumberVisitor) -> Bool {
    visitor.visit(&count) && visitor.visit(&liquidated) && visitor.visit(&badDebt)
      && visitor.visit(&insurancePaid) && visitor.visit(&oraclePrevented)
      && visitor.visit(&backstop) && visitor.visit(&deleveraged) && visitor.visit(&socialised)
      && visitor.visit(&gapMilliseconds) && visitor.visit(&closed) && visitor.visit(&gapPeak)
      && visitor.visit(&queuePeak)
  }
}

extension AccrualTotals: WholeNumbers {
  mutating func each(_ visitor: inout some WholeNumberVisitor) -> Bool {
    visitor.visit(&fundingPaid) && visitor.visit(&interest) && visitor.visit(&reserves)
  }
}

extension CascadeTotals: WholeNumbers {
  mutating func each(_ visitor: inout some WholeNumberVisitor) -> Bool {
    visitor.visit(&forced) && visitor.visit(&forcedAlone) && visitor.visit(&improvement)
  }
}

extension ScenarioParts.Closes: WholeNumbers {
  mutating func each(_ visitor: inout some WholeNumberVisitor) -> Bool {
    visitor.visit(&count) && visitor.visit(&liquidated) && gains.each(&visitor)
  }
}

extension ScenarioParts.Lots: WholeNumbers {
  mutating func each(_ visitor: inout some WholeNumberVisitor) -> Bool {
    totals.each(&visitor) && visitor.visit(&closesPaid) && visitor.visit(&closesBadDebt)
      && gains.each(&visitor)
  }
}

extension ScenarioParts.Walk: WholeNumbers {
  mutating func each(_ visitor: inout some WholeNumberVisitor) -> Bool {
    vault.each(&visitor) && protection.each(&visitor) && auctions.each(&visitor)
      && liquidations.each(&visitor) && accruals.each(&visitor) && gains.each(&visitor)
      && cascade.each(&visitor) && visitor.visit(&imbalance)
  }
}
