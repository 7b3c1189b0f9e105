// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Settings

/// What happens to accounts by themselves: stop-losses, funding, interest.
package struct AccountSettings: Sendable, Equatable {
  package var hasStopLosses: Bool
  package var funding: FundingSource
  package var hasInterest: Bool
  /// Utilization of assets whose curve states none.
  package var utilization: Double

  package init(_ settings: SettingsView) {
    hasStopLosses = settings.isOn(.accountStopLoss)
    funding =
      switch settings.word(.fundingMode) {
      case "constant": .constant(settings[.fundingRate] / 1e4)
      case "formula": .formula(premium: settings[.fundingPremium] / 1e4)
      case "path": .path
      default: .off
      }
    hasInterest = settings.isOn(.interestEnabled)
    utilization = settings[.interestUtilization]
  }

  /// Whether anything moves the constants of accounts.
  package var accrues: Bool { funding != .off || hasInterest }

  /// Why a cell is walked in the reference world.
  package var walkReasons: [String] {
    (hasStopLosses ? ["stop-losses of accounts"] : [])
      + (funding != .off ? ["funding"] : []) + (hasInterest ? ["interest"] : [])
  }
}
