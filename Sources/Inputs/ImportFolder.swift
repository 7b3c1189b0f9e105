// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
package import TextKit

/// Folders that are given where files are expected.
package enum ImportFolder {
  /// Endings of JSON files, which may be followed by `.gz`.
  static let endings = [".jsonl", ".ndjson", ".json"]

  /// The paths with each folder replaced by the JSON files in it, in the order of their bytes.
  ///
  /// Files whose names begin with a point, other endings and folders in folders are passed over.
  /// - Throws: a failure for a folder without JSON files, or one that cannot be read.
  package static func files(_ paths: [String]) throws(Failure) -> [String] {
    var files: [String] = []
    for path in paths {
      guard let names = try names(in: path) else {
        files.append(path)
        continue
      }
      let wanted = names.filter { name in
        !name.hasPrefix(".")
          && endings.contains { name.hasSuffix($0) || name.hasSuffix($0 + ".gz") }
      }
      guard !wanted.isEmpty else {
        throw Failure(
          .missingInput,
          "\(path): found a folder without JSON files, expected names that end in "
            + endings.joined(separator: ", ") + " or these with .gz"
        )
      }
      let folder = path.hasSuffix("/") ? path : path + "/"
      files += wanted.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { folder + $0 }
    }
    return files
  }

  /// The names in a folder, nil when the path is none.
  private static func names(in path: String) throws(Failure) -> [String]? {
    var status = stat()
    guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
    guard let folder = unsafe opendir(path) else {
      let reason = unsafe String(cString: strerror(errno))
      throw Failure(.missingInput, "\(path): the folder cannot be read: \(reason)")
    }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
      // The name ends before the array does, and so may the memory.
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { start in
        unsafe String(cString: UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self))
      }
      names.append(name)
    }
    return names
  }
}
