// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// A position of Orca's Whirlpools (and of Raydium's CLMM) in the integers of the programs.
///
/// Square roots of prices are times 2^64, amounts in whole native units. Deposits round up,
/// withdrawals down. Source: venues.md 8.1, `rust-sdk/core/src/math/{tick,token}.rs`.
package enum OrcaLiquidity {
  package static let largestTick = 443_636

  /// `floor(2^96 · 1.0001^(2^k / 2))` for k = 0, 1, 2, …, 18.
  private static let powers: [UInt128] = [
    79_232_123_823_359_799_118_286_999_567, 79_236_085_330_515_764_027_303_304_731,
    79_244_008_939_048_815_603_706_035_061, 79_259_858_533_276_714_757_314_932_305,
    79_291_567_232_598_584_799_939_703_904, 79_355_022_692_464_371_645_785_046_466,
    79_482_085_999_252_804_386_437_311_141, 79_736_823_300_114_093_921_829_183_326,
    80_248_749_790_819_932_309_965_073_892, 81_282_483_887_344_747_381_513_967_011,
    83_390_072_131_320_151_908_154_831_281, 87_770_609_709_833_776_024_991_924_138,
    97_234_110_755_111_693_312_479_820_773, 119_332_217_159_966_728_226_237_229_890,
    179_736_315_981_702_064_433_883_588_727, 407_748_233_172_238_350_107_850_275_304,
    2_098_478_828_474_011_932_436_660_412_517, 55_581_415_166_113_811_149_459_800_483_533,
    38_992_368_544_603_139_932_233_054_999_993_551,
  ]

  /// `floor(2^64 / 1.0001^(2^k / 2))` for k = 0, 1, 2, …, 18.
  private static let inversePowers: [UInt128] = [
    18_445_821_805_675_392_311, 18_444_899_583_751_176_498, 18_443_055_278_223_354_162,
    18_439_367_220_385_604_838, 18_431_993_317_065_449_817, 18_417_254_355_718_160_513,
    18_387_811_781_193_591_352, 18_329_067_761_203_520_168, 18_212_142_134_806_087_854,
    17_980_523_815_641_551_639, 17_526_086_738_831_147_013, 16_651_378_430_235_024_244,
    15_030_750_278_693_429_944, 12_247_334_978_882_834_399, 8_131_365_268_884_726_200,
    3_584_323_654_723_342_297, 696_457_651_847_595_233, 26_294_789_957_452_057,
    37_481_735_321_082,
  ]

  /// The square root of a tick's price times 2^64, nil beyond the largest tick.
  ///
  ///     1.0001^(tick / 2) · 2^64, every product truncated: to 96 bits after the point from tick 0
  ///     on, to 64 below
  package static func squareRoot(ofTick tick: Int) -> UInt128? {
    guard (-largestTick...largestTick).contains(tick) else { return nil }
    var root = UInt128(1) << (tick < 0 ? 64 : 96)
    for (bit, power) in (tick < 0 ? inversePowers : powers).enumerated()
    where tick.magnitude >> bit & 1 == 1 {
      let shift: UInt128 = tick < 0 ? 64 : 96
      guard let next = WideInteger.product(root, power, dividedBy: 1 << shift) else { return nil }
      root = next
    }
    return tick < 0 ? root : root >> 32
  }

  /// Tokens A between two square roots: `L · (upper − lower) · 2^64 / (upper · lower)`.
  ///
  /// Nil when the amount needs more than 64 bits, or a root is 0.
  package static func amountA(
    _ liquidity: UInt128,
    from lower: UInt128,
    to upper: UInt128,
    roundsUp: Bool
  ) -> UInt64? {
    let (lower, upper) = (min(lower, upper), max(lower, upper))
    guard lower > 0 else { return nil }
    // Quotients of quotients round as one division does.
    let first = upper.dividingFullWidth(liquidity.multipliedFullWidth(by: upper - lower))
    let second = upper.dividingFullWidth((first.remainder >> 64, first.remainder << 64))
    let high = first.quotient >> 64
    guard high < lower else { return nil }
    let (low, carry) = (first.quotient << 64).addingReportingOverflow(second.quotient)
    guard !carry else { return nil }
    let whole = lower.dividingFullWidth((high, low))
    let isExact = second.remainder == 0 && whole.remainder == 0
    return rounded(whole.quotient, isExact: isExact, up: roundsUp)
  }

  /// Tokens B between two square roots: `L · (upper − lower) / 2^64`; nil beyond 64 bits.
  package static func amountB(
    _ liquidity: UInt128,
    from lower: UInt128,
    to upper: UInt128,
    roundsUp: Bool
  ) -> UInt64? {
    let (lower, upper) = (min(lower, upper), max(lower, upper))
    let product = liquidity.multipliedFullWidth(by: upper - lower)
    guard product.high == 0 else { return nil }
    let isExact = product.low & UInt128(UInt64.max) == 0
    return rounded(product.low >> 64, isExact: isExact, up: roundsUp)
  }

  /// What a position holds: A alone below its range, B alone above, both within.
  package static func amounts(
    _ liquidity: UInt128,
    squareRoot: UInt128,
    ticks: (lower: Int, upper: Int),
    roundsUp: Bool
  ) -> (a: UInt64, b: UInt64)? {
    guard let low = self.squareRoot(ofTick: min(ticks.lower, ticks.upper)),
      let high = self.squareRoot(ofTick: max(ticks.lower, ticks.upper))
    else { return nil }
    let root = min(max(squareRoot, low), high)
    guard let a = amountA(liquidity, from: root, to: high, roundsUp: roundsUp),
      let b = amountB(liquidity, from: low, to: root, roundsUp: roundsUp)
    else { return nil }
    return (a, b)
  }

  private static func rounded(_ whole: UInt128, isExact: Bool, up: Bool) -> UInt64? {
    let (next, isTooLarge) = whole.addingReportingOverflow(up && !isExact ? 1 : 0)
    return isTooLarge ? nil : UInt64(exactly: next)
  }
}

/// The fees of a position in Orca's Whirlpools (venues.md 8.1).
package struct OrcaFees: Sendable, Equatable {
  /// Growth of fees for each unit of liquidity, times 2^64, modulo 2^128.
  package var global: UInt128
  package var outsideLower: UInt128
  package var outsideUpper: UInt128
  /// The growth inside up to which the position was paid.
  package var checkpoint: UInt128

  package init(
    global: UInt128,
    outsideLower: UInt128,
    outsideUpper: UInt128,
    checkpoint: UInt128
  ) {
    self.global = global
    self.outsideLower = outsideLower
    self.outsideUpper = outsideUpper
    self.checkpoint = checkpoint
  }

  /// Growth within a position's range.
  ///
  ///     global − below − above, modulo 2^128
  ///     below = outside of the lower tick at or above it, else global − outside; above alike
  ///
  /// Source: `rust-sdk/core/src/quote/fees.rs collect_fees_quote`.
  package func inside(tick: Int, ticks: (lower: Int, upper: Int)) -> UInt128 {
    let below = tick < ticks.lower ? global &- outsideLower : outsideLower
    let above = tick >= ticks.upper ? global &- outsideUpper : outsideUpper
    return global &- below &- above
  }

  /// What a position is owed: `owed + (inside − checkpoint) · liquidity / 2^64`, rounded down.
  ///
  /// * `owed`: from before. Nil when the result needs more than 64 bits.
  package func owed(
    _ owed: UInt64,
    liquidity: UInt128,
    tick: Int,
    ticks: (lower: Int, upper: Int)
  ) -> UInt64? {
    let growth = inside(tick: tick, ticks: ticks) &- checkpoint
    let grown = WideInteger.product(growth, liquidity, dividedBy: 1 << 64)
      .flatMap { UInt64(exactly: $0) }
    guard let grown else { return nil }
    let (sum, isTooLarge) = owed.addingReportingOverflow(grown)
    return isTooLarge ? nil : sum
  }

  /// What is left after the fee of a token's transfer, `amount − min(most, ceil(amount · bps /
  /// 10,000))`; nil above 10,000 bps.
  package static func afterTransfer(
    _ amount: UInt64,
    bps: UInt64,
    most: UInt64 = .max
  ) -> UInt64? {
    guard bps <= 10_000 else { return nil }
    let fee = (UInt128(amount) * UInt128(bps) + 9_999) / 10_000
    return amount - min(most, UInt64(clamping: fee))
  }
}
