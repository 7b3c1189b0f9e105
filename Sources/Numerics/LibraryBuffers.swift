// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Synchronization
internal import TextKit

/// Room for the buffers of OpenBLAS, of which every running product has one and which it keeps.
///
/// The library asks for a buffer of 128 MiB again and again, without end, where none can be had
/// (0.3.21). So a product comes here first: a buffer more is made only where so much memory can be
/// mapped, with some to spare; else the product waits for one that is in use.
enum LibraryBuffers {
  private static let bytes = 128 << 20
  /// How many products may have had a buffer at once so far, and how many have one now.
  private static let counts = Mutex<(made: Int, used: Int)>((0, 0))

  /// Whether the process may map only so much memory (`ulimit -v`).
  private static let isLimited: Bool = {
    var limit = rlimit()
    let found = unsafe getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    return found == 0 && limit.rlim_cur != rlim_t.max
  }()

  /// Runs one product of the library.
  ///
  /// - Throws: an internal error where there is no room for a single buffer.
  static func lend<Result>(_ product: () -> Result) throws(Failure) -> Result {
    while !(try take()) { _ = usleep(50) }
    defer { counts.withLock { $0.used -= 1 } }
    return product()
  }

  private enum Room { case taken, wait, none }

  private static func take() throws(Failure) -> Bool {
    let found = counts.withLock { (counts: inout (made: Int, used: Int)) -> Room in
      if counts.used == counts.made {
        if counts.made > 0 && isLimited { return .wait }
        // Another product may be about to map its own.
        guard hasRoom(bytes * min(2, counts.made + 1) + bytes / 4) else {
          return counts.made == 0 ? .none : .wait
        }
        counts.made += 1
      }
      counts.used += 1
      return .taken
    }
    guard found != .none else {
      throw Failure(
        .internalError,
        "OpenBLAS cannot be used: there is too little memory, 160 MiB of address space are needed"
      )
    }
    return found == .taken
  }

  /// Whether so much memory can be mapped.
  private static func hasRoom(_ bytes: Int) -> Bool {
    let access = PROT_READ | PROT_WRITE
    let found = unsafe mmap(nil, bytes, access, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let found = unsafe found, unsafe found != MAP_FAILED else { return false }
    _ = unsafe munmap(found, bytes)
    return true
  }
}
