// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Settings
import Testing
import TextKit

@Suite struct SettingTableTests {
  @Test func `every key has a definition, in the same order`() {
    #expect(Setting.all.map(\.key) == SettingKey.allCases)
    #expect(Setting.all.map(\.name) == SettingKey.allCases.map(\.name))
  }

  @Test func `names are unique, in lower case and dotted once`() {
    let names = Setting.all.map(\.name)
    #expect(Set(names).count == names.count)
    for name in names {
      #expect(name.split(separator: ".", omittingEmptySubsequences: false).count == 2, "\(name)")
      #expect(
        name.utf8.allSatisfy { $0 == 0x2E || $0 == 0x5F || (0x61...0x7A).contains($0) },
        "\(name)"
      )
    }
  }

  @Test func `every default is within its own bounds`() {
    for setting in Setting.all {
      #expect(setting.complaint(about: setting.defaultValue) == nil, "\(setting.name)")
      #expect(!setting.help.isEmpty && !setting.unit.isEmpty, "\(setting.name)")
    }
    #expect(Settings().complaint == nil)
  }

  @Test func `every setting is read by some stage, and each stage reads one at most once`() {
    for setting in Setting.all {
      #expect(!setting.stages.isEmpty, "\(setting.name)")
      #expect(Set(setting.stages).count == setting.stages.count, "\(setting.name)")
    }
    for stage in Stage.allCases {
      #expect(Setting.all.contains { $0.stages.contains(stage) }, "\(stage)")
    }
  }

  @Test func `stages take results of earlier stages only`() {
    var known: Set<Stage> = []
    for stage in [
      Stage.oracle, .accounts, .protection, .liquidations, .waterfall, .auctions, .clusters, .vault,
      .cascade,
      .summary,
    ] {
      #expect(known.isSuperset(of: stage.upstream), "\(stage)")
      known.insert(stage)
    }
    #expect(known == Set(Stage.allCases))
  }

  /// The defaults of SEMANTICS, "Settings", in its order.
  @Test(arguments: [
    ("oracle.max_age_s", 60), ("oracle.outlier_mad", 5), ("clusters.bin_bps", 50),
    ("clusters.refresh_s", 600), ("clusters.read_lag_slots", 0), ("clusters.approach", 0.02),
    ("clusters.min_size_usd", 1_000_000), ("clusters.min_confidence", 80),
    ("clusters.half_life_slots", 9_000), ("clusters.stay", 0.95), ("clusters.sigmas", 3),
    ("clusters.use_freshness", 1), ("clusters.use_cross", 1), ("clusters.use_oracle", 1),
    ("vault.capital_usd", 10_000_000), ("vault.deploy_usd", 1_000_000),
    ("vault.min_deploy_usd", 0), ("vault.approach", 0.02), ("vault.stop_loss", 0.05),
    ("vault.recover_bps", 100), ("vault.timeout_s", 1_800), ("vault.crank_delay_s", 0),
    ("vault.exit_slippage_bps", 0), ("vault.cycle_cost_usd", 0),
    ("vault.same_bin_cooldown_s", 1_800), ("vault.fee_bps", 25), ("vault.performance_fee", 0.2),
    ("vault.tip_usd", 0), ("vault.reactive_flow_usd", 1_000_000), ("vault.deploy_delay_s", 0),
    ("vault.landing_probability", 1), ("monitor.price_age_s", 0), ("cascade.half_life_s", 300),
    ("cascade.oracle_passthrough", 0.5), ("cascade.flow_share", 1), ("cascade.max_impact", 0.5),
    ("market.depth_usd_per_pct", 8_000_000), ("protection.enabled", 1),
    ("protection.trigger_distance", 0.05), ("protection.safe_distance", 0.15),
    ("protection.max_deposit_ratio", 0.5), ("protection.deposit_increment_usd", 5),
    ("protection.increment_ratio", 0), ("protection.cooldown_s", 60), ("protection.poll_s", 30),
    ("protection.stagger", 0), ("protection.wallet_usd", 0), ("liquidation.penalty", 0),
    ("liquidation.insurance_usd", 0), ("auction.kappa_bps_per_s", 5),
    ("auction.kappa_usd_per_s", 0), ("auction.duration_s", 600), ("auction.fee_bps", 100),
    ("auction.buffer_bps", 100), ("auction.specialists", 5), ("auction.margin_min", 0.01),
    ("auction.margin_max", 0.08), ("auction.bond_min_usd", 50_000),
    ("auction.bond_max_usd", 500_000), ("auction.bond_multiple", 10),
    ("auction.reaction_min_s", 2), ("auction.reaction_max_s", 60), ("auction.gas_usd", 1),
    ("auction.backstop_discount", 0.1), ("auction.backstop_capacity_usd", 1_000_000),
    ("auction.dump_discount", 0.2), ("report.var_level", 0.95),
  ])
  func `numbers have the documented default`(_ name: String, _ value: Double) throws {
    let setting = try Setting.named(name)
    #expect(setting.defaultValue == value)
    #expect(setting.isNumeric)
  }

  @Test(arguments: [
    ("vault.inventory", "held"), ("protection.cap_base", "position"),
    ("protection.poll", "fixed"), ("auction.mechanism", "dutch"), ("simulation.mode", "replay"),
    ("vault.entry", "pre"),
  ])
  func `words have the documented default and cannot be swept`(
    _ name: String,
    _ word: String
  ) throws {
    let setting = try Setting.named(name)
    #expect(setting.text(of: setting.defaultValue) == word)
    #expect(!setting.isNumeric)
  }

  @Test func `an unknown name is refused with the nearest`() {
    #expect(
      throws: Failure(.data, "unknown setting 'vault.stop_los'; did you mean 'vault.stop_loss'?")
    ) {
      try Setting.named("vault.stop_los")
    }
    #expect(throws: Failure(.data, "unknown setting 'x\u{FFFD}'")) { try Setting.named("x\n") }
  }

  @Test(arguments: [
    (SettingBounds.from(0, to: 1), "from 0 to 1"), (.from(2), "at least 2"),
    (.above(0), "above 0"), (.above(0, to: 9), "above 0 and at most 9"),
    (.between(0, 1), "above 0 and below 1"),
  ])
  func `bounds read as they decide`(_ bounds: SettingBounds, _ text: String) {
    #expect(bounds.text == text)
    #expect(bounds.contains(bounds.low) == !bounds.excludesLow)
    #expect(bounds.contains(bounds.high) == !bounds.excludesHigh)
    #expect(!bounds.contains(bounds.low.nextDown) && !bounds.contains(bounds.high.nextUp))
    #expect(!bounds.contains(.nan))
  }
}
