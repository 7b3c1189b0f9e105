// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
package import TextKit

/// The end of a file of text, which tells whether the file may have been cut off.
package enum TextEnd {
  /// Whether a plain file of text is empty or ends within a line.
  package static func isMissing(_ path: String) -> Bool {
    guard path != "-", !path.utf8.contains(0),
      let file = Descriptor.open(path, O_RDONLY | O_NONBLOCK), let status = file.status,
      status.isRegular
    else { return false }
    if status.size == 0 { return true }
    let head = bytes(of: file, at: 0)
    let isText = !head.starts(with: [0x1f, 0x8b]) && head != Array("PAR1".utf8)
    let last = bytes(of: file, at: status.size - 1).first
    return isText && last != UInt8(ascii: "\n") && last != UInt8(ascii: "\r")
  }

  private static func bytes(of file: Descriptor, at offset: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 4)
    let count = unsafe pread(file.number, &bytes, bytes.count, offset)
    return Array(bytes.prefix(max(0, count)))
  }
}

/// Files that are read more than once.
package enum PlainFile {
  /// Refuses a pipe or a device, which would be waited for without end.
  package static func require(_ path: String) throws(Failure) {
    guard let status = FileStatus.of(path), !status.isRegular, !status.isFolder else { return }
    throw Failure(.data, "\(path): found a pipe or a device, expected a file")
  }
}
