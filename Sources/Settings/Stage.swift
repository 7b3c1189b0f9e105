// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// One step of the simulation whose result depends only on the settings it reads (DESIGN 9).
package enum Stage: String, CaseIterable, Sendable {
  case oracle
  /// What happens to accounts by themselves: stop-losses, funding, interest.
  case accounts
  case protection
  case liquidations
  /// Waterfall, keepers and penalties, which only walked worlds have.
  case waterfall
  case auctions
  case clusters
  case vault
  /// The feedback of forced flow, which only walked worlds have.
  case cascade
  case summary

  /// The stages whose results this one takes in replay mode.
  ///
  /// Which accounts fall, and when, is known from protection alone: what liquidations and auctions
  /// then pay moves neither prices nor other accounts, so clusters and vault do not wait for them.
  package var upstream: [Stage] {
    switch self {
    case .oracle: []
    case .accounts: [.oracle]
    case .protection: [.oracle, .accounts]
    case .liquidations: [.oracle, .protection]
    case .waterfall: [.oracle, .protection]
    case .auctions: [.oracle, .protection, .liquidations]
    case .clusters: [.oracle, .protection]
    case .vault: [.oracle, .protection, .clusters]
    case .cascade: []
    case .summary: [.protection, .liquidations, .auctions, .vault]
    }
  }

  /// What a whole world depends on: everything but the summary.
  package static var walked: Set<Stage> { Set(allCases).subtracting([.summary]) }

  /// This stage and all that its result depends on.
  package var closure: Set<Stage> {
    upstream.reduce(into: [self]) { $0.formUnion($1.closure) }
  }
}
