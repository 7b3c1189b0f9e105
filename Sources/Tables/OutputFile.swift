// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
package import TextKit

/// An output that appears complete or not at all.
///
///     var file = try OutputFile(path: "clusters.csv")
///     try file.write(builder.bytes)
///     try file.commit()
///
/// A file is written beside its name as `.NAME.PID.partial` and renamed by `commit()`; until then a
/// file of that name stays as it is. Without `commit()`, or when the process is ended by SIGINT,
/// SIGTERM or SIGHUP, the partial file is removed. The path `-`, a device or a pipe is written
/// straight away, and SIGPIPE is then ignored by the process.
package struct OutputFile: ~Copyable {
  /// The path as the user wrote it.
  package let path: String
  private let target: OutputTarget
  private var waiting: [UInt8] = []
  private var failure: Failure?
  private var isOpen = true
  /// Bytes written, and those of them that the disk was asked to take.
  private var written = 0
  private var asked = 0

  /// Bytes after which the disk begins, while the next ones are made: `commit()` waits for it.
  private static let stride = 1 << 23

  /// Opens the output.
  package init(path: String) throws(Failure) {
    target = try OutputTarget(path: path)
    self.path = path
  }

  /// The file that becomes the output, for a library that writes it by name; nil for a stream.
  package var partialPath: String? { target.names?.partial }

  deinit {
    guard isOpen, let names = target.names else { return }
    unsafe unlink(names.partial)
    PartialFiles.remove(target.entry)
  }

  /// Adds bytes at the end; small pieces are collected.
  package mutating func write(_ bytes: [UInt8]) throws(Failure) {
    if waiting.count + bytes.count <= 1 << 16 {
      waiting.append(contentsOf: bytes)
      return
    }
    try flush()
    try put(bytes)
  }

  /// Adds bytes that lie anywhere.
  mutating func write(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
    try flush()
    if let failure { throw failure }
    let code = unsafe target.descriptor.write(bytes)
    if code != 0 { throw noted(code) }
    askDisk(bytes.count)
  }

  /// Whether the path names a file that is replaced when it is complete, so that what was written
  /// can still be taken back.
  package static func isReplaced(_ path: String) -> Bool {
    guard path != "-", path != "/dev/stdout", !path.utf8.contains(0) else { return false }
    return FileStatus.of(path)?.isRegular ?? true
  }

  /// Adds text at the end.
  package mutating func write(_ text: String) throws(Failure) { try write(Array(text.utf8)) }

  /// Hands everything to the system, so that the reader of a pipe sees it.
  package mutating func flush() throws(Failure) {
    guard !waiting.isEmpty else { return }
    let bytes = waiting
    waiting.removeAll(keepingCapacity: true)
    try put(bytes)
  }

  /// Makes the output complete: the file is on the disk and bears its name.
  ///
  /// After a failed `write` this fails in the same way, and the old file stays.
  package mutating func commit() throws(Failure) {
    guard isOpen else { return }
    try flush()
    if let failure { throw failure }
    guard let names = target.names else {
      isOpen = false
      return
    }
    guard fsync(target.descriptor.number) == 0 else { throw refused(errno) }
    guard unsafe rename(names.partial, names.final) == 0 else { throw refused(errno) }
    isOpen = false
    PartialFiles.remove(target.entry)
  }

  private mutating func put(_ bytes: [UInt8]) throws(Failure) {
    if let failure { throw failure }
    let code = unsafe bytes.withUnsafeBytes { (raw: UnsafeRawBufferPointer) -> Int32 in
      unsafe target.descriptor.write(raw)
    }
    if code != 0 { throw noted(code) }
    askDisk(bytes.count)
  }

  /// Lets the disk begin with what was written; how it goes is seen by `commit()`.
  private mutating func askDisk(_ count: Int) {
    written += count
    guard target.names != nil, written - asked >= OutputFile.stride else { return }
    // What is still to be written stays in memory; Linux only begins to write it.
    _ = posix_fadvise(target.descriptor.number, asked, written - asked, POSIX_FADV_DONTNEED)
    asked = written
  }

  /// The failure of an error number, kept for `commit()`.
  private mutating func noted(_ code: Int32) -> Failure {
    let isStandardOutput = target.names == nil && target.descriptor.number == 1
    let found = code == EPIPE && isStandardOutput ? Failure.closedOutput : refused(code)
    failure = found
    return found
  }

  private func refused(_ code: Int32) -> Failure { OutputTarget.refused(path, systemText(code)) }
}
