// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import TextKit

/// What the system says about an error number, such as "No space left on device".
func systemText(_ code: Int32) -> String {
  guard let text = unsafe strerror(code) else { return "error \(code)" }
  return unsafe String(cString: text)
}

/// An open file that closes itself, unless it is one of the standard streams.
final class Descriptor: Sendable {
  let number: Int32

  init(_ number: Int32) { self.number = number }

  deinit {
    if number > 2 { _ = close(number) }
  }

  /// Opens a file, without the chance of handing it to a child process.
  ///
  /// - Returns: nil when that failed; `errno` then tells why.
  static func open(_ path: String, _ flags: Int32, mode: mode_t = 0o666) -> Descriptor? {
    while true {
      let number = unsafe Glibc.open(path, flags | O_CLOEXEC, mode)
      if number >= 0 { return Descriptor(number) }
      if errno != EINTR { return nil }
    }
  }

  /// What kind of file this is and how long, nil when the system does not say.
  var status: FileStatus? {
    var raw = stat()
    return unsafe fstat(number, &raw) == 0 ? FileStatus(raw) : nil
  }

  /// Reads up to a buffer full and gives the number of bytes, 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer, name: String) throws(Failure) -> Int {
    while true {
      let count = unsafe Glibc.read(number, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      let code = errno
      guard isTemporary(code, POLLIN) else {
        throw Failure(.inputOutput, "cannot read \(name): \(systemText(code))")
      }
    }
  }

  /// Writes all the bytes and gives 0, or the error number at which it stopped.
  func write(_ buffer: UnsafeRawBufferPointer) -> Int32 {
    var rest = unsafe buffer
    while unsafe !rest.isEmpty {
      let count = unsafe Glibc.write(number, rest.baseAddress, rest.count)
      if count >= 0 {
        unsafe rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      } else {
        let code = errno
        guard isTemporary(code, POLLOUT) else { return code }
      }
    }
    return 0
  }

  /// Waits where the other end set the stream to non-blocking.
  private func isTemporary(_ code: Int32, _ events: Int32) -> Bool {
    if code == EINTR { return true }
    guard code == EAGAIN || code == EWOULDBLOCK else { return false }
    var request = pollfd(fd: number, events: Int16(events), revents: 0)
    return unsafe poll(&request, 1, -1) >= 0 || errno == EINTR
  }
}

/// The part of a file's status that decides how it is read or written.
struct FileStatus {
  let isRegular: Bool
  let isFolder: Bool
  let size: Int
  let permissions: mode_t

  init(_ raw: stat) {
    isRegular = raw.st_mode & S_IFMT == S_IFREG
    isFolder = raw.st_mode & S_IFMT == S_IFDIR
    size = Int(raw.st_size)
    permissions = raw.st_mode & 0o7777
  }

  /// The status of what a path leads to, nil when there is nothing.
  static func of(_ path: String) -> FileStatus? {
    var raw = stat()
    return unsafe stat(path, &raw) == 0 ? FileStatus(raw) : nil
  }
}
