// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import Glibc
internal import Synchronization
package import TextKit

/// Work over threads whose result cannot depend on how many there are.
///
/// The items are fixed before anything runs; each writes only what belongs to its index.
package enum Parallel {
  /// Cores that this process may use.
  package static var coreCount: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

  /// The number of threads meant by an option, 0 being one for each core.
  package static func threads(_ requested: Int) -> Int {
    requested > 0 ? min(requested, 1024) : coreCount
  }

  /// Runs `body` for each index from 0, on several threads.
  ///
  /// - Throws: the failure of the lowest index that failed, whatever the number of threads.
  package static func forEach(
    _ count: Int,
    threads: Int,
    _ body: @Sendable (Int) throws(Failure) -> Void
  ) throws(Failure) {
    if threads <= 1 || count <= 1 {
      for index in 0..<count { try body(index) }
      return
    }
    let next = Atomic<Int>(0)
    let lowest = Mutex<(index: Int, failure: Failure)?>(nil)
    DispatchQueue.concurrentPerform(iterations: min(threads, count)) { (_: Int) in
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < count, lowest.withLock({ ($0?.index ?? count) > index }) else { return }
        do throws(Failure) {
          try body(index)
        } catch {
          let failure = error
          lowest.withLock { (kept: inout (index: Int, failure: Failure)?) in
            if index < (kept?.index ?? count) { kept = (index, failure) }
          }
        }
      }
    }
    if let failed = lowest.withLock({ $0 }) { throw failed.failure }
  }
}
