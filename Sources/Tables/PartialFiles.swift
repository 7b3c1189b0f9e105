// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Synchronization

/// The files that are being written, so that a signal which ends the process removes them.
///
/// A fixed table of C strings, since a signal handler may neither allocate nor lock. An entry is in
/// use while its first byte is not zero; that byte is written last and cleared first. When the
/// table is full further files are written all the same, only not removed after a signal.
package enum PartialFiles {
  private static let entryCount = 256
  private static let entrySize = 4096
  private static let lock = Mutex<Bool>(false)
  /// The table; the handler sees nothing before it is there.
  private static let table = Atomic<UInt>(0)

  /// Notes a file before it is made.
  ///
  /// - Returns: the entry to give back, or nil when there is no room.
  package static func add(_ path: String) -> Int? {
    let codes = Array(path.utf8)
    guard let head = codes.first, codes.count < entrySize else { return nil }
    return lock.withLock { (isReady: inout Bool) -> Int? in
      if !isReady {
        prepare()
        isReady = true
      }
      for index in 0..<entryCount {
        guard let entry = unsafe entry(index), unsafe entry.pointee == 0 else { continue }
        for (offset, code) in codes.enumerated() where offset > 0 {
          unsafe entry[offset] = CChar(bitPattern: code)
        }
        unsafe entry[codes.count] = 0
        atomicMemoryFence(ordering: .sequentiallyConsistent)
        unsafe entry.pointee = CChar(bitPattern: head)
        return index
      }
      return nil
    }
  }

  /// Forgets a file that was renamed or removed.
  package static func remove(_ index: Int?) {
    guard let index else { return }
    lock.withLock { (_: inout Bool) in
      if let entry = unsafe entry(index) { unsafe entry.pointee = 0 }
      atomicMemoryFence(ordering: .sequentiallyConsistent)
    }
  }

  /// Tells whether this process is writing a file.
  static func contains(_ path: String) -> Bool {
    lock.withLock { (isReady: inout Bool) -> Bool in
      guard isReady else { return false }
      return (0..<entryCount).contains { (index: Int) -> Bool in
        guard let entry = unsafe entry(index), unsafe entry.pointee != 0 else { return false }
        return unsafe strcmp(entry, path) == 0
      }
    }
  }

  private static func entry(_ index: Int) -> UnsafeMutablePointer<CChar>? {
    let address = table.load(ordering: .acquiring)
    guard let start = unsafe UnsafeMutablePointer<CChar>(bitPattern: address) else { return nil }
    return unsafe start + index * entrySize
  }

  /// Makes the table and takes over the signals that would end the process, and no others.
  private static func prepare() {
    let memory = UnsafeMutablePointer<CChar>.allocate(capacity: entryCount * entrySize)
    unsafe memory.initialize(repeating: 0, count: entryCount * entrySize)
    table.store(UInt(bitPattern: memory), ordering: .releasing)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      var present = sigaction()
      guard unsafe sigaction(number, nil, &present) == 0,
        unsafe present.__sigaction_handler.sa_handler == nil
      else { continue }
      var action = sigaction()
      unsafe action.__sigaction_handler.sa_handler = { (received: Int32) in
        PartialFiles.removeAll()
        // The default action stands again (SA_RESETHAND) and ends the process on return.
        _ = raise(received)
      }
      action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
      _ = unsafe sigaction(number, &action, nil)
    }
  }

  /// Removes every file of the table, then every folder; nothing in here allocates or locks.
  package static func removeAll() {
    let address = table.load(ordering: .acquiring)
    guard let start = unsafe UnsafeMutablePointer<CChar>(bitPattern: address) else { return }
    var index = 0
    while index < 2 * entryCount {
      let entry = unsafe start + (index % entryCount) * entrySize
      if unsafe entry.pointee != 0 {
        if index < entryCount { unsafe unlink(entry) } else { unsafe rmdir(entry) }
      }
      index += 1
    }
  }
}
