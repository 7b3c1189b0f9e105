// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import TextKit

/// Where output goes: straight into a stream, or beside a file that it will replace.
struct OutputTarget {
  /// The open stream or partial file.
  let descriptor: Descriptor
  /// The file that is replaced and the one that is written, nil for a stream.
  let names: (final: String, partial: String)?
  /// The entry in the table of partial files.
  let entry: Int?

  /// Opens standard output, a device, a pipe or a new partial file.
  init(path: String) throws(Failure) {
    if path == "-" || path == "/dev/stdout" {
      self.init(stream: Descriptor(1))
      return
    }
    guard !path.utf8.contains(0) else {
      throw OutputTarget.refused(
        Failure.shown(path),
        "the name holds a NUL byte; give another name"
      )
    }
    let status = FileStatus.of(path)
    guard status?.isFolder != true else {
      throw OutputTarget.refused(path, "it is a folder; name a file inside it")
    }
    if let status, !status.isRegular {
      guard let stream = Descriptor.open(path, O_WRONLY) else {
        throw OutputTarget.refused(path, systemText(errno))
      }
      self.init(stream: stream)
      return
    }
    try self.init(replacing: path, permissions: status?.permissions)
  }

  /// Writes into a stream; a reader that goes away is an error there, not the end of the process.
  private init(stream: Descriptor) {
    var present = sigaction()
    if unsafe sigaction(SIGPIPE, nil, &present) == 0,
      unsafe present.__sigaction_handler.sa_handler == nil
    {
      _ = signal(SIGPIPE, SIG_IGN)
    }
    descriptor = stream
    names = nil
    entry = nil
  }

  /// Makes the partial file in the folder of the file that it will replace.
  private init(replacing path: String, permissions: mode_t?) throws(Failure) {
    // A link is kept: what it leads to is replaced.
    let final = permissions == nil ? path : OutputTarget.resolved(path)
    let parts = OutputTarget.split(final)
    guard !parts.name.isEmpty, parts.name != ".", parts.name != ".." else {
      throw OutputTarget.refused(path, "this names no file; give the name of a file")
    }
    guard parts.folder.isEmpty || FileStatus.of(parts.folder)?.isFolder == true else {
      throw OutputTarget.refused(
        path,
        "the folder '\(parts.folder.dropLast())' does not exist; create it first"
      )
    }
    if permissions != nil, unsafe access(final, W_OK) != 0 {
      throw OutputTarget.refused(path, systemText(errno))
    }
    // The name of a file has at most 255 bytes.
    let name =
      parts.name.utf8.count > 220 ? String(parts.name.unicodeScalars.prefix(50)) : parts.name
    let partial = parts.folder + ".\(name).\(getpid()).partial"
    guard !PartialFiles.contains(partial) else {
      throw OutputTarget.refused(path, "it is being written already; give each output its own name")
    }
    AbandonedFiles.remove(name, in: parts.folder)
    entry = PartialFiles.add(partial)
    // What a killed process with the same number left is of no use.
    unsafe unlink(partial)
    guard let made = Descriptor.open(partial, O_WRONLY | O_CREAT | O_EXCL) else {
      let code = errno
      PartialFiles.remove(entry)
      throw OutputTarget.refused(path, systemText(code))
    }
    AbandonedFiles.lock(made)
    if let permissions { _ = fchmod(made.number, permissions) }
    descriptor = made
    names = (final: final, partial: partial)
  }

  /// The failure of an output that cannot be written.
  static func refused(_ path: String, _ reason: String) -> Failure {
    Failure(.inputOutput, "cannot write \(path == "-" ? "standard output" : path): \(reason)")
  }

  /// Cuts a path after its last slash.
  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return ("", path) }
    let after = path.utf8.index(after: slash)
    return (String(path[..<after]), String(path[after...]))
  }

  private static func resolved(_ path: String) -> String {
    guard let real = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(real) }
    return unsafe String(cString: real)
  }
}
