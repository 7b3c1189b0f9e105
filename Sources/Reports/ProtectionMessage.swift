// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Cycles
internal import Numerics
internal import TextKit

/// The log messages and notifications of protection, in the words of their source (seed 1).
enum ProtectionMessage {
  static func text(_ record: ProtectionRecord, account: String) -> String {
    if let note = record.note { return text(note, record, account) }
    let distance = twoDecimals((record.distance ?? 0) * 100)
    let amount = twoDecimals(usd(record.amount))
    let prefix = "[LiquidationProtection] Bot \(account): "
    return switch record.event {
    case .deposit: prefix + "deposited $\(amount) (price \(distance)% from liquidation)"
    case .withdrawal: prefix + "withdrew $\(amount) (price now \(distance)% from liquidation)"
    default: ""
    }
  }

  private static func text(
    _ note: ProtectionRecord.Note,
    _ record: ProtectionRecord,
    _ account: String
  ) -> String {
    let tag = "[LiquidationProtection] "
    switch note {
    case .about(let event): return notification(event, record, account)
    case .skipping(let call):
      return "[RPC] Skipping \(call.task) - budget tight, saving for critical ops"
    case .backingOff(let milliseconds):
      return tag + "Rate limited, backing off \(milliseconds)ms"
    case .exceeded(let calls): return tag + "RPC budget exceeded: \(calls)"
    case .stats(let stats):
      return tag + "Stats: checked=\(stats.checked), deposits=\(stats.deposits), "
        + "withdrawals=\(stats.withdrawals), rpcCalls=\(stats.calls)"
    }
  }

  /// What seed 1 sends to the user of a bot.
  private static func notification(
    _ event: ProtectionRecord.Event,
    _ record: ProtectionRecord,
    _ account: String
  ) -> String {
    let distance = twoDecimals((record.distance ?? 0) * 100)
    let amount = twoDecimals(usd(record.amount))
    return switch event {
    case .deposit:
      "⚠️ \(account): Price approaching liquidation (\(distance)%). "
        + "Deposited $\(amount) for protection."
    case .withdrawal:
      "✅ \(account): Price recovered to safety (\(distance)%). "
        + "Withdrew $\(amount) protection deposit."
    case .exhausted:
      "🚨 \(account): Max protection reached ($\(twoDecimals(usd(record.total)))). "
        + "Consider manual intervention."
    default: ""
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
