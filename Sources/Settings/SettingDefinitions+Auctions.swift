// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

extension Setting {
  /// Settings of liquidations and auctions.
  static let liquidationAndAuction: [Setting] = [
    Setting(
      key: .liquidationPenalty,
      unit: "ratio",
      defaultValue: 0,
      kind: .number(.from(0, to: 1)),
      stages: [.liquidations, .waterfall],
      help: "Penalty of a market close, of the notional"
    ),
    Setting(
      key: .liquidationInsurance,
      unit: "USD",
      defaultValue: 0,
      kind: .number(.from(0, to: 1e12)),
      stages: [.liquidations, .auctions],
      help: "Insurance fund at the start"
    ),
    Setting(
      key: .auctionKappaBPS,
      unit: "bps/s",
      defaultValue: 5,
      kind: .number(.above(0, to: 10000)),
      stages: [.auctions],
      help: "Speed of the price clock, of the opening price"
    ),
    Setting(
      key: .auctionKappaUSD,
      unit: "USD/s",
      defaultValue: 0,
      kind: .number(.from(0, to: 1e12)),
      stages: [.auctions],
      help: "Speed of the price clock in USD, 0 to use kappa_bps_per_s"
    ),
    Setting(
      key: .auctionDuration,
      unit: "s",
      defaultValue: 600,
      kind: .number(.above(0, to: 1e9)),
      stages: [.auctions],
      help: "Time after which the backstop ladder takes a lot"
    ),
    Setting(
      key: .auctionFee,
      unit: "bps",
      defaultValue: 100,
      kind: .number(.from(0, to: 10000)),
      stages: [.auctions],
      help: "Liquidation fee, of the debt"
    ),
    Setting(
      key: .auctionBuffer,
      unit: "bps",
      defaultValue: 100,
      kind: .number(.from(0, to: 10000)),
      stages: [.auctions],
      help: "Buffer in the reserve price, of the debt; it returns to the borrower"
    ),
    Setting(
      key: .auctionSpecialists,
      unit: "count",
      defaultValue: 5,
      kind: .whole(.from(0, to: 10000)),
      stages: [.auctions],
      help: "Bonded specialists that bid"
    ),
    Setting(
      key: .auctionMarginMin,
      unit: "ratio",
      defaultValue: 0.01,
      kind: .number(.from(0, to: 1)),
      stages: [.auctions],
      help: "Smallest margin of a specialist"
    ),
    Setting(
      key: .auctionMarginMax,
      unit: "ratio",
      defaultValue: 0.08,
      kind: .number(.from(0, to: 1)),
      stages: [.auctions],
      help: "Largest margin of a specialist"
    ),
    Setting(
      key: .auctionBondMin,
      unit: "USD",
      defaultValue: 50_000,
      kind: .number(.from(0, to: 1e12)),
      stages: [.auctions],
      help: "Smallest bond of a specialist"
    ),
    Setting(
      key: .auctionBondMax,
      unit: "USD",
      defaultValue: 500_000,
      kind: .number(.from(0, to: 1e12)),
      stages: [.auctions],
      help: "Largest bond of a specialist"
    ),
    Setting(
      key: .auctionBondMultiple,
      unit: "×",
      defaultValue: 10,
      kind: .number(.from(0, to: 1e6)),
      stages: [.auctions],
      help: "Largest lot price a bond allows, as its multiple"
    ),
    Setting(
      key: .auctionReactionMin,
      unit: "s",
      defaultValue: 2,
      kind: .number(.from(0, to: 1e9)),
      stages: [.auctions],
      help: "Shortest reaction time of a specialist"
    ),
    Setting(
      key: .auctionReactionMax,
      unit: "s",
      defaultValue: 60,
      kind: .number(.from(0, to: 1e9)),
      stages: [.auctions],
      help: "Longest reaction time of a specialist"
    ),
    Setting(
      key: .auctionGas,
      unit: "USD",
      defaultValue: 1,
      kind: .number(.from(0, to: 1e12)),
      stages: [.auctions],
      help: "Gas of one acceptance, paid to the network"
    ),
    Setting(
      key: .auctionBackstopDiscount,
      unit: "ratio",
      defaultValue: 0.1,
      kind: .number(.from(0, to: 1)),
      stages: [.auctions],
      help: "Discount at which backstop buyers take a lot"
    ),
    Setting(
      key: .auctionBackstopCapacity,
      unit: "USD",
      defaultValue: 1_000_000,
      kind: .number(.from(0, to: 1e12)),
      stages: [.auctions],
      help: "What backstop buyers can spend in a scenario"
    ),
    Setting(
      key: .auctionDumpDiscount,
      unit: "ratio",
      defaultValue: 0.2,
      kind: .number(.from(0, to: 1)),
      stages: [.auctions],
      help: "Discount at which the market takes the rest"
    ),
  ]
}
