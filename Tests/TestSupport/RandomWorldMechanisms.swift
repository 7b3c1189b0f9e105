// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Settings

/// Waterfall, keepers and penalties of random worlds: on in one world of four, with random numbers
/// of their own, so that the other worlds stay what they are.
package enum RandomWorldMechanisms {
  /// The settings of these mechanisms, which no other part of a random world draws.
  package static let keys: [SettingKey] = SettingKey.allCases.filter { key in
    let isOurs = ["waterfall.", "backstop.", "adl.", "keepers."].contains {
      key.name.hasPrefix($0)
    }
    return isOurs || key.name.hasPrefix("liquidation.penalty_")
  }

  /// Every other setting.
  package static let others: [SettingKey] = SettingKey.allCases.filter { !keys.contains($0) }

  /// Whether a world has any of them.
  package static func areOn(seed: UInt64) -> Bool {
    var random = SplitMix64(seed: seed &* 0x9E37_79B9_7F4A_7C15)
    return random.once(in: 4)
  }

  /// Draws them; each is at its default in two cases of three.
  static func draw(_ base: inout Settings, seed: UInt64, always: Bool = false) {
    guard always || areOn(seed: seed) else { return }
    var random = SplitMix64(seed: seed &+ 0x57A7_E12F)
    for key in keys where random.once(in: 3) { base[key] = random.pick(choices(key)) }
    // Books are small, so that markets have to be.
    if !random.once(in: 4) { base[.marketDepth] = random.pick([0, 500, 5_000, 50_000, 1e6]) }
  }

  /// Venue lines of the waterfall, and tables that go after a venue's own.
  static func venueLines(_ random: inout SplitMix64, isFull: Bool) -> String {
    random.once(in: 3) && !isFull ? "waterfall = \"mark\"" : "waterfall = \"full\""
  }

  /// What is on in a world of every mechanism, beside the switches that take cells out of the
  /// shared stages.
  private static let further: [SettingKey] = [
    .protectionEnabled, .keepersNetwork, .waterfallThroughput, .liquidationPenaltyMode,
    .waterfallOutage, .backstopOutage, .keepersOutage, .adlEnabled, .eventMispricing,
    .eventThinning, .eventBondRatio,
  ]

  /// Switches on every mechanism that is off by default, each at one of its values.
  static func switchAllOn(_ base: inout Settings, seed: UInt64) {
    var random = SplitMix64(seed: seed &+ 0xA110)
    for key in SettingKey.allCases {
      if further.contains(key) {
        let choices = keys.contains(key) ? choices(key) : RandomWorldSettings.choices(key)
        base[key] = random.pick(choices.filter { $0 != 0 })
      } else if RandomWorldSettings.switches.contains(key) {
        let off = Setting.all[key.rawValue].defaultValue
        base[key] = random.pick(RandomWorldSettings.choices(key).filter { $0 != off })
      }
    }
  }

  static func thinMarkets(_ random: inout SplitMix64) -> String {
    guard random.once(in: 2) else { return "" }
    return """
      [venues.tiered.thin_markets.SOL]
      max_slippage = \(random.pick([0.01, 0.2]))
      half_life_s = \(random.pick([0, 30, 200.5]))
      only_isolated = \(random.once(in: 3))

      """
  }

  package static func choices(_ key: SettingKey) -> [Double] {
    switch key {
    case .liquidationPenaltyMode: [0, 1, 2]
    case .liquidationPenaltyRatio: [1, 0, 5]
    case .liquidationPenaltyVolatility: [10, 0, 100]
    case .liquidationPenaltyCap: [0.1, 0.02, 1]
    case .waterfallSlippage: [0.1, 0.01, 1]
    case .waterfallCooldown: [30, 0, 200]
    case .waterfallThroughput: [0, 0.01, 0.05, 2]
    case .waterfallSocialise, .adlRank, .adlEnabled: [0, 1]
    case .waterfallVolatility: [300, 10, 1e5]
    case .waterfallOutageFrom, .backstopOutageFrom, .keepersOutageFrom: [0, 60, 500]
    case .waterfallOutage, .backstopOutage, .keepersOutage: [0, 0, 100, 1_000]
    case .backstopRatio: [2.0 / 3, 0, 1]
    case .backstopCapital: [1e6, 0, 500, 20_000.25]
    case .backstopMargin: [0.1, 0.02, 0.5, 0]
    case .backstopSale: [0, 60, 1_000]
    case .backstopWithdrawal: [0, 1_000, -333.333333, 1e5]
    case .backstopWithdrawFraction: [0.2, 1, 0]
    case .adlAcceptable: [0, 10, 5_000]
    case .adlMaxShortfall: [0, 100, 20_000]
    case .keepersNetwork: [0, 0, 1, 2]
    case .keepersCount: [3, 1, 50]
    case .keepersBatch: [1, 4]
    case .keepersLatency: [1, 0, 45.5]
    case .keepersGas: [1, 0, 20]
    case .keepersGasCongestion: [0.01, 0, 1]
    case .keepersGasVolatility: [20, 0, 200]
    case .keepersReward: [0.01, 0, 0.1]
    case .keepersTip: [0, 5, 100]
    case .keepersRisk: [0, 0.1, 2]
    case .keepersPriority: [0, 0.5, 1]
    default: [0]
    }
  }
}
