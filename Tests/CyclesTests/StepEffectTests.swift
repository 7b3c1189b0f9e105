// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Cycles
import Testing

/// The list of a step's effects beside that of seed 2.
@Suite struct StepEffectTests {
  /// `begin_block` of seed 2, section 8.
  private static let seed = [
    "update_oracle", "distribute_funding", "apply_bole_liquidations", "update_funding_rates",
    "refresh_hip3_stale_mark_pxs", "prune_book_empty_user_states", "update_staking_rewards",
    "update_action_delayer", "update_aligned_quote_token",
  ]

  @Test func `each of the nine effects is one of ours or says why it is not`() {
    #expect(StepEffect.seedNames.map(\.name) == StepEffectTests.seed)
    let absent = StepEffect.seedNames.filter { $0.effect == nil }.map(\.name)
    #expect(Set(absent) == Set(StepEffect.unmodelled.keys))
    #expect(StepEffect.unmodelled.values.allSatisfy { !$0.isEmpty })
  }

  /// Stale marks are refreshed with the oracle, before anybody's margin is checked.
  @Test func `ours come in the order of the seed`() throws {
    let places = try StepEffect.seedNames
      .filter { $0.name != "refresh_hip3_stale_mark_pxs" }
      .compactMap(\.effect)
      .map { try #require(StepEffect.allCases.firstIndex(of: $0)) }
    #expect(places == places.sorted() && Set(places).count == places.count)
    #expect(StepEffect.allCases.first == .updateOracle && StepEffect.allCases.last == .keepBooks)
  }

  @Test func `every category of log rows belongs to an effect`() {
    let all = StepEffect.allCases.reduce(into: Set<EventCategory>()) { $0.formUnion($1.categories) }
    #expect(all == Set(EventCategory.allCases))
  }
}
