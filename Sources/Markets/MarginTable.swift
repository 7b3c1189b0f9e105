// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import TextKit

/// A progressive margin table: `maintenance(n) = max_k (rate_k · n − deduction_k)`.
///
/// Deductions make the requirement continuous: `d_0 = 0; d_k = d_{k−1} + lower_k · (r_k − r_{k−1})`
/// (SEMANTICS B1; Hyperliquid margin tiers). Rates never fall, so the maximum is the tier of n and
/// health is a minimum of lines.
package struct MarginTable: Sendable, Equatable {
  /// One line of the requirement.
  package struct Line: Sendable, Equatable {
    package let rate: Double
    package let deduction: Double

    package init(rate: Double, deduction: Double) {
      self.rate = rate
      self.deduction = deduction
    }
  }

  /// One tier as venues write it.
  package struct Tier: Sendable {
    package let lowerUSD: Double
    package let rate: Double
    /// The venue's own deduction, checked against continuity.
    package let deductionUSD: Double?

    package init(lowerUSD: Double, rate: Double, deductionUSD: Double? = nil) {
      self.lowerUSD = lowerUSD
      self.rate = rate
      self.deductionUSD = deductionUSD
    }
  }

  package let lines: [Line]

  /// The table of a row whose slope already holds its rate: one line, no requirement.
  package static let flat = MarginTable(lines: [Line(rate: 0, deduction: 0)])

  private init(lines: [Line]) { self.lines = lines }

  /// Makes a table of tiers.
  ///
  /// - Throws: what is wrong when it is not progressive: no tier, first lower bound not 0, bounds
  ///   that do not rise, rates outside (0, 1] or falling, a deduction that makes a jump.
  package init(tiers: [Tier]) throws(Failure) {
    guard let first = tiers.first else {
      throw Failure(.data, "found no tier, expected at least one")
    }
    guard first.lowerUSD == 0 else {
      throw Failure(.data, "the first tier begins at \(first.lowerUSD) USD, expected 0")
    }
    var lines: [Line] = []
    var previous = first
    var deduction = 0.0
    for (position, tier) in tiers.enumerated() {
      let name = "tier \(position + 1)"
      guard tier.rate > 0, tier.rate <= 1 else {
        throw Failure(.data, "\(name) has rate \(tier.rate), expected above 0 and at most 1")
      }
      if position > 0 {
        guard tier.lowerUSD > previous.lowerUSD, tier.lowerUSD < 1e15 else {
          throw Failure(
            .data,
            "\(name) begins at \(tier.lowerUSD) USD, expected more than \(previous.lowerUSD)"
          )
        }
        guard tier.rate >= previous.rate else {
          throw Failure(
            .data,
            "\(name) has rate \(tier.rate), below \(previous.rate) of the tier before;"
              + " a progressive table never falls"
          )
        }
        deduction = deduction + tier.lowerUSD * (tier.rate - previous.rate)
      }
      if let given = tier.deductionUSD,
        (given - deduction).magnitude > 1e-6 * max(1, deduction.magnitude)
      {
        throw Failure(
          .data,
          "\(name) has deduction \(given), expected \(deduction) so that the requirement is"
            + " continuous"
        )
      }
      lines.append(Line(rate: tier.rate, deduction: deduction))
      previous = tier
    }
    self.lines = lines
  }
}
