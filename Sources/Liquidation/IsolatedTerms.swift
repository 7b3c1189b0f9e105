// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import CSIMD
package import Markets

/// What rows of one asset, one margin table and one side have in common, as the kernels read it.
///
/// The tier that holds at the root follows from the constant C alone (C = collateral − q·entry).
/// With lines rate r_k and deduction d_k, tier k takes over from k − 1 where their roots meet:
///
///     long   −C = (d_k·(1 − r_{k−1}) − d_{k−1}·(1 − r_k)) / (r_k − r_{k−1})
///     short   C = (d_k·(1 + r_{k−1}) − d_{k−1}·(1 + r_k)) / (r_k − r_{k−1})
///
/// Roots of neighbours differ there by about (distance)·(r_k − r_{k−1}), and rounding moves each by
/// less than 2⁻⁵⁰ of it; within 2⁻⁴⁴/(r_k − r_{k−1}), at least 10⁻¹², of a change all are computed.
@safe
package final class IsolatedTerms: @unchecked Sendable {
  /// Lines of the table, without repetitions.
  package let rates: [Double]
  package let deductions: [Double]
  package let isLong: Bool
  package let price: Double
  package let atEquality: Bool
  package let split: PerpSplit
  /// Probability of every rung in 1/65,536 where rows have none of their own.
  package let weight: Int32
  private let arena = Arena()
  package let group: UnsafeMutablePointer<IsolatedGroup>

  /// The most tiers that the kernels hold.
  package static let mostTiers = 8

  /// Prepares the terms, nil where the kernels do not fit and `HealthyInterval` must be used.
  ///
  /// * `lines`: rates at most 0.5, rising; 1 to 8 of them; changes of tier clearly apart.
  /// * `price`: present price, above 0.
  package init?(
    lines: [MarginTable.Line],
    isLong: Bool,
    price: Double,
    atEquality: Bool,
    split: PerpSplit,
    weight: Int32 = 65_536
  ) {
    var kept: [MarginTable.Line] = []
    for line in lines where kept.last != line { kept.append(line) }
    guard (1...IsolatedTerms.mostTiers).contains(kept.count), price > 0, price.isFinite,
      kept.allSatisfy({ $0.rate >= 0 && $0.rate <= 0.5 && $0.deduction.isFinite }),
      let changes = IsolatedTerms.changes(kept, isLong: isLong)
    else { return nil }
    rates = kept.map(\.rate)
    deductions = kept.map(\.deduction)
    (self.isLong, self.price, self.atEquality) = (isLong, price, atEquality)
    (self.split, self.weight) = (split, weight)
    let tables: UnsafeMutablePointer<Double> = unsafe arena.zeros(4 * 8)
    for k in 0..<8 {
      let tier = min(k, kept.count - 1)
      let change = k < changes.count ? changes[k] : (.infinity, .infinity)
      unsafe tables[k] = change.0
      unsafe tables[8 + k] = change.1
      unsafe tables[16 + k] = kept[tier].deduction
      unsafe tables[24 + k] = kept[tier].rate
    }
    let tiny = Double.leastNonzeroMagnitude
    unsafe group = arena.zeros(1)
    unsafe group.pointee = IsolatedGroup(
      tierCount: Int32(kept.count),
      side: isLong ? -1 : 1,
      maybe: tables,
      surely: tables + 8,
      deduction: tables + 16,
      rate: tables + 24,
      lowest: isLong ? tiny : (atEquality ? price.nextUp : price),
      highest: isLong ? (atEquality ? price.nextDown : price) : .greatestFiniteMagnitude,
      price: price,
      partialAbove: split.firstShare < 1 ? split.aboveUSD : .infinity,
      partialShare: split.firstShare,
      weight: weight
    )
  }

  /// From where on each tier may hold and surely holds, nil when rounding could mix up more than
  /// two.
  private static func changes(
    _ lines: [MarginTable.Line],
    isLong: Bool
  ) -> [(Double, Double)]? {
    var changes = [(-Double.infinity, -Double.infinity)]
    for (line, next) in zip(lines, lines.dropFirst()) {
      let step = next.rate - line.rate
      guard step > 0 else { return nil }
      let margin = max(1e-12, 0x1p-44 / step)
      let sign = isLong ? -1.0 : 1.0
      let change =
        (next.deduction * (1 + sign * line.rate) - line.deduction * (1 + sign * next.rate)) / step
      guard margin < 1e-3, change.isFinite, change > 1e-3,
        change * (1 - margin) > changes[changes.count - 1].1
      else { return nil }
      changes.append((change * (1 - margin), change * (1 + margin)))
    }
    return changes
  }

  /// Whether a row's numbers are of a size that the kernels' bounds hold for.
  @inline(__always)
  package static func fits(quantity: Double, constant: Double) -> Bool {
    quantity.magnitude > 1e-150 && quantity.magnitude < 1e150 && constant.magnitude < 1e150
  }
}

extension IsolatedTerms {
  /// The plain definition of a row: its standing and its rungs, as the kernels sum them.
  ///
  /// One rung at the root up to the size of the split; above it the first share there and the rest
  /// at the root of what is left, `LadderSolver`'s arithmetic.
  package func plain(
    quantity: Double,
    constant: Double
  ) -> (assessment: Assessment, rungs: [(price: Double, share: Double)]) {
    let lines = zip(rates, deductions).map { rate, deduction in
      RowLine(slope: quantity - quantity.magnitude * rate, constant: deduction)
    }
    let assessment = Assessment(
      HealthyInterval(lines: lines, constant: constant),
      price: price,
      isEmpty: quantity == 0,
      hasDebt: true,
      atEquality: atEquality
    )
    guard assessment.status == .atRisk, let root = assessment.price else { return (assessment, []) }
    let value = quantity.magnitude * root
    let share = split.firstShare
    guard share < 1, value > split.aboveUSD else { return (assessment, [(root, 1)]) }
    let left = 1 - share
    let smaller = lines.map { RowLine(slope: $0.slope * left, constant: $0.constant) }
    let closed = (quantity < 0 ? -value : value) * share
    let interval = HealthyInterval(lines: smaller, constant: constant + closed)
    let next = isLong ? interval.lower : interval.upper
    guard next.isFinite, next > 0, isLong ? next < root : next > root else {
      return (assessment, [(root, share + left)])
    }
    return (assessment, [(root, share), (next, left)])
  }
}
