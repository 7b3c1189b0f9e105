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

/// Cells in cascade mode from event to event, equal to the reference world.
///
/// Cells that differ only in when a cycle ends are one walk as long as all of them do the same
/// (`CascadeWalk`). Up to eight walks, of whatever cells, take their next steps side by side, so
/// that the exponentials of their impacts are computed together.
package struct CascadeRun {
  /// By job, and by place in its plan.
  package private(set) var outcomes: [[CascadeOutcome]]
  private let jobs: [CascadeJob]
  private var waiting: [Member]
  private var active: [Member] = []
  /// Impacts of the active walks' next steps, then what prices are multiplied with.
  private var factors: [Double] = []

  /// A walk with the family whose settings it is.
  private struct Member {
    var walk: CascadeWalk
    var job: Int
    var family: Int
  }

  /// Runs cells whose book and settings have no obstacle (`CascadeGround.obstacle`).
  package init(_ jobs: [CascadeJob]) throws(Failure) {
    self.jobs = jobs
    outcomes = jobs.map { Array(repeating: CascadeOutcome(), count: $0.vaults.count) }
    waiting = []
    for job in jobs.indices.reversed() {
      for family in jobs[job].vaults.families.indices.reversed() {
        let own = jobs[job].vaults.families[family]
        for variants in CascadeRun.together(own) {
          let walk = CascadeWalk(jobs[job], own, variants)
          waiting.append(Member(walk: walk, job: job, family: family))
        }
      }
    }
    while fill() { try step() }
  }

  /// The variants of a family that begin as one walk.
  private static func together(_ family: VaultPlan.Family) -> [[Int32]] {
    let all = family.settings.indices.map { Int32($0) }
    // A position may end in the step in which it begins only where no time or loss is allowed.
    let endsAtOnce = family.settings.contains {
      $0.timeoutMilliseconds + $0.crankDelayMilliseconds <= 0 || $0.stopLoss < 0
    }
    return endsAtOnce ? all.map { [$0] } : [all]
  }

  /// Takes up walks that wait, most recent ones first; false when all have ended.
  private mutating func fill() -> Bool {
    while active.count < 8, let next = waiting.popLast() { active.append(next) }
    return !active.isEmpty
  }

  /// Takes the next step of every active walk.
  private mutating func step() throws(Failure) {
    factors.removeAll(keepingCapacity: true)
    for place in active.indices { active[place].walk.prepare(&factors) }
    ExactMath.exponentiate(&factors)
    var next = 0
    for place in active.indices {
      let (job, family) = (active[place].job, active[place].family)
      let own = jobs[job].vaults.families[family]
      let parted = try active[place].walk.take(factors, &next, own)
      for walk in parted { waiting.append(Member(walk: walk, job: job, family: family)) }
    }
    for place in active.indices.reversed() where active[place].walk.isOver {
      finish(active[place])
      active.swapAt(place, active.count - 1)
      active.removeLast()
    }
  }

  private mutating func finish(_ member: Member) {
    let places = jobs[member.job].vaults.families[member.family].places
    for (variant, outcome) in member.walk.outcomes {
      outcomes[member.job][Int(places[Int(variant)])] = outcome
    }
  }
}
