// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// How often each stage of a sweep ran and how long it took, over all threads; for the terminal.
package final class StageLog: Sendable {
  /// One stage's work.
  package struct Entry: Sendable {
    package let name: String
    package var runs = 0
    package var seconds = 0.0

    package var secondsEach: Double { runs > 0 ? seconds / Double(runs) : 0 }
  }

  /// The stages in the order of the work.
  package static let names = [
    "book", "oracle", "falls", "protection", "clusters", "vault", "liquidations", "lots",
    "auctions", "walks", "cascade",
  ]

  private let entries = Mutex<[Entry]>(StageLog.names.map { Entry(name: $0) })

  package init() {}

  /// The work so far.
  package var all: [Entry] { entries.withLock { $0 } }

  /// Runs something as work of a stage; it counts as so many runs.
  func measure<Result, Problem: Error>(
    _ name: String,
    runs: Int = 1,
    _ body: () throws(Problem) -> Result
  ) throws(Problem) -> Result {
    let start = ContinuousClock.now
    let result = try body()
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    entries.withLock { list in
      guard let place = list.firstIndex(where: { $0.name == name }) else { return }
      list[place].runs += runs
      list[place].seconds += seconds
    }
    return result
  }
}
