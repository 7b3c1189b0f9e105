// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Tables
package import TextKit

/// The right to write some files of a folder, which one process at a time has.
///
/// A file beside them is locked and says who has it; the system gives the lock back however the
/// process ends. The file is removed by `release()`, and by SIGINT, SIGTERM and SIGHUP.
package struct JournalLock: ~Copyable {
  private let path: String
  private let descriptor: Int32
  private let entry: Int?

  /// Takes the lock.
  ///
  /// - Throws: an input-output failure that names the process which has it.
  package init(path: String) throws(Failure) {
    while true {
      let opened = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
      guard opened >= 0 else {
        throw Failure(
          .inputOutput,
          "cannot write \(path): \(unsafe String(cString: strerror(errno)))"
        )
      }
      guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
        let owner = JournalLock.text(of: opened)
        close(opened)
        throw Failure(
          .inputOutput,
          "\(path): \(owner.isEmpty ? "another process" : owner) is writing into this folder;"
            + " wait for its end, or choose another folder"
        )
      }
      // Whoever had the lock may have removed the file meanwhile.
      guard JournalLock.isFile(opened, at: path) else {
        close(opened)
        continue
      }
      let owner = Array("process \(getpid()) on \(JournalLock.hostName)\n".utf8)
      _ = ftruncate(opened, 0)
      _ = unsafe pwrite(opened, owner, owner.count, 0)
      self.path = path
      descriptor = opened
      entry = PartialFiles.add(path)
      return
    }
  }

  deinit { close(descriptor) }

  /// Gives the lock back and removes its file.
  package consuming func release() {
    unsafe unlink(path)
    PartialFiles.remove(entry)
  }

  /// Runs some work with the lock.
  package static func hold<Result>(
    _ path: String,
    _ work: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let lock = try JournalLock(path: path)
    let result: Result
    do throws(Failure) {
      result = try work()
    } catch {
      lock.release()
      throw error
    }
    lock.release()
    return result
  }

  private static func text(of descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 200)
    let count = unsafe pread(descriptor, &bytes, bytes.count, 0)
    let line = bytes.prefix(max(0, count)).prefix { $0 >= 32 }
    return Failure.shown(String(decoding: line, as: UTF8.self))
  }

  private static func isFile(_ descriptor: Int32, at path: String) -> Bool {
    var own = stat()
    var named = stat()
    return unsafe fstat(descriptor, &own) == 0 && stat(path, &named) == 0
      && own.st_ino == named.st_ino && own.st_dev == named.st_dev
  }

  private static var hostName: String {
    var name = [CChar](repeating: 0, count: 256)
    guard unsafe gethostname(&name, name.count - 1) == 0 else { return "this machine" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
