// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CZlib
internal import Dispatch
internal import Glibc
internal import Synchronization
internal import TextKit

/// The text of a gzip file, inflated front to back by a thread of its own while others read it.
///
/// The text lies in address space for all that may come, of which only what is at hand has memory.
/// The thread stays a little ahead of those who read.
@safe
final class InflatedText: Sendable {
  /// How far the thread may be ahead, bytes; less at the beginning.
  private static let ahead = 1 << 26
  /// Bytes that are inflated at once.
  private static let block = 1 << 18
  /// What gzip makes of a byte at most.
  private static let largestRatio = 1032
  /// Room that can be read after the text.
  private static let padding = 1 << 12

  /// What thread and readers share; it lives until both have ended.
  private final class Shared: Sendable {
    struct State {
      var count = 0
      /// How far readers have come.
      var wanted = 0
      var isComplete = false
      var isBroken = false
      var isAbandoned = false
    }

    let state = Mutex(State())
    let grown = DispatchSemaphore(value: 0)
    let wanted = DispatchSemaphore(value: 0)
    let start: UInt
    let room: Int

    init?(room: Int) {
      let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
      let found = unsafe mmap(nil, room, PROT_READ | PROT_WRITE, flags, -1, 0)
      guard let found = unsafe found, unsafe found != MAP_FAILED else { return nil }
      start = UInt(bitPattern: found)
      self.room = room
    }

    deinit { unsafe munmap(UnsafeMutableRawPointer(bitPattern: start), room) }

    /// Waits until readers are near; false where nobody reads any more.
    func waitForReaders() -> Bool {
      while true {
        let (isNear, isAbandoned) = state.withLock {
          ($0.count < $0.wanted + min($0.wanted, InflatedText.ahead), $0.isAbandoned)
        }
        if isAbandoned { return false }
        if isNear { return true }
        wanted.wait()
      }
    }

    /// Inflates a file until its end or until nobody reads any more.
    func inflate(_ descriptor: Descriptor, name: String) {
      var isBroken = false
      do throws(Failure) {
        let inflater = try unsafe Inflater(
          name: name,
          first: UnsafeBufferPointer(start: nil, count: 0)
        )
        var count = 0
        while waitForReaders() {
          guard let next = unsafe UnsafeMutableRawPointer(bitPattern: start + UInt(count)),
            count + InflatedText.block + InflatedText.padding <= room
          else {
            isBroken = true
            break
          }
          let block = unsafe UnsafeMutableRawBufferPointer(start: next, count: InflatedText.block)
          let more = try unsafe inflater.read(into: block, from: descriptor)
          if more == 0 { break }
          count += more
          state.withLock { $0.count = count }
          grown.signal()
        }
      } catch {
        isBroken = true
      }
      state.withLock { ($0.isComplete, $0.isBroken) = (true, isBroken) }
      grown.signal()
    }
  }

  /// Parts of the text that nobody reads any more.
  private struct Releases {
    /// The next part, and the ends of parts that came before it was their turn.
    var next = 0
    var ends: [Int: Int] = [:]
    /// Where the text begins that is still read, and that has memory.
    var done = 0
    var freed = 0
  }

  private let shared: Shared
  private let releases = Mutex(Releases())

  /// Begins to inflate a plain file; nil where there is not the address space for it.
  init?(path: String) {
    guard let status = FileStatus.of(path), status.isRegular,
      let descriptor = Descriptor.open(path, O_RDONLY)
    else { return nil }
    let (most, isTooLarge) = status.size.multipliedReportingOverflow(by: InflatedText.largestRatio)
    let spare = 2 * InflatedText.block + InflatedText.padding
    guard !isTooLarge, most < 1 << 44, let shared = Shared(room: most + spare) else { return nil }
    self.shared = shared
    // A queue of its own has a thread of its own, also where all others wait for the text.
    DispatchQueue(label: "breakwater.inflate").async {
      shared.inflate(descriptor, name: path)
    }
  }

  deinit {
    shared.state.withLock { $0.isAbandoned = true }
    shared.wanted.signal()
  }

  /// Where the text begins.
  var start: UnsafePointer<UInt8>? { unsafe UnsafePointer(bitPattern: shared.start) }

  /// Waits until so many bytes are at hand or all that there are; called by one thread at a time.
  func reach(_ count: Int) -> (count: Int, isComplete: Bool) {
    let isNew = shared.state.withLock { (state: inout Shared.State) -> Bool in
      defer { state.wanted = max(state.wanted, count) }
      return count > state.wanted
    }
    if isNew { shared.wanted.signal() }
    while true {
      let found = shared.state.withLock { ($0.count, $0.isComplete) }
      if found.0 >= count || found.1 { return found }
      shared.grown.wait()
    }
  }

  /// Notes that a part is no longer read, of parts that are numbered in order from 0.
  ///
  /// Memory goes back to the system where every part up to it is done: what is given back is lost.
  func release(_ part: Int, end: Int) {
    releases.withLock { (releases: inout Releases) in
      releases.ends[part] = end
      while let end = releases.ends.removeValue(forKey: releases.next) {
        releases.done = end
        releases.next += 1
      }
      let end = releases.done & ~4095
      guard end - releases.freed >= 1 << 20 else { return }
      let start = unsafe UnsafeMutableRawPointer(bitPattern: shared.start + UInt(releases.freed))
      _ = unsafe madvise(start, end - releases.freed, MADV_DONTNEED)
      releases.freed = end
    }
  }

  /// The file is damaged or ends early, or could not be read.
  var isBroken: Bool { shared.state.withLock { $0.isBroken } }
}
