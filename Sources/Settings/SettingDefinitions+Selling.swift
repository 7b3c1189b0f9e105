// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

extension Setting {
  /// Settings of how a lot is sold: mechanism, clock and restarts.
  static let selling: [Setting] = [
    Setting(
      key: .auctionMechanism,
      unit: "word",
      defaultValue: 0,
      kind: .word(["dutch", "fixed_fee", "bid_pool"]),
      stages: [.auctions],
      help: "How lots are sold: a falling clock, a flat discount, sealed bids"
    ),
    Setting(
      key: .auctionFixedFee,
      unit: "ratio",
      defaultValue: 0.05,
      kind: .number(.from(0, to: 1)),
      stages: [.auctions],
      help: "fixed_fee: discount from the opening price"
    ),
    Setting(
      key: .auctionPoolWindow,
      unit: "s",
      defaultValue: 30,
      kind: .number(.from(0, to: 1e9)),
      stages: [.auctions],
      help: "bid_pool: time from opening to the first opening of bids"
    ),
    Setting(
      key: .auctionClock,
      unit: "word",
      defaultValue: 0,
      kind: .word(["linear", "stairstep"]),
      stages: [.auctions],
      help: "dutch: fall by kappa, or by a factor every step"
    ),
    Setting(
      key: .auctionCut,
      unit: "ratio",
      defaultValue: 0.99,
      kind: .number(.between(0, 1)),
      stages: [.auctions],
      help: "stairstep: factor of a step"
    ),
    Setting(
      key: .auctionStep,
      unit: "s",
      defaultValue: 90,
      kind: .number(.from(1, to: 1e9)),
      stages: [.auctions],
      help: "stairstep: time of a step; 1 is an exponential decrease"
    ),
    Setting(
      key: .auctionStartRatio,
      unit: "×",
      defaultValue: 1,
      kind: .number(.above(0, to: 100)),
      stages: [.auctions],
      help: "Opening price, as a multiple of the conservative mark"
    ),
    Setting(
      key: .auctionFloor,
      unit: "word",
      defaultValue: 0,
      kind: .word(["reserve", "none"]),
      stages: [.auctions],
      help: "Lowest price: the reserve, or 0, and then no lot is under water"
    ),
    Setting(
      key: .auctionReset,
      unit: "s",
      defaultValue: 0,
      kind: .number(.from(0, to: 1e9)),
      stages: [.auctions],
      help: "dutch: age after which the clock starts anew, 0 for never"
    ),
    Setting(
      key: .auctionResetShare,
      unit: "ratio",
      defaultValue: 0,
      kind: .number(.from(0, to: 1)),
      stages: [.auctions],
      help: "dutch: share of its start below which the clock starts anew"
    ),
    Setting(
      key: .eventMispricing,
      unit: "USD",
      defaultValue: 0,
      kind: .number(.from(0, to: 1)),
      stages: [.auctions],
      help: "Standard deviation of a specialist's error about the price of an event's share"
    ),
    Setting(
      key: .eventThinning,
      unit: "s",
      defaultValue: 0,
      kind: .number(.from(0, to: 1e9)),
      stages: [.auctions],
      help: "Time before an event's resolution over which its market thins; 0 for never"
    ),
    Setting(
      key: .eventLeastDepth,
      unit: "ratio",
      defaultValue: 0.1,
      kind: .number(.above(0, to: 1)),
      stages: [.auctions],
      help: "Depth that is left at the resolution"
    ),
    Setting(
      key: .eventBondRatio,
      unit: "ratio",
      defaultValue: 0,
      kind: .number(.from(0, to: 100)),
      stages: [.auctions],
      help: "Bond that a bid for an event's lot needs, as a share of its opening price"
    ),
  ]
}
