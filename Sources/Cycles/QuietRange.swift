// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
internal import Numerics

/// Prices of an account's asset at which a poll would do nothing, so that it need not be made.
///
/// Beyond the trigger nothing is deposited, and within the safe distance nothing is withdrawn; a
/// billionth of the price is left out at each end, far more than the distance can be rounded by.
struct QuietRange: Sendable {
  private var low: Double
  private var high: Double

  /// No price: every poll is made.
  static let none = QuietRange(low: .infinity, high: -.infinity)

  private static let margin = 1e-9

  private init(low: Double, high: Double) {
    self.low = low
    self.high = high
  }

  /// The range of an account as it stands after a poll.
  ///
  /// * `deposited`: protection after the poll; with none there is nothing to withdraw.
  /// * `isFixed`: polls at fixed times of a row whose root moves with deposits only.
  init(_ assessment: Assessment, deposited: Micro, limits: ProtectionLimits, isFixed: Bool) {
    self = .none
    guard isFixed, let root = assessment.price, let direction = assessment.direction else { return }
    let canWithdraw = deposited > 0 && limits.canWithdraw
    switch direction {
    case .below:
      low = root * (1 + limits.triggerDistance) * (1 + QuietRange.margin)
      high = canWithdraw ? root * (1 + limits.safeDistance) * (1 - QuietRange.margin) : .infinity
    case .above:
      high = root * (1 - limits.triggerDistance) * (1 - QuietRange.margin)
      low = canWithdraw ? root * (1 - limits.safeDistance) * (1 + QuietRange.margin) : 0
    }
  }

  @inline(__always)
  func contains(_ price: Double) -> Bool { price >= low && price <= high }
}
