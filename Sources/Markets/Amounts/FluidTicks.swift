// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Fluid's ratios of debt to collateral as ticks of 1.0015, in the integers of the programs.
///
///     ratio(t) ~ 1.0015^t
///     Solana: times 2^48, |t| <= 16,383        EVM: times 2^96, |t| <= 32,767
///
/// Fixed-point powers are truncated, so `tick(at: ratio(at: t))` is t − 1 for most t. Constants and
/// roundings: venues.md 4.1, 4.4, `crates/library/src/math/tick.rs`, `tickMath.sol`.
package enum FluidTicks {
  package static let largestTick = 16_383
  package static let largestTickX96 = 32_767
  /// The ratio of tick 0 at Solana, 2^48.
  package static let one = UInt128(1) << 48
  package static let smallestRatio: UInt128 = 6_093
  /// The bound that the program declares; the ratio of its largest tick is above it.
  package static let largestRatio: UInt128 = 13_002_088_133_096_036_565_414_295

  /// `2^64 / 1.0015^(2^k)` for k = 0, 1, 2, …, 13, as the program rounds them.
  private static let inversePowers: [UInt128] = [
    0xff9d_d7de_4234_66c2, 0xff3b_d55f_4488_ad27, 0xfe78_410f_d649_8b74, 0xfcf2_d998_7c9b_e179,
    0xf9ef_02c4_5292_58b0, 0xf402_d288_133a_85a1, 0xe895_615b_5beb_6386, 0xd34f_17a0_0ffa_00a8,
    0xae6b_7961_714e_2055, 0x76d6_461f_2708_2d75, 0x372a_3bfe_0745_d8b7, 0x0be3_2cbe_e489_7976,
    0x008d_4f70_c9ff_4925, 0x0000_4e00_9ae5_5194,
  ]

  /// `10^13 · 1.0015^(2^k)` for k = 13, 12, 11, …, 0, as the program rounds them.
  private static let thresholds: [UInt128] = [
    2_150_859_953_785_115_391, 4_637_736_467_054_931, 215_354_044_936_586, 46_406_254_420_777,
    21_542_110_950_596, 14_677_230_989_051, 12_114_962_232_319, 11_006_798_913_544,
    10_491_329_235_871, 10_242_718_992_470, 10_120_631_893_548, 10_060_135_135_051,
    10_030_022_500_000, 10_015_000_000_000,
  ]
  private static let unit: UInt128 = 10_000_000_000_000

  /// The ratio of a tick times 2^48, nil beyond the largest tick.
  ///
  /// Powers of the inverse are multiplied and truncated to 64 bits; from tick 0 on the inverse of
  /// the product is taken, rounded up. Source: `get_ratio_at_tick`.
  package static func ratio(at tick: Int) -> UInt128? {
    guard (-largestTick...largestTick).contains(tick) else { return nil }
    var factor = UInt128(1) << 64
    for (bit, power) in inversePowers.enumerated() where tick.magnitude >> bit & 1 == 1 {
      // Factors are at most 2^64, powers below: the product has at most 128 bits.
      factor = (factor * power) >> 64
    }
    guard tick >= 0 else { return factor >> 16 }
    let inverse = UInt128.max / factor
    return (inverse >> 16) + (inverse & 0xffff == 0 ? 0 : 1)
  }

  /// A tick with the ratio that the program takes for its exact one.
  package struct Tick: Sendable, Equatable {
    package let index: Int
    /// `1.0015^index · 2^48` to the program's accuracy; not above the ratio it was found for.
    package let ratio: UInt128
  }

  /// The tick at or below a ratio times 2^48.
  ///
  /// The factor to tick 0 is divided by 1.0015^8192, …^4096, … in units of 1e-13, each quotient
  /// truncated; below tick 0 the bits are inverted. Nil outside the ratios that the program takes,
  /// so for the ratio of its own largest tick too. Source: `get_tick_at_ratio`.
  package static func tick(at ratio: UInt128) -> Tick? {
    guard ratio >= smallestRatio, ratio <= largestRatio else { return nil }
    let isBelowOne = ratio < one
    guard
      var factor = isBelowOne
        ? WideInteger.product(one, unit, dividedBy: ratio)
        : WideInteger.product(ratio, unit, dividedBy: one)
    else { return nil }
    var index = 0
    for (position, threshold) in thresholds.enumerated() where factor >= threshold {
      index |= 1 << (thresholds.count - 1 - position)
      // Below 10^13 · 1.0015^16384 the product has at most 128 bits.
      factor = factor * unit / threshold
    }
    let perfect =
      isBelowOne
      ? WideInteger.product(ratio, factor, dividedBy: 10_015_000_000_000)
      : WideInteger.product(ratio, unit, dividedBy: factor)
    guard let perfect, perfect <= ratio else { return nil }
    return Tick(index: isBelowOne ? ~index : index, ratio: perfect)
  }

  // MARK: - EVM

  /// A whole number of 256 bits, `high · 2^128 + low`.
  package struct Wide: Sendable, Equatable {
    package let high: UInt128
    package let low: UInt128
  }

  /// `2^128 / 1.0015^(2^k)` for k = 0, 1, 2, …, 14, as the contract rounds them.
  private static let inversePowersX128: [UInt128] = [
    0xff9d_d7de_4234_66c2_0352_b124_6ce4_856f, 0xff3b_d55f_4488_ad27_7531_fa1c_725a_66d0,
    0xfe78_410f_d649_8b73_cb96_a691_7f85_3259, 0xfcf2_d998_7c9b_e178_ad5b_feff_aa12_3273,
    0xf9ef_02c4_5292_58b0_5776_9680_fc66_01b3, 0xf402_d288_133a_85a1_7784_a411_f7ab_a082,
    0xe895_615b_5beb_6386_5537_57b0_352b_da90, 0xd34f_17a0_0ffa_00a8_3099_40a1_5930_391a,
    0xae6b_7961_714e_2054_8d88_ea51_23f9_a0ff, 0x76d6_461f_2708_2d74_e0fe_ed3b_388c_0ca1,
    0x372a_3bfe_0745_d8b6_b19d_985d_9a8b_85bb, 0x0be3_2cbe_e489_7976_3cf7_247d_d7bb_539d,
    0x008d_4f70_c9ff_4924_dac3_7612_d1e2_921e, 0x0000_4e00_9ae5_5193_8080_9a02_ca7a_ec77,
    0x0000_0000_17c4_5e64_1b6e_95de_e056_ff10,
  ]

  /// The ratio of a tick times 2^96, nil beyond the largest tick of the contracts.
  ///
  /// As `ratio(at:)` with factors of 128 bits; the ratio of positive ticks is rounded up.
  /// Source: venues.md 4.4, `tickMath.sol getRatioAtTick`.
  package static func ratioX96(at tick: Int) -> Wide? {
    guard (-largestTickX96...largestTickX96).contains(tick) else { return nil }
    guard tick != 0 else { return Wide(high: 0, low: 1 << 96) }
    // Nil stands for 2^128, the factor before the first multiplication.
    var factor: UInt128?
    for (bit, power) in inversePowersX128.enumerated() where tick.magnitude >> bit & 1 == 1 {
      factor = factor.map { $0.multipliedFullWidth(by: power).high } ?? power
    }
    guard let factor, factor > 0 else { return nil }
    guard tick > 0 else { return Wide(high: 0, low: factor >> 32) }
    // (2^256 − 1) / factor in two digits of 128 bits.
    let (high, rest) = UInt128.max.quotientAndRemainder(dividingBy: factor)
    let low = factor.dividingFullWidth((high: rest, low: .max)).quotient
    let shifted = Wide(high: high >> 32, low: low >> 32 | high << 96)
    guard low & 0xffff_ffff != 0 else { return shifted }
    let (next, carries) = shifted.low.addingReportingOverflow(1)
    return Wide(high: shifted.high + (carries ? 1 : 0), low: next)
  }
}
