// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// One step of the simulation whose result depends only on the settings it reads (DESIGN 9).
package enum Stage: String, CaseIterable, Sendable {
  case oracle
  case protection
  case liquidations
  case auctions
  case clusters
  case vault
  case summary

  /// The stages whose results this one takes in replay mode.
  package var upstream: [Stage] {
    switch self {
    case .oracle: []
    case .protection: [.oracle]
    case .liquidations: [.oracle, .protection]
    case .auctions: [.oracle, .liquidations]
    case .clusters: [.oracle, .protection, .liquidations]
    case .vault: [.oracle, .liquidations, .clusters]
    case .summary: [.protection, .liquidations, .auctions, .vault]
    }
  }
}
