// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Cycles
import TestSupport
import Testing

/// Ranking of counterparties (seed 2, section 2).
@Suite struct ADLQueueTests {
  private func candidate(
    _ account: Int,
    _ quantity: Double,
    entry: Double,
    leverage: Double,
    value: Double
  ) -> ADLCandidate {
    ADLCandidate(
      account: account,
      leg: 0,
      quantity: quantity,
      entryPrice: entry,
      marginUsedUSD: quantity.magnitude * 110 / leverage,
      accountValueUSD: value
    )
  }

  @Test func `the index of the documentation comes out`() {
    // HL-45: (110 / 100) · (50,000 / 20,000)
    let long = candidate(0, 50_000 / 110, entry: 100, leverage: 10, value: 20_000)
    #expect(long.score(.index, mark: 110) == 2.75)
    let short = candidate(0, -50_000 / 110, entry: 121, leverage: 10, value: 20_000)
    #expect((short.score(.index, mark: 110) - 2.75).magnitude < 1e-15)
  }

  @Test func `the index ranks a losing 20x above a winning 10x, return on equity does not`() {
    let losing = candidate(1, 1, entry: 112, leverage: 20, value: 5.5)
    let winning = candidate(2, 1, entry: 100, leverage: 10, value: 11)
    func order(_ rank: ADLRank) -> [Int] {
      ADLQueue(against: -1, [winning, losing], rank: rank, mark: 110) { $0 < $1 }
        .candidates.map(\.account)
    }
    // 10 / 11 against −2 / 5.5.
    #expect(order(.roe) == [2, 1])
    #expect(order(.index) == [1, 2])
  }

  @Test func `equal scores go by account and the own side is never asked`() {
    let all = [
      candidate(4, -1, entry: 120, leverage: 10, value: 20),
      candidate(2, -1, entry: 120, leverage: 10, value: 20),
      candidate(3, 1, entry: 50, leverage: 10, value: 20),
    ]
    let queue = ADLQueue(against: 5, all, rank: .roe, mark: 110) { $0 < $1 }
    #expect(queue.candidates.map(\.account) == [2, 4])
  }

  @Test func `random queues are sorted and hold the opposing side alone`() {
    var dice = SplitMix64(seed: 11)
    for _ in 0..<500 {
      let all = (0..<dice.whole(0, 12)).map { account in
        candidate(
          account,
          dice.pick([-2, -1, 0, 1, 3]),
          entry: dice.pick([80, 100, 130]),
          leverage: dice.pick([2, 10, 40]),
          value: dice.pick([-5, 0, 3, 50])
        )
      }
      let side = dice.pick([-1.5, 2])
      for rank in [ADLRank.roe, .index] {
        let queue = ADLQueue(against: side, all, rank: rank, mark: 110) { $0 < $1 }
        #expect(queue.candidates.count == all.count { $0.quantity * side < 0 })
        #expect(queue.candidates.allSatisfy { $0.quantity * side < 0 })
        for (a, b) in zip(queue.candidates, queue.candidates.dropFirst()) {
          let (x, y) = (a.score(rank, mark: 110), b.score(rank, mark: 110))
          #expect(x > y || x == y && a.account < b.account)
        }
      }
    }
  }

  @Test(arguments: [
    (0, true, 10, 100, ADLDecision.covered), (-5, true, 10, 100, .covered),
    (10, true, 10, 100, .acceptable), (11, true, 10, 100, .deleverage),
    (100, true, 10, 100, .deleverage), (101, true, 10, 100, .tooLarge),
    (1_000, true, 10, 0, .deleverage), (50, false, 10, 100, .off),
  ])
  func `the remaining shortfall decides`(
    remaining: Int128,
    enabled: Bool,
    acceptable: Int64,
    limit: Int64,
    expected: ADLDecision
  ) {
    #expect(
      ADLDecision(
        remaining: remaining,
        isEnabled: enabled,
        acceptable: acceptable,
        limit: limit
      ) == expected
    )
  }
}
