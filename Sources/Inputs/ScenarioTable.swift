// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Configuration
package import Markets
package import TextKit

package struct ScenarioSettings: Sendable { package var count: Int }
enum ScenarioTable {
  static func read(_ table: ConfigTable) throws(Failure) -> ScenarioSettings? { nil }
}
package enum ScenarioPaths {
  package static func make(_ s: ScenarioSettings, count: Int, assets: [Int], snapshot: PriceSnapshot, table: AssetTable) throws(Failure) -> [PricePath] { [] }
}
