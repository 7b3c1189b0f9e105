// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// The published cases of one perp, one borrow, or one deposit against one borrow.
///
/// From the file `reference/venue_cases.csv` beside the checkout, which names the source of each.
/// DRIFT-005 (and DRIFT-004, its twin) is a short perp hedged by spot of the same oracle: a cross
/// account of two kinds, which this version refuses; a test of its own says so.
enum VenueCaseTable {
  static let all = drift + marginfi + kamino + jupiter + hyperliquid

  private static let drift: [VenueCase] = [
    .drift(
      "DRIFT-006",
      oracle: 25_000_000,
      base: 200_000_000_000,
      quote: -5_000_000_000,
      usdc: 500_000_000,
      ratio: 500,
      23_684_211
    ),
    .drift(
      "DRIFT-007",
      oracle: 100_000_000,
      base: 1_000_000_000,
      quote: -100_000_000,
      usdc: 200_000_000,
      ratio: 500,
      nil
    ),
    .drift(
      "DRIFT-008",
      oracle: 100_000_000,
      base: 100_000_000_000_000,
      quote: -10_000_000_000_000,
      usdc: 1_000_000_000_000,
      ratio: 500,
      imf: 200,
      100_000_000
    ),
    .drift(
      "DRIFT-011",
      oracle: 100_000_000,
      base: 0,
      quote: 0,
      usdc: 100_000_000,
      ratio: 500,
      nil
    ),
    .drift(
      "DRIFT-012",
      oracle: 3_100_000_000,
      base: -3_000_000_000,
      quote: 9_000_000_000,
      usdc: 1_500_000_000,
      ratio: 333,
      imf: 2_000,
      3_387_206_038
    ),
    .driftSpot(
      "DRIFT-083",
      usdc: 100,
      borrow: 0.5,
      weight: 1.1,
      price: 100,
      181_818_181
    ),
  ]

  private static let marginfi: [VenueCase] = [
    .marginfi(
      "MFI-34",
      debt: 50,
      weight: 1.2,
      assets: 9_000,
      liabilities: 0,
      150,
      .relative(1e-12)
    ),
    .marginfi(
      "MFI-35",
      debt: 50,
      weight: 1.2,
      assets: 9_000,
      liabilities: 9_500,
      nil,
      .relative(1e-12)
    ),
  ]

  private static let kamino: [VenueCase] = [
    .kamino(
      "KAM-31",
      deposit: VenueCase.Side(quantity: 100, price: 150, factor: 0.75),
      borrow: VenueCase.Side(quantity: 8_000, price: 1, factor: 1.25),
      solvesDeposit: true,
      133.333333333333333,
      .relative(1e-12)
    ),
    .kamino(
      "KAM-34",
      deposit: VenueCase.Side(quantity: 12_000, price: 1, factor: 0.9),
      borrow: VenueCase.Side(quantity: 50, price: 150, factor: 1.25),
      solvesDeposit: false,
      172.8,
      .relative(1e-12)
    ),
  ]

  private static let jupiter: [VenueCase] = [
    .jupiter(
      "FLUID-20b",
      collateral: 100,
      debt: 10_000,
      threshold: 0.85,
      isNaive: true,
      117.647058823529412,
      .relative(1e-12)
    ),
    .jupiter(
      "FLUID-21a",
      collateral: 250,
      debt: 30_000,
      threshold: 0.92,
      130.619801431720254,
      .relative(1e-12)
    ),
    .jupiter(
      "FLUID-22b",
      collateral: 1,
      debt: 45_000,
      threshold: 0.9,
      isNaive: true,
      50_000,
      .relative(1e-12)
    ),
    .jupiter(
      "FLUID-23b",
      collateral: 1_000,
      debt: 920,
      threshold: 0.95,
      isNaive: true,
      0.968421052631578947,
      .relative(1e-12)
    ),
    .jupiter(
      "FLUID-28",
      collateral: 100,
      debt: 10_000,
      threshold: 0.85,
      supplyExchange: 1.05,
      borrowExchange: 1.08,
      117.71394522617453,
      .relative(1e-12)
    ),
  ]

  private static let hyperliquid: [VenueCase] = [
    .hyperliquid(
      "HL-02",
      size: 0.003,
      mark: 3830.7,
      value: 0.411524,
      tiers: [(0, 25)],
      3768.9034013605,
      .absolute(1e-10)
    ),
    .hyperliquid(
      "HL-03",
      size: 25.77,
      mark: 204.02,
      value: 1077.754757,
      tiers: [(0, 5)],
      180.2199216574,
      .absolute(1e-10)
    ),
    .hyperliquid(
      "HL-04",
      size: -1.95,
      mark: 25.779,
      value: 49.589238,
      tiers: [(0, 3)],
      43.89375297,
      .absolute(1e-8)
    ),
    .hyperliquid(
      "HL-12",
      size: 10,
      mark: 120,
      value: 250,
      tiers: [(0, 10), (1_000, 5)],
      100,
      .exact
    ),
    .hyperliquid(
      "HL-13",
      size: 10,
      mark: 100,
      value: 1_000_000,
      tiers: [(0, 10)],
      nil,
      .exact
    ),
    .hyperliquid(
      "HL-14",
      size: 1,
      mark: 40,
      value: 130,
      others: 100,
      tiers: [(0, 10)],
      10.5263157894736842105,
      .relative(1e-15)
    ),
    .hyperliquid(
      "HL-22",
      size: -1_400,
      mark: 100_000,
      value: 20_000_000,
      tiers: [(0, 40), (150_000_000, 20)],
      112804.878048780488,
      .relative(1e-12)
    ),
    .hyperliquid(
      "HL-23",
      size: -500_000,
      mark: 150,
      value: 9_000_000,
      tiers: [(0, 20), (70_000_000, 10)],
      163.333333333333333,
      .relative(1e-12)
    ),
    .hyperliquid(
      "HL-24",
      size: 1_000_000,
      mark: 40,
      value: 6_000_000,
      tiers: [(0, 10), (20_000_000, 5)],
      36.6666666666666667,
      .relative(1e-12)
    ),
    .hyperliquid(
      "HL-25",
      size: 5_000_000,
      mark: 0.5,
      value: 400_000,
      others: 50_000,
      tiers: [(0, 10), (3_000_000, 5)],
      0.452631578947368421,
      .relative(1e-12)
    ),
    .hyperliquid(
      "HL-26",
      size: -10,
      mark: 3_000,
      value: 500,
      tiers: [(0, 25), (100_000_000, 15)],
      2990.19607843137255,
      .relative(1e-12)
    ),
  ]
}
