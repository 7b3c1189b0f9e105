// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
package import TextKit

/// Folders for output.
package enum OutputFolder {
  /// Makes a folder and the folders above it; one that is there already is left as it is.
  package static func create(_ path: String) throws(Failure) {
    guard !path.isEmpty else {
      throw Failure(.inputOutput, "cannot create a folder: its name is empty; give a name")
    }
    var made = path.utf8.first == UInt8(ascii: "/") ? "/" : ""
    for part in path.split(separator: "/") {
      made += part
      try createOne(made, for: path)
      made += "/"
    }
  }

  private static func createOne(_ folder: String, for path: String) throws(Failure) {
    if unsafe mkdir(folder, 0o777) == 0 { return }
    let code = errno
    let status = FileStatus.of(folder)
    if status?.isFolder == true { return }
    let reason =
      status == nil
      ? systemText(code)
      : "'\(Failure.shown(folder))' is a file; choose another name or move the file away"
    throw Failure(.inputOutput, "cannot create folder \(path): \(reason)")
  }
}
