// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
internal import Markets
internal import Numerics

/// Walks one protected account after the other along a path.
///
/// Between two events nothing can happen: the prices at which a poll would act follow from the
/// account's root and its machine, widened by a billionth so that rounding cannot hide one, and
/// what is found there is decided exactly by `ProtectionMachine.step`.
struct ProtectionWalk {
  private let plan: ProtectionPlan
  private let lanes: AccountLanes
  private let track: OracleTrack
  private let book: AffineBook
  private var probe: AccountProbe
  private var schedules: [Int64: PollSchedule] = [:]
  private var schedule: PollSchedule
  private let isStaggered: Bool

  private(set) var totals = ProtectionTotals()
  /// By how much all deposits together change at each step.
  private(set) var committedChanges: [Int128]

  // The account on its way.
  private(set) var machine: ProtectionMachine
  private(set) var fall: Int?
  private(set) var hasActed = false
  private(set) var changes: [(step: Int, deposited: Micro)] = []
  private var interval = HealthyInterval(slope: 0, constant: 1)

  static let margin = 1e-9

  init(_ plan: ProtectionPlan, _ lanes: AccountLanes, _ track: OracleTrack) {
    self.plan = plan
    self.lanes = lanes
    self.track = track
    book = lanes.input.affine
    probe = AccountProbe(lanes, track)
    schedule = PollSchedule(plan.settings, offset: 0, track)
    isStaggered = plan.settings.isStaggered
    committedChanges = Array(repeating: 0, count: track.stepCount)
    machine = ProtectionMachine(deposited: 0, wallet: nil)
  }

  /// Whether an account neither falls nor acts along the whole path, told by extremes alone.
  func staysQuiet(_ place: Int, _ account: Int, bareFall: Int32) -> Bool {
    if lanes.lane[account] == .idle { return true }
    guard lanes.lane[account] == .single, bareFall == .max,
      lanes.carried[account] == 0
    else { return false }
    let interval = lanes.intervals[account]
    guard let column = track.fresh[Int(book.asset[Int(book.firstRow[account])])] else {
      return false
    }
    let trigger = plan.limits[place].triggerDistance
    if interval.lower > 0 {
      return column.lowest >= interval.lower * (1 + trigger) * (1 + ProtectionWalk.margin)
    }
    if interval.upper > 0 && interval.upper < .infinity {
      return column.highest <= interval.upper * (1 - trigger) * (1 - ProtectionWalk.margin)
    }
    return true
  }

  /// Walks one account from the first step to its fall or the end.
  mutating func run(_ place: Int, _ account: Int) {
    let settings = plan.settings
    let wallet = settings.wallet
    machine = ProtectionMachine(
      deposited: lanes.carried[account],
      wallet: wallet > 0 ? wallet : nil
    )
    fall = nil
    hasActed = false
    changes = [(0, machine.deposited)]
    if isStaggered { schedule = schedule(of: lanes.input.book.accounts[account]) }
    if settings.isAdaptive || lanes.lane[account] == .general {
      walkPollByPoll(place, account)
    } else {
      walkByEvents(place, account)
    }
    if let fall { committedChanges[fall] -= Int128(machine.deposited) }
  }

  private mutating func schedule(of account: Account) -> PollSchedule {
    let offset = plan.settings.offset(of: account)
    if let known = schedules[offset] { return known }
    let made = PollSchedule(plan.settings, offset: offset, track)
    schedules[offset] = made
    return made
  }

  // MARK: - Events

  private mutating func walkByEvents(_ place: Int, _ account: Int) {
    let row = Int(book.firstRow[account])
    let asset = Int(book.asset[row])
    guard let fresh = track.fresh[asset], let seen = schedule.columns[asset] else { return }
    let limits = plan.limits[place]
    let atEquality = book.tripsAtEquality[account]
    var lone = LoneStand(book, row: row, ratio: track.confidenceRatios[asset])
    lone.stand(with: machine.deposited)
    var step = 0
    while true {
      let due = firstPoll(after: step, limits)
      let quiet = lone.quiet(machine, limits)
      let poll = seen.first(outside: quiet.low, quiet.high, from: due, before: seen.count)
        .map { Int(schedule.steps[$0]) }
      let end = poll.map { $0 + 1 } ?? track.stepCount
      if let found = lone.fall(fresh, from: step, before: end, atEquality: atEquality) {
        fall = found
        return
      }
      guard let poll else { return }
      let assessment = lone.assessment(at: fresh.values[poll], atEquality: atEquality)
      if let distance = assessment.distance(at: fresh.values[poll]),
        act(place, account, distance: distance, at: poll)
      {
        lone.stand(with: machine.deposited)
      }
      step = poll + 1
    }
  }

  /// Place of the first poll that may do something, seen from a step.
  @inline(__always)
  private func firstPoll(after step: Int, _ limits: ProtectionLimits) -> Int {
    let isExhausting = machine.deposited >= limits.cap && !machine.wasExhausted
    guard let last = machine.lastActionAt, !isExhausting else {
      return schedule.place(atOrAfter: step)
    }
    let (wait, overflow) = last.addingReportingOverflow(limits.cooldownMilliseconds)
    if overflow { return schedule.steps.count }
    return schedule.place(atOrAfter: max(step, track.step(atOrAfter: wait + 1)))
  }

  // MARK: - Polls

  private mutating func walkPollByPoll(_ place: Int, _ account: Int) {
    let settings = plan.settings
    let limits = plan.limits[place]
    var step = 0
    var nextPoll: Int64?
    while true {
      var poll = nextPoll.map { max(step, track.step(atOrAfter: $0)) } ?? scheduled(after: step)
      while poll < track.stepCount, !probe.isFresh(account, at: poll) {
        poll = nextPoll == nil ? scheduled(after: poll + 1) : poll + 1
      }
      if let found = probe.fall(
        of: account,
        deposited: machine.deposited,
        from: step,
        before: poll + 1
      ) {
        fall = found
        return
      }
      guard poll < track.stepCount else { return }
      let found = probe.reported(account, deposited: machine.deposited, at: poll)
      if settings.isAdaptive {
        nextPoll = track.times[poll] + ProtectionStage.adaptiveInterval(found?.distance)
      }
      if let found { _ = act(place, account, distance: found.distance, at: poll) }
      step = poll + 1
      if !settings.isAdaptive && (machine.deposited == 0 || !limits.canWithdraw) {
        // Nothing can be withdrawn, so only a poll in danger does something.
        let danger = probe.danger(
          of: account,
          deposited: machine.deposited,
          trigger: limits.triggerDistance,
          from: poll
        )
        if danger > step {
          if let found = probe.fall(
            of: account,
            deposited: machine.deposited,
            from: step,
            before: danger
          ) {
            fall = found
            return
          }
          step = danger
          if danger >= track.stepCount { return }
        }
      }
    }
  }

  private func scheduled(after step: Int) -> Int {
    let place = schedule.place(atOrAfter: step)
    return place < schedule.steps.count ? Int(schedule.steps[place]) : track.stepCount
  }

  /// Lets the machine take one poll; true when the deposits changed.
  private mutating func act(_ place: Int, _ account: Int, distance: Double, at step: Int) -> Bool {
    let before = machine
    let (state, action) = before.step(
      distance: distance,
      time: track.times[step],
      limits: plan.limits[place]
    )
    machine = state
    if state.wasExhausted && !before.wasExhausted { totals.exhausted += 1 }
    switch action {
    case .none: return false
    case .walletEmpty:
      totals.walletEmpty += 1
      return false
    case .deposit(let amount):
      totals.deposits += 1
      totals.deposited += Int128(amount)
      committedChanges[step] += Int128(amount)
    case .withdraw(let amount):
      totals.withdrawals += 1
      totals.withdrawn += Int128(amount)
      committedChanges[step] -= Int128(amount)
    }
    hasActed = true
    changes.append((step, state.deposited))
    return true
  }
}
