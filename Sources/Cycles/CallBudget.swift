// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// What a call to the network provider is for; a lower number goes first (seed 1, rate limits).
package enum CallPriority: Int, CaseIterable, Sendable {
  /// Never delayed.
  case execution = 1
  case deposit
  case reconciliation
  case check
  case analytics

  /// What the log calls the call.
  package var task: String {
    switch self {
    case .execution: "trade execution"
    case .deposit: "protection deposit"
    case .reconciliation: "reconciliation"
    case .check: "protection check"
    case .analytics: "analytics"
    }
  }
}

/// How many calls there may be.
package struct CallLimits: Sendable, Equatable {
  /// Our own budget of a minute, 0 for none; calls of the first two priorities may exceed it.
  package var perMinute: Int
  /// What the provider answers in a second, 0 for any number; the calls beyond it fail.
  package var perSecond: Int

  package init(perMinute: Int, perSecond: Int) {
    self.perMinute = perMinute
    self.perSecond = perSecond
  }

  /// Below this many remaining calls only the first two priorities are made.
  package static let reserve = 10

  /// Calls per second of a provider by its word in `protection.provider`, 0 for any number.
  ///
  /// Seed 1: 10 a second free, 50 paid (the lower end of 50 to 100). Public nodes are variable
  /// there; 4 is 40 calls of one kind in 10 seconds, a choice.
  package static func perSecond(of provider: String) -> Int {
    switch provider {
    case "helius_free": 10
    case "helius_paid": 50
    case "public": 4
    default: 0
    }
  }
}

/// Calls of the running minute and second (seed 1, rate limits): a pure state machine.
///
/// Windows are whole minutes and seconds of UTC. A call of priority above 2 is skipped while less
/// than 10 calls of the minute remain; a call beyond the provider's second fails, whatever it is
/// for.
package struct CallBudget: Sendable, Equatable {
  /// What became of a call.
  package enum Answer: Sendable, Equatable {
    case made
    /// The budget is tight, and the call is not among those it is kept for.
    case skipped
    /// The provider refused it (−32429).
    case limited
  }

  package private(set) var minute: Int64?
  package private(set) var second: Int64?
  package private(set) var madeInMinute = 0
  package private(set) var madeInSecond = 0
  /// Whether the minute before this one went beyond its budget: then checks are made half as often.
  package private(set) var isReduced = false

  package init() {}

  /// The budget at a time; counts begin anew with each minute and second.
  ///
  /// * `time`: UTC epoch milliseconds, never before an earlier one.
  package func at(_ time: Int64, _ limits: CallLimits) -> CallBudget {
    var next = self
    let minute = floorQuotient(time, 60_000)
    if let current = self.minute, minute != current {
      next.isReduced = minute == current + 1 && isOver(limits)
      next.madeInMinute = 0
    }
    next.minute = minute
    let second = floorQuotient(time, 1000)
    if second != self.second { next.madeInSecond = 0 }
    next.second = second
    return next
  }

  /// Whether the calls of the minute are beyond its budget.
  package func isOver(_ limits: CallLimits) -> Bool {
    limits.perMinute > 0 && madeInMinute > limits.perMinute
  }

  /// The state after some calls of one kind, how many were made, and what became of the others.
  ///
  /// * `seconds`: over how many seconds the calls of this step are spread, at least 1; the
  ///   provider's limit counts for each.
  package func calling(
    _ priority: CallPriority,
    count: Int = 1,
    _ limits: CallLimits,
    seconds: Int
  ) -> (state: CallBudget, made: Int, answer: Answer) {
    var made = count
    var answer = Answer.made
    if limits.perMinute > 0, priority.rawValue > CallPriority.deposit.rawValue {
      made = min(made, max(0, limits.perMinute - madeInMinute - (CallLimits.reserve - 1)))
      if made < count { answer = .skipped }
    }
    if limits.perSecond > 0 {
      let room = max(0, limits.perSecond * min(max(1, seconds), 1_000_000) - madeInSecond)
      if room < made { (made, answer) = (room, .limited) }
    }
    return (charged(made, inSecond: made), made, answer)
  }

  /// The state after calls that nobody can delay.
  ///
  /// * `inSecond`: those among them that fall in the last seconds.
  package func charged(_ count: Int, inSecond: Int) -> CallBudget {
    var next = self
    next.madeInMinute += count
    next.madeInSecond += inSecond
    return next
  }
}

/// Waiting after rate limits (seed 1): a pure state machine.
///
/// 2, 4, 8, 16, 32, then 60 seconds; each success lowers the wait by one second.
package struct BackOff: Sendable, Equatable {
  package private(set) var milliseconds: Int64 = 0
  package private(set) var errors = 0
  /// Nothing is asked before this time.
  private var resumeAt: Int64?

  package init() {}

  package func isWaiting(at time: Int64) -> Bool { resumeAt.map { time < $0 } ?? false }

  /// The state after a round of calls.
  package func after(success: Bool, at time: Int64) -> BackOff {
    var next = self
    if success {
      next.errors = 0
      next.milliseconds = max(0, milliseconds - 1000)
    } else {
      next.errors = min(errors + 1, 30)
      next.milliseconds = min(60_000, 2000 << Int64(min(errors, 5)))
    }
    next.resumeAt = next.milliseconds > 0 ? time + next.milliseconds : nil
    return next
  }
}

/// `a / b` rounded down, `b` above 0.
func floorQuotient(_ a: Int64, _ b: Int64) -> Int64 {
  let quotient = a / b
  return a % b < 0 ? quotient - 1 : quotient
}
