// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CSodium
internal import Glibc
package import TextKit

/// SHA-256, as `sha256sum` prints it.
package enum Digest {
  /// The digest of some bytes in 64 hex digits.
  package static func sha256(_ bytes: [UInt8]) -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    unsafe crypto_hash_sha256(&digest, bytes, UInt64(bytes.count))
    return hex(digest)
  }

  /// Digest and size of a file as it lies on disk, read in blocks.
  package static func sha256(file path: String) throws(Failure) -> (sha256: String, bytes: Int) {
    let descriptor = unsafe open(path, O_RDONLY)
    guard descriptor >= 0 else { throw Failure(.missingInput, "cannot open \(path)") }
    defer { close(descriptor) }
    var state = crypto_hash_sha256_state()
    unsafe crypto_hash_sha256_init(&state)
    var block = [UInt8](repeating: 0, count: 1 << 20)
    var size = 0
    while true {
      let count = unsafe read(descriptor, &block, block.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw Failure(.inputOutput, "cannot read \(path)") }
      if count == 0 { break }
      unsafe crypto_hash_sha256_update(&state, block, UInt64(count))
      size += count
    }
    var digest = [UInt8](repeating: 0, count: 32)
    unsafe crypto_hash_sha256_final(&state, &digest)
    return (hex(digest), size)
  }

  /// Whether an input can be read once only, such as standard input or a named pipe.
  package static func isPassing(_ path: String) -> Bool {
    if path == "-" { return true }
    var facts = stat()
    guard unsafe stat(path, &facts) == 0 else { return false }
    return facts.st_mode & S_IFMT != S_IFREG && facts.st_mode & S_IFMT != S_IFDIR
  }

  static func hex(_ digest: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in digest {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Version of the library, for `doctor`.
  package static var libraryVersion: String { unsafe String(cString: sodium_version_string()) }
}
