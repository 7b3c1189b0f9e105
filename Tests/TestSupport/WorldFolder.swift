// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// A folder of its own for one test, removed at the end.
package final class WorldFolder {
  package let path: String

  /// Makes a new empty folder.
  package init() {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "breakwater-tests-" + UUID().uuidString
    )
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and gives its path.
  @discardableResult
  package func file(_ name: String, _ bytes: [UInt8]) -> String {
    let full = "\(path)/\(name)"
    _ = FileManager.default.createFile(atPath: full, contents: Data(bytes))
    return full
  }

  /// Writes a text file and gives its path.
  @discardableResult
  package func file(_ name: String, _ text: String) -> String { file(name, Array(text.utf8)) }

  /// A message with the folder's path taken away.
  package func short(_ message: String) -> String {
    message.split(separator: path + "/", omittingEmptySubsequences: false).joined()
  }
}

/// One gzip member with the bytes as they are (a stored block).
package func worldGzip(_ bytes: [UInt8]) -> [UInt8] {
  var check: UInt32 = .max
  for byte in bytes {
    check ^= UInt32(byte)
    for _ in 0..<8 { check = check & 1 == 1 ? (check >> 1) ^ 0xEDB8_8320 : check >> 1 }
  }
  func little(_ value: UInt32, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
  }
  let size = UInt32(bytes.count)
  return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255, 1] + little(size, 2) + little(~size, 2) + bytes
    + little(~check, 4) + little(size, 4)
}
