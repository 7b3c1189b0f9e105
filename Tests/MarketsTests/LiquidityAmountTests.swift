// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Markets
import TestSupport
import Testing

/// Ranges, ticks and bins beside plain doubles; what needs more bits than there are gives nothing.
@Suite struct LiquidityAmountTests {
  @Test func `a tick's root is the power of 1.0001`() throws {
    #expect(OrcaLiquidity.squareRoot(ofTick: 0) == 1 << 64)
    for tick in [-443_636, -100_000, -8193, -1, 1, 2, 777, 65_536, 443_636] {
      let root = try #require(OrcaLiquidity.squareRoot(ofTick: tick))
      let exact = exp(Double(tick) / 2 * log1p(0.0001)) * 0x1p64
      #expect((Double(root) / exact - 1).magnitude < 1e-9, "\(tick)")
    }
    #expect(OrcaLiquidity.squareRoot(ofTick: 443_637) == nil)
    #expect(OrcaLiquidity.squareRoot(ofTick: -443_637) == nil)
  }

  @Test(arguments: PropertySeeds.first(100))
  func `a position holds what the formula says, rounded as asked`(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let lower = random.whole(-60_000, 60_000)
    let upper = lower + random.whole(1, 20_000)
    let tick = random.whole(lower - 3_000, upper + 3_000)
    let liquidity = UInt128(random.whole(1, 1 << 44))
    let root = try #require(OrcaLiquidity.squareRoot(ofTick: tick))
    let low = try #require(OrcaLiquidity.squareRoot(ofTick: lower))
    let high = try #require(OrcaLiquidity.squareRoot(ofTick: upper))
    func amounts(_ roundsUp: Bool) throws -> (a: UInt64, b: UInt64) {
      try #require(
        OrcaLiquidity.amounts(
          liquidity,
          squareRoot: root,
          ticks: (lower, upper),
          roundsUp: roundsUp
        )
      )
    }
    let (down, up) = (try amounts(false), try amounts(true))
    func price(_ root: UInt128) -> Double { (Double(root) * 0x1p-64) * (Double(root) * 0x1p-64) }
    let range = LiquidityRange(low: price(low), high: price(high))
    let base = range.base(Double(liquidity), at: price(root))
    let quote = range.quote(Double(liquidity), at: price(root))
    for (amount, exact) in [(down.a, base), (down.b, quote)] {
      #expect((Double(amount) - exact).magnitude <= 1 + 1e-8 * Double(liquidity))
    }
    #expect(up.a - down.a <= 1 && up.b - down.b <= 1)
    // Below the range there is no quote, above it no base.
    if tick < lower { #expect(down.b == 0 && up.b == 0) }
    if tick > upper { #expect(down.a == 0 && up.a == 0) }
    #expect(range.value(Double(liquidity), at: price(root)) >= 0)
  }

  @Test func `amounts beyond 64 bits and absurd inputs give nothing and stop nothing`() {
    let most = UInt128.max
    #expect(OrcaLiquidity.amountA(most, from: 1 << 33, to: 1 << 96, roundsUp: true) == nil)
    #expect(OrcaLiquidity.amountA(most, from: 0, to: 1 << 96, roundsUp: true) == nil)
    #expect(OrcaLiquidity.amountB(most, from: 0, to: most, roundsUp: true) == nil)
    #expect(OrcaLiquidity.amountB(1 << 64, from: 0, to: 1 << 64, roundsUp: true) == nil)
    #expect(OrcaLiquidity.amountA(0, from: 5, to: 5, roundsUp: true) == 0)
    let fees = OrcaFees(global: 5, outsideLower: 9, outsideUpper: 0, checkpoint: 0)
    // Growth runs modulo 2^128.
    #expect(fees.inside(tick: 0, ticks: (0, 1)) == UInt128.max - 3)
    #expect(fees.owed(0, liquidity: most, tick: 0, ticks: (0, 1)) == nil)
    #expect(OrcaFees.afterTransfer(1_000, bps: 10_001) == nil)
    #expect(OrcaFees.afterTransfer(1_000, bps: 100, most: 3) == 997)
    #expect(OrcaFees.afterTransfer(.max, bps: 10_000) == 0)
  }

  @Test func `a bin's price is about the power, and bins are symmetric about one`() throws {
    for (id, step) in [(1, 1), (8388, 1), (-3000, 25), (500, 100), (-7, 400)] as [(Int, UInt64)] {
      let price = try #require(MeteoraBins.price(ofBin: id, stepBPS: step))
      let exact = exp(Double(id) * log1p(Double(step) / 10_000)) * 0x1p64
      #expect((Double(price) / exact - 1).magnitude < 1e-9, "\(id) of \(step)")
    }
    #expect(MeteoraBins.price(ofBin: 0, stepBPS: 25) == 1 << 64)
    #expect(MeteoraBins.price(ofBin: 1 << 19, stepBPS: 25) == nil)
    #expect(MeteoraBins.price(ofBin: -400_000, stepBPS: 400) == nil)
    #expect(MeteoraBins.price(ofBin: .min, stepBPS: 1) == nil)
  }

  @Test func `swaps and fees round against who pays`() {
    let price: UInt128 = (1 << 64) * 3 / 2
    #expect(MeteoraBins.amountOut(7, price: price, sellsX: true) == 10)
    #expect(MeteoraBins.amountIn(10, price: price, sellsX: true) == 7)
    #expect(MeteoraBins.amountOut(10, price: price, sellsX: false) == 6)
    #expect(MeteoraBins.amountIn(6, price: price, sellsX: false) == 9)
    #expect(MeteoraBins.amountOut(1, price: 0, sellsX: false) == nil)
    #expect(MeteoraBins.totalFeeRate(base: 60_000_000, variable: 50_000_000) == 100_000_000)
    #expect(MeteoraBins.totalFeeRate(base: .max, variable: 1) == 100_000_000)
    #expect(MeteoraBins.fee(onTopOf: 999, rate: 1_000_000) == 1)
    #expect(MeteoraBins.fee(within: 1_000, rate: 1_000_000) == 1)
    #expect(MeteoraBins.fee(onTopOf: 1, rate: 1_000_000_000) == nil)
    #expect(MeteoraBins.baseFeeRate(factor: .max, stepBPS: .max, power: 38) == nil)
    #expect(MeteoraBins.protocolFee(1_999, shareBPS: 500) == 99)
    #expect(MeteoraBins.claimableFee(share: 1, stored: 0, complete: 1, pending: 0) == nil)
    #expect(MeteoraBins.claimableFee(share: .max, stored: .max, complete: 0, pending: 1) == nil)
    #expect(MeteoraBins.withdrawal(share: 1, amount: 1, supply: 0) == nil)
  }
}
