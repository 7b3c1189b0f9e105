// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Synchronization

/// Room for the buffers of OpenBLAS, of which every running product has one and which it keeps.
///
/// The library asks for a buffer of 128 MiB again and again, without end, where none can be had
/// (0.3.21). So a product comes here first: a buffer more is made only where so much memory can be
/// mapped, with some to spare; else the product waits for one that is in use. Where there is none
/// at all the process ends as it does wherever memory is missing.
enum LibraryBuffers {
  private static let bytes = 128 << 20
  /// How many products may have had a buffer at once so far, and how many have one now.
  private static let counts = Mutex<(made: Int, used: Int)>((0, 0))

  /// Whether the process may map only so much memory (`ulimit -v`).
  static let isLimited: Bool = {
    var limit = rlimit()
    let found = unsafe getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    return found == 0 && limit.rlim_cur != rlim_t.max
  }()

  /// Begins the program anew where memory is limited and the library has made threads.
  ///
  /// It makes them before we begin, and each asks for a buffer of its own, too.
  static func leaveThreads() {
    let name = "OPENBLAS_NUM_THREADS"
    guard isLimited, unsafe getenv(name).map({ unsafe strcmp($0, "1") }) != 0 else { return }
    _ = unsafe setenv(name, "1", 1)
    _ = unsafe execv("/proc/self/exe", CommandLine.unsafeArgv)
  }

  /// Runs one product of the library.
  static func lend<Result>(_ product: () -> Result) -> Result {
    while !take() { _ = usleep(50) }
    defer { counts.withLock { $0.used -= 1 } }
    return product()
  }

  private static func take() -> Bool {
    counts.withLock { (counts: inout (made: Int, used: Int)) -> Bool in
      if counts.used == counts.made {
        if counts.made > 0 && isLimited { return false }
        // Another product may be about to map its own.
        guard hasRoom(bytes * min(2, counts.made + 1) + bytes / 4) else {
          if counts.made == 0 { abort() }
          return false
        }
        counts.made += 1
      }
      counts.used += 1
      return true
    }
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
