// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Numerics
package import TextKit

/// What one cell in cascade mode came to along one path.
package struct CascadeOutcome: Sendable {
  package var vault = VaultTotals()
  package var liquidations = LiquidationTotals()
  package var totals = CascadeTotals()
  /// Micro-USD that cycles made or lost beside their P&L, 0 unless we have a bug.
  package var imbalance: UInt128 = 0
  /// How many steps were taken one by one.
  package var steps = 0

  package init() {}
}

/// Settings of the vault that share clusters and everything that moves prices, along one path.
package struct CascadeJob: Sendable {
  let path: CascadePath
  let cascade: CascadeSettings
  let vaults: VaultPlan

  package init(_ path: CascadePath, _ cascade: CascadeSettings, _ vaults: VaultPlan) {
    self.path = path
    self.cascade = cascade
    self.vaults = vaults
  }
}

/// Settings of the vault that differ only in when a cycle ends, with what moves their prices.
final class CascadeFamily: Sendable {
  let path: CascadePath
  let cascade: CascadeSettings
  let settings: [VaultSettings]
  /// The job, and the place of each of the settings in its plan.
  let job: Int
  let places: [Int32]

  init(_ job: CascadeJob, number: Int, _ family: VaultPlan.Family) {
    path = job.path
    cascade = job.cascade
    settings = family.settings
    self.job = number
    places = family.places
  }

  /// The settings that begin as one walk, by their numbers.
  var together: [[Int32]] {
    let all = settings.indices.map { Int32($0) }
    // A position may end in the step in which it begins only where no time or loss is allowed.
    let endsAtOnce = settings.contains {
      $0.timeoutMilliseconds + $0.crankDelayMilliseconds <= 0 || $0.stopLoss < 0
    }
    return endsAtOnce ? all.map { [$0] } : [all]
  }
}

/// Cells in cascade mode from event to event, equal to the reference world.
///
/// Cells that differ only in when a cycle ends are one walk as long as all of them do the same
/// (`CascadeWalk`). Up to eight walks, of whatever cells, take their next steps side by side, so
/// that the exponentials of their impacts are computed together.
package struct CascadeRun {
  /// By job, and by place in its plan.
  package private(set) var outcomes: [[CascadeOutcome]]
  private var waiting: [CascadeWalk] = []
  private var active: [CascadeWalk] = []
  /// Impacts of the active walks' next steps, then what prices are multiplied with.
  private var factors: [Double] = []

  /// Runs cells whose book and settings have no obstacle (`CascadeGround.obstacle`).
  package init(_ jobs: [CascadeJob]) throws(Failure) {
    outcomes = jobs.map { Array(repeating: CascadeOutcome(), count: $0.vaults.count) }
    for (number, job) in jobs.enumerated().reversed() {
      for own in job.vaults.families.reversed() {
        let family = CascadeFamily(job, number: number, own)
        for variants in family.together { waiting.append(CascadeWalk(family, variants)) }
      }
    }
    while fill() { try step() }
  }

  /// Takes up walks that wait, most recent ones first; false when all have ended.
  private mutating func fill() -> Bool {
    while active.count < 8, let next = waiting.popLast() {
      if next.isOver { finish(next) } else { active.append(next) }
    }
    return !active.isEmpty
  }

  /// Takes the next step of every active walk.
  private mutating func step() throws(Failure) {
    factors.removeAll(keepingCapacity: true)
    for place in active.indices { active[place].prepare(&factors) }
    ExactMath.exponentiate(&factors)
    var next = 0
    for place in active.indices { try active[place].take(factors, &next, &waiting) }
    for place in active.indices.reversed() where active[place].isOver {
      finish(active[place])
      active.swapAt(place, active.count - 1)
      active.removeLast()
    }
  }

  private mutating func finish(_ walk: CascadeWalk) {
    let family = walk.family
    for (variant, outcome) in walk.outcomes {
      outcomes[family.job][Int(family.places[Int(variant)])] = outcome
    }
  }
}
