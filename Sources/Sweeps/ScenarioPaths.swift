// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Markets
package import TextKit

/// The price paths of a sweep, each made or read when something runs over it: memory does not grow
/// with their number.
package struct ScenarioPaths: Sendable {
  /// How many scenarios there are.
  package let count: Int
  /// How many of the first have to be looked at before a run; the rest are like the last of these.
  let checkedCount: Int
  /// Steps of all paths together.
  package let stepCount: Int
  private let source: @Sendable (Int) throws(Failure) -> PricePath

  /// Scenarios that a function makes, the same ones whenever it is asked.
  ///
  /// * `checkedCount`: how many of the first may differ in their assets and first prices.
  package init(
    count: Int,
    checkedCount: Int,
    stepCount: Int,
    source: @escaping @Sendable (Int) throws(Failure) -> PricePath
  ) {
    self.count = count
    self.checkedCount = min(count, checkedCount)
    self.stepCount = stepCount
    self.source = source
  }

  /// Scenarios that are in memory.
  package init(_ paths: [PricePath]) {
    self.init(
      count: paths.count,
      checkedCount: paths.count,
      stepCount: paths.reduce(0) { $0 + $1.stepCount }
    ) { paths[$0] }
  }

  /// The path of a scenario, from 0.
  package func path(_ scenario: Int) throws(Failure) -> PricePath { try source(scenario) }

  /// The first scenarios alone.
  func prefix(_ count: Int) -> ScenarioPaths {
    let count = min(count, self.count)
    return ScenarioPaths(
      count: count,
      checkedCount: checkedCount,
      stepCount: stepCount / max(1, self.count) * count,
      source: source
    )
  }
}
