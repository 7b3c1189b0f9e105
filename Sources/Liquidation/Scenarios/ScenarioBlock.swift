// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// What falls in one scenario, of one asset at one venue or of a total.
package struct ScenarioSums: Sendable, Equatable {
  /// Accounts that are liquidatable; in a total each counts once.
  package var accounts = 0
  /// Their size at the scenario's prices, micro-USD.
  package var size: Int128 = 0
  /// Σ −health, micro-USD.
  package var shortfall: Int128 = 0
  /// Σ of equity below 0, micro-USD.
  package var badDebt: Int128 = 0

  package init() {}

  /// Adds what another place has.
  package static func += (sums: inout ScenarioSums, other: ScenarioSums) {
    sums.accounts += other.accounts
    sums.size += other.size
    sums.shortfall += other.shortfall
    sums.badDebt += other.badDebt
  }
}

/// The sums of a block of scenarios; valid until the next block is worked on.
package struct ScenarioBlock: Sendable {
  /// Indices of the scenarios.
  package let scenarios: Range<Int>
  private let map: ScenarioMap
  private let workers: [ScenarioWorker]

  init(scenarios: Range<Int>, map: ScenarioMap, workers: [ScenarioWorker]) {
    (self.scenarios, self.map, self.workers) = (scenarios, map, workers)
  }

  /// The sums of every place in one scenario, in the order of the engine's places.
  ///
  /// Accounts of a venue count once at the place of the venue; its amounts are those of its assets.
  package func sums(of scenario: Int) -> [ScenarioSums] {
    let index = scenario - scenarios.lowerBound
    var all = Array(repeating: ScenarioSums(), count: map.slots.count)
    for (slot, place) in map.slots.enumerated() {
      for worker in workers {
        all[slot].accounts += Int(worker.sums.sum(.accounts, slot: slot, scenario: index))
        guard place.asset != nil else { continue }
        all[slot].size += worker.sums.sum(.size, slot: slot, scenario: index)
        all[slot].shortfall += worker.sums.sum(.shortfall, slot: slot, scenario: index)
        all[slot].badDebt += worker.sums.sum(.badDebt, slot: slot, scenario: index)
      }
    }
    // Places of venues come first, in the order of their places of assets.
    var venue = -1
    for (slot, place) in map.slots.enumerated() where place.asset != nil {
      if venue < 0 || map.slots[venue].venue != place.venue { venue += 1 }
      all[venue].size += all[slot].size
      all[venue].shortfall += all[slot].shortfall
      all[venue].badDebt += all[slot].badDebt
    }
    return all
  }

  /// The sums over all venues in one scenario, made of the places' sums.
  package func total(of sums: [ScenarioSums]) -> ScenarioSums {
    var total = ScenarioSums()
    for (slot, place) in map.slots.enumerated() where place.asset == nil { total += sums[slot] }
    return total
  }
}
