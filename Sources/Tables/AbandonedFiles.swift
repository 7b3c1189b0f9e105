// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Synchronization

/// Partial files of processes that were killed, which could not remove them.
///
/// Whoever writes a partial file has it locked; the system gives the lock back however the process
/// ends, on whatever machine.
enum AbandonedFiles {
  /// What was found in each folder that this process has looked at.
  private static let found = Mutex<[String: [String]]>([:])

  /// Removes what is left of a file or a folder: `.NAME.PROCESS.partial` that nobody writes.
  ///
  /// * `folder`: where the file lies, with a slash at its end, or nothing.
  static func remove(_ name: String, in folder: String) {
    let entries = found.withLock { (found: inout [String: [String]]) -> [String] in
      if let known = found[folder] { return known }
      let names = FolderOutput.contents(of: folder.isEmpty ? "." : folder)
      let partial = names.filter { $0.hasPrefix(".") && $0.hasSuffix(".partial") }
      found[folder] = partial
      return partial
    }
    for entry in entries where entry.hasPrefix(".\(name).") {
      let number = entry.dropFirst(name.count + 2).dropLast(".partial".count)
      guard let process = Int32(number), process > 0, kill(process, 0) != 0, errno == ESRCH,
        let file = Descriptor.open(folder + entry, O_RDONLY | O_NONBLOCK), lock(file)
      else { continue }
      if file.status?.isFolder == true {
        FolderOutput.remove(folder + entry)
      } else {
        unsafe unlink(folder + entry)
      }
    }
  }

  /// Locks a partial file for as long as it is open; false where somebody else has it.
  @discardableResult
  static func lock(_ file: Descriptor) -> Bool { flock(file.number, LOCK_EX | LOCK_NB) == 0 }
}
