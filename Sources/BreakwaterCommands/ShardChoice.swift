// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Sweeps
package import TextKit

/// Which share of a sweep this process runs, by the option or by what a scheduler says.
package enum ShardChoice {
  /// Reads `2/7`, `auto` or `auto/7`.
  ///
  /// With `auto` the variables of the environment decide: of a Slurm job array, an Indexed Job of
  /// Kubernetes, an array job of AWS Batch, or the tasks of Google Batch and Cloud Run. The count
  /// is the scheduler's, that of `auto/N`, or `BREAKWATER_SHARDS`.
  ///
  /// - Throws: a usage failure for anything that has no meaning or more than one.
  package static func shard(
    _ text: String,
    environment: (String) -> String?
  ) throws(Failure) -> Shard {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    if parts[0] == "auto", parts.count <= 2 {
      var count = try number("BREAKWATER_SHARDS", environment)
      if parts.count == 2 {
        guard let given = digits(parts[1]), given >= 1 else { throw refused(text) }
        count = given
      }
      return try detected(count: count, environment)
    }
    guard parts.count == 2, let index = digits(parts[0]), let count = digits(parts[1]),
      let shard = Shard(index: index, count: count)
    else { throw refused(text) }
    return shard
  }

  private static func refused(_ text: String) -> Failure {
    Failure(
      .usage,
      "--shard: found '\(Failure.shown(text))', expected I/N with 1 ≤ I ≤ N such as 2/7, or auto,"
        + " or auto/N"
    )
  }

  /// Decimal digits alone, at most six of them.
  private static func digits(_ text: some StringProtocol) -> Int? {
    guard !text.isEmpty, text.utf8.count <= 6, text.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 })
    else { return nil }
    return Int(text)
  }

  private static func number(
    _ name: String,
    _ environment: (String) -> String?
  ) throws(Failure) -> Int? {
    guard let text = environment(name), !text.isEmpty else { return nil }
    guard let value = digits(text) else {
      throw Failure(.usage, "\(name): found '\(Failure.shown(text))', expected a whole number")
    }
    return value
  }

  /// A scheduler that numbers its tasks from 0, with the variables that it sets.
  private static let counted: [(name: String, index: String, count: String?)] = [
    ("Kubernetes", "JOB_COMPLETION_INDEX", nil),
    ("AWS Batch", "AWS_BATCH_JOB_ARRAY_INDEX", "AWS_BATCH_JOB_ARRAY_SIZE"),
    ("Google Batch", "BATCH_TASK_INDEX", "BATCH_TASK_COUNT"),
    ("Cloud Run", "CLOUD_RUN_TASK_INDEX", "CLOUD_RUN_TASK_COUNT"),
  ]

  private static func detected(
    count: Int?,
    _ environment: (String) -> String?
  ) throws(Failure) -> Shard {
    var found: [(name: String, shard: Shard)] = []
    if let shard = try slurm(count: count, environment) { found.append(("Slurm", shard)) }
    for scheduler in counted {
      guard let index = try number(scheduler.index, environment) else { continue }
      let own = try scheduler.count.flatMap { (name: String) throws(Failure) -> Int? in
        try number(name, environment)
      }
      if let own, let count, own != count {
        throw ambiguous(
          "\(scheduler.name) says that there are \(own) shards, but \(count) were asked for"
        )
      }
      guard let total = count ?? own else {
        throw ambiguous(
          "\(scheduler.index) is there, but not how many there are: give --shard auto/N or set"
            + " BREAKWATER_SHARDS"
        )
      }
      guard let shard = Shard(index: index + 1, count: total) else {
        throw ambiguous("\(scheduler.index) is \(index), expected less than \(total)")
      }
      found.append((scheduler.name, shard))
    }
    guard let first = found.first else {
      throw Failure(
        .usage,
        "--shard auto: found no variables of Slurm, Kubernetes, AWS Batch, Google Batch or Cloud"
          + " Run; give --shard I/N"
      )
    }
    guard found.count == 1 else {
      throw ambiguous(
        "there are variables of " + found.map(\.name).joined(separator: " and ")
      )
    }
    return first.shard
  }

  /// The share of a task of a job array that begins at 0 or 1 and leaves out none.
  ///
  /// An array of a few tasks again, such as `--array=3`, looks like one of its own: its numbers do
  /// not say of how many.
  private static func slurm(
    count: Int?,
    _ environment: (String) -> String?
  ) throws(Failure) -> Shard? {
    guard let task = try number("SLURM_ARRAY_TASK_ID", environment) else { return nil }
    guard let first = try number("SLURM_ARRAY_TASK_MIN", environment),
      let last = try number("SLURM_ARRAY_TASK_MAX", environment)
    else { throw ambiguous("SLURM_ARRAY_TASK_ID is there without _MIN and _MAX") }
    let step = try number("SLURM_ARRAY_TASK_STEP", environment) ?? 1
    let tasks = last - first + 1
    let said = try number("SLURM_ARRAY_TASK_COUNT", environment) ?? tasks
    guard first <= 1, step == 1, said == tasks, (first...max(first, last)).contains(task) else {
      throw ambiguous(
        "the job array \(first)-\(last) with \(said) tasks and step \(step) is not 1-N or 0-(N−1)"
      )
    }
    if let count {
      guard count == tasks else {
        throw ambiguous("the job array has \(tasks) tasks, but \(count) shards were asked for")
      }
    } else if tasks == 1 {
      throw ambiguous("a job array of one task may be one shard of several that is run again")
    }
    return Shard(index: task - first + 1, count: tasks)
  }

  private static func ambiguous(_ reason: String) -> Failure {
    Failure(.usage, "--shard auto: \(reason); give --shard I/N")
  }
}
