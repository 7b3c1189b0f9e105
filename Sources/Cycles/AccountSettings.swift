// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Settings

/// What happens to accounts by themselves.
package struct AccountSettings: Sendable, Equatable {
  package var hasStopLosses: Bool

  package init(_ settings: SettingsView) {
    hasStopLosses = settings.isOn(.accountStopLoss)
  }

  /// Why a cell is walked in the reference world.
  package var walkReasons: [String] { hasStopLosses ? ["stop-losses of accounts"] : [] }
}
