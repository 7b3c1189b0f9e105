// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Cycles
internal import Numerics
internal import TextKit

/// The log messages of protection, in the words of their source (seed 1, phase 3).
enum ProtectionMessage {
  static func text(_ record: ProtectionRecord, account: String) -> String {
    let distance = twoDecimals((record.distance ?? 0) * 100)
    let amount = twoDecimals(usd(record.amount))
    let prefix = "[LiquidationProtection] Bot \(account): "
    return switch record.event {
    case .deposit: prefix + "deposited $\(amount) (price \(distance)% from liquidation)"
    case .withdrawal: prefix + "withdrew $\(amount) (price now \(distance)% from liquidation)"
    case .exhausted, .walletEmpty, .returned: ""
    }
  }

  /// A number with two decimals, half away from zero.
  private static func twoDecimals(_ value: Double) -> String {
    let hundredths = (value.magnitude * 100).rounded()
    guard hundredths < 1e15 else { return NumberText.shortest(value) }
    let whole = Int64(hundredths)
    let fraction = whole % 100
    return (value < 0 ? "-" : "") + "\(whole / 100)." + (fraction < 10 ? "0" : "") + "\(fraction)"
  }
}
