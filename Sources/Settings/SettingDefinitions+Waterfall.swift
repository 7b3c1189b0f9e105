// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

extension Setting {
  /// Settings of penalties, the waterfall, liquidator vaults and auto-deleveraging.
  static let waterfall: [Setting] = [
    Setting(
      key: .liquidationPenaltyMode,
      unit: "word",
      defaultValue: 0,
      kind: .word(["flat", "tiered", "dynamic"]),
      stages: [.waterfall],
      help: "How the penalty follows from margin ratio and volatility"
    ),
    Setting(
      key: .liquidationPenaltyRatio,
      unit: "ratio",
      defaultValue: 1,
      kind: .number(.from(0, to: 100)),
      stages: [.waterfall],
      help: "Dynamic penalty: rise from the root to bankruptcy"
    ),
    Setting(
      key: .liquidationPenaltyVolatility,
      unit: "ratio",
      defaultValue: 10,
      kind: .number(.from(0, to: 10000)),
      stages: [.waterfall],
      help: "Dynamic penalty: rise for each unit of recent move"
    ),
    Setting(
      key: .liquidationPenaltyCap,
      unit: "ratio",
      defaultValue: 0.1,
      kind: .number(.from(0, to: 1)),
      stages: [.waterfall],
      help: "Highest tiered or dynamic penalty"
    ),
    Setting(
      key: .waterfallSlippage,
      unit: "ratio",
      defaultValue: 0.1,
      kind: .number(.above(0, to: 1)),
      stages: [.waterfall],
      help: "How far one step's orders may move the mark"
    ),
    Setting(
      key: .waterfallCooldown,
      unit: "s",
      defaultValue: 30,
      kind: .number(.from(0, to: 1e9)),
      stages: [.waterfall],
      help: "Cooldown after a partial close"
    ),
    Setting(
      key: .waterfallThroughput,
      unit: "1/s",
      defaultValue: 0,
      kind: .number(.from(0, to: 1e9)),
      stages: [.waterfall],
      help: "Liquidations the engine can process, 0 for no limit"
    ),
    Setting(
      key: .waterfallSocialise,
      unit: "word",
      defaultValue: 0,
      kind: .word(["none", "profit"]),
      stages: [.waterfall],
      help: "Who bears what is left: nobody known, or profits of the venue's accounts"
    ),
    Setting(
      key: .waterfallVolatility,
      unit: "s",
      defaultValue: 300,
      kind: .number(.above(0, to: 1e9)),
      stages: [.waterfall],
      help: "Half-life of the recent move that keepers and penalties look at"
    ),
    Setting(
      key: .waterfallOutageFrom,
      unit: "s",
      defaultValue: 0,
      kind: .number(.from(0, to: 1e12)),
      stages: [.waterfall],
      help: "Time on the path at which the insurance fund stops paying"
    ),
    Setting(
      key: .waterfallOutage,
      unit: "s",
      defaultValue: 0,
      kind: .number(.from(0, to: 1e12)),
      stages: [.waterfall],
      help: "How long the insurance fund does not pay"
    ),
    Setting(
      key: .backstopRatio,
      unit: "ratio",
      defaultValue: 2.0 / 3,
      kind: .number(.from(0, to: 1)),
      stages: [.waterfall],
      help: "Share of maintenance below which the liquidator vault takes over"
    ),
    Setting(
      key: .backstopCapital,
      unit: "USD",
      defaultValue: 1_000_000,
      kind: .number(.from(0, to: 1e12)),
      stages: [.waterfall],
      help: "Capital of each liquidator vault at the start"
    ),
    Setting(
      key: .backstopMargin,
      unit: "ratio",
      defaultValue: 0.1,
      kind: .number(.from(0, to: 1)),
      stages: [.waterfall],
      help: "Margin a liquidator vault must have, of what it holds"
    ),
    Setting(
      key: .backstopSale,
      unit: "s",
      defaultValue: 0,
      kind: .number(.from(0, to: 1e9)),
      stages: [.waterfall],
      help: "Half-life in which a liquidator vault sells, 0 to keep"
    ),
    Setting(
      key: .backstopWithdrawal,
      unit: "USD",
      defaultValue: 0,
      kind: .number(.from(-1e12, to: 1e12)),
      stages: [.waterfall],
      help: "What depositors take out of a liquidator vault each day, below 0 put in"
    ),
    Setting(
      key: .backstopWithdrawFraction,
      unit: "ratio",
      defaultValue: 0.2,
      kind: .number(.from(0, to: 1)),
      stages: [.waterfall],
      help: "Daily withdrawals at most, of the value at the start of the day"
    ),
    Setting(
      key: .backstopOutageFrom,
      unit: "s",
      defaultValue: 0,
      kind: .number(.from(0, to: 1e12)),
      stages: [.waterfall],
      help: "Time on the path at which liquidator vaults stop taking"
    ),
    Setting(
      key: .backstopOutage,
      unit: "s",
      defaultValue: 0,
      kind: .number(.from(0, to: 1e12)),
      stages: [.waterfall],
      help: "How long liquidator vaults take nothing"
    ),
    Setting(
      key: .adlEnabled,
      unit: "0/1",
      defaultValue: 1,
      kind: .flag,
      stages: [.waterfall],
      help: "Whether bankrupt positions are closed against the opposing side"
    ),
    Setting(
      key: .adlAcceptable,
      unit: "USD",
      defaultValue: 0,
      kind: .number(.from(0, to: 1e12)),
      stages: [.waterfall],
      help: "Shortfall up to which there is no auto-deleveraging"
    ),
    Setting(
      key: .adlMaxShortfall,
      unit: "USD",
      defaultValue: 0,
      kind: .number(.from(0, to: 1e12)),
      stages: [.waterfall],
      help: "Shortfall above which there is none, 0 for no limit"
    ),
    Setting(
      key: .adlRank,
      unit: "word",
      defaultValue: 0,
      kind: .word(["roe", "index"]),
      stages: [.waterfall],
      help: "Order of counterparties"
    ),
  ]
}
