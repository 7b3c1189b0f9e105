// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

extension Setting {
  /// Settings of what happens to accounts by themselves; all of them are off by default.
  static let accounts: [Setting] = [
    Setting(
      key: .accountStopLoss,
      unit: "0/1",
      defaultValue: 0,
      kind: .flag,
      stages: [.accounts],
      help: "Whether accounts close at the stop_loss_price of the book"
    ),
    Setting(
      key: .fundingMode,
      unit: "word",
      defaultValue: 0,
      kind: .word(["off", "constant", "formula", "path"]),
      stages: [.accounts],
      help: "Where the funding rates of perps come from"
    ),
    Setting(
      key: .fundingRate,
      unit: "bps",
      defaultValue: 0,
      kind: .number(.from(-1e5, to: 1e5)),
      stages: [.accounts],
      help: "Constant funding rate of eight hours"
    ),
    Setting(
      key: .fundingPremium,
      unit: "bps",
      defaultValue: 0,
      kind: .number(.from(-1e5, to: 1e5)),
      stages: [.accounts],
      help: "Premium of the venue's formula of funding"
    ),
    Setting(
      key: .interestEnabled,
      unit: "0/1",
      defaultValue: 0,
      kind: .flag,
      stages: [.accounts],
      help: "Whether debt bears interest by the curves of the venue file"
    ),
    Setting(
      key: .interestUtilization,
      unit: "ratio",
      defaultValue: 0.8,
      kind: .number(.from(0, to: 1)),
      stages: [.accounts],
      help: "Share of the supply that is lent, where the venue file states none"
    ),
  ]
}
