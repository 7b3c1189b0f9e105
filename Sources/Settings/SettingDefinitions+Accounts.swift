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
    )
  ]
}
