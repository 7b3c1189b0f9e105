// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Cycles
import Numerics
import Testing

/// A liquidator vault by itself, with the refusals of seed 2.
@Suite struct BackstopVaultTests {
  private func vault(_ capital: Int64 = 1_000, cross: Bool = true) -> BackstopVault {
    BackstopVault(
      name: "hlp",
      capital: dollars(capital),
      isCross: cross,
      marginRatio: 0.1,
      withdrawFraction: 0.2,
      assetCount: 2
    )
  }

  private func refusal(
    _ vault: BackstopVault,
    _ quantity: Double,
    margin: Int64 = 0
  ) -> BackstopRefusal? {
    vault.refusal(
      taking: [TakenPosition(asset: 1, quantity: quantity)],
      margin: dollars(margin),
      price: { _ in 100 },
      symbol: { "A\($0)" }
    )
  }

  @Test func `it takes what its margin covers, the margin of the position included`() {
    #expect(refusal(vault(), 100) == nil)
    #expect(refusal(vault(), 100.01) == .noMargin)
    #expect(refusal(vault(), 110, margin: 100) == nil)
    #expect(refusal(vault(), -100) == nil)
    #expect(refusal(vault(cross: false), 1) == .notCross(symbol: "A1"))
    #expect(
      BackstopRefusal.noMargin.message == "Liquidator does not have enough margin available."
    )
    #expect(
      BackstopRefusal.notCross(symbol: "SOL").message
        == "Liquidator must use cross margin for asset SOL"
    )
  }

  @Test func `a position that hedges what it holds needs no margin`() throws {
    var vault = vault()
    try vault.take([TakenPosition(asset: 1, quantity: 100)], margin: 0) { _ in 100 }
    #expect(refusal(vault, 1) == .noMargin)
    #expect(refusal(vault, -200) == nil)
  }

  @Test func `profit and loss are its own from the mark at which it took`() throws {
    var vault = vault()
    try vault.take([TakenPosition(asset: 1, quantity: 50)], margin: dollars(40)) { _ in 100 }
    #expect(vault.cash == dollars(1_040))
    check(try vault.mark { _ in 90 }, dollars(-500))
    #expect(vault.cash == dollars(540))
    #expect(vault.exposureUSD == 4_500)
    // Sold 1 below the mark.
    check(try vault.reduce(1, by: 20, at: 89), dollars(-20))
    #expect(vault.positions[1] == 30)
    check(try vault.reduce(1, by: 30, at: 90), 0)
    #expect(vault.isFlat)
  }

  @Test func `nobody moves money while it is liquidatable`() throws {
    var vault = vault(600)
    try vault.take([TakenPosition(asset: 1, quantity: 50)], margin: 0) { _ in 100 }
    check(try vault.mark { _ in 93 }, dollars(-350))
    // 250 is above 5 % of 4,650; 200 is below 5 % of 4,600.
    #expect(!vault.isLiquidatable)
    check(try vault.deposit(dollars(1)), nil)
    _ = try vault.mark { _ in 92 }
    _ = try vault.mark { _ in 91.5 }
    #expect(vault.isLiquidatable)
    check(try vault.deposit(dollars(1)), .liquidatableDeposit)
    check(try vault.withdraw(dollars(1)), .liquidatableWithdrawal)
    #expect(refusal(vault, -1) == .noMargin)
    #expect(
      BackstopRefusal.liquidatableDeposit.message == "Cannot deposit into liquidatable vault."
    )
    #expect(
      BackstopRefusal.liquidatableWithdrawal.message == "Cannot withdraw from liquidatable vault."
    )
  }

  @Test func `withdrawals of a day are a share of the value at its start`() throws {
    var vault = vault()
    let day: Int64 = 86_400_000
    check(vault.beginDay(5), true)
    check(vault.beginDay(day - 1), false)
    check(try vault.withdraw(dollars(150)), nil)
    check(try vault.withdraw(dollars(50) + 1), .overDailyLimit)
    check(try vault.withdraw(dollars(50)), nil)
    check(try vault.withdraw(1), .overDailyLimit)
    #expect(BackstopRefusal.overDailyLimit.message == "Vault withdrawal over daily limit.")
    check(vault.beginDay(day), true)
    check(try vault.withdraw(dollars(160)), nil)
    check(try vault.withdraw(1), .overDailyLimit)
    #expect(vault.cash == dollars(640))
  }

  @Test func `no withdrawal takes the margin of what it holds`() throws {
    var vault = vault()
    try vault.take([TakenPosition(asset: 1, quantity: 90)], margin: 0) { _ in 100 }
    check(try vault.withdraw(dollars(101)), .noMargin)
    check(try vault.withdraw(dollars(100)), nil)
  }

  @Test func `a bankrupt one leaves what it owes`() throws {
    var vault = vault()
    try vault.take([TakenPosition(asset: 1, quantity: 100)], margin: 0) { _ in 100 }
    _ = try vault.mark { _ in 80 }
    check(vault.fail(), dollars(1_000))
    #expect(vault.cash == 0 && vault.isFlat)
    check(vault.fail(), 0)
  }
}
