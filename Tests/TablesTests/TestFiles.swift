// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CZlib
internal import Glibc
internal import Tables
internal import TextKit

/// A folder of its own for one test, removed at the end.
final class TestFolder {
  let path: String

  init() {
    var template = Array((P_tmpdir + "/tables-tests-XXXXXX").utf8CString)
    path = unsafe template.withUnsafeMutableBufferPointer {
      (name: inout UnsafeMutableBufferPointer<CChar>) -> String in
      guard let start = name.baseAddress, unsafe mkdtemp(start) != nil else { return P_tmpdir }
      return unsafe String(cString: start)
    }
  }

  deinit {
    for name in names { unsafe unlink("\(path)/\(name)") }
    unsafe rmdir(path)
  }

  /// Every name inside, sorted.
  var names: [String] {
    guard let folder = unsafe opendir(path) else { return [] }
    defer { unsafe closedir(folder) }
    var found: [String] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        (field: UnsafePointer) -> String in
        unsafe String(cString: UnsafeRawPointer(field).assumingMemoryBound(to: CChar.self))
      }
      if name != "." && name != ".." { found.append(name) }
    }
    return found.sorted()
  }

  /// Writes a file and gives its path.
  func file(_ name: String, _ bytes: [UInt8]) -> String {
    let full = "\(path)/\(name)"
    writeFile(full, bytes)
    return full
  }

  /// Writes a text file and gives its path.
  func file(_ name: String, _ text: String) -> String { file(name, Array(text.utf8)) }
}

/// Writes a file with plain system calls.
func writeFile(_ path: String, _ bytes: [UInt8]) {
  let number = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
  defer { _ = close(number) }
  var written = 0
  while written < bytes.count {
    let count = unsafe bytes[written...].withUnsafeBytes { (raw: UnsafeRawBufferPointer) -> Int in
      unsafe write(number, raw.baseAddress, raw.count)
    }
    if count <= 0 { return }
    written += count
  }
}

/// The text of a file, nil when there is none.
func contents(_ path: String) -> String? {
  guard let bytes = try? TextSource.contents(of: path, limit: 1 << 28) else { return nil }
  return String(decoding: bytes, as: UTF8.self)
}

/// One gzip member.
func gzip(_ bytes: [UInt8], level: Int32 = 6) -> [UInt8] {
  var stream = unsafe z_stream()
  let size = unsafe Int32(MemoryLayout<z_stream>.size)
  unsafe deflateInit2_(
    &stream,
    level,
    Z_DEFLATED,
    15 + 16,
    8,
    Z_DEFAULT_STRATEGY,
    zlibVersion(),
    size
  )
  defer { unsafe deflateEnd(&stream) }
  var source = bytes
  var out = [UInt8](repeating: 0, count: bytes.count + bytes.count / 1000 + 1000)
  let made = unsafe source.withUnsafeMutableBufferPointer {
    (input: inout UnsafeMutableBufferPointer<UInt8>) -> Int in
    unsafe out.withUnsafeMutableBufferPointer {
      (output: inout UnsafeMutableBufferPointer<UInt8>) -> Int in
      unsafe stream.next_in = input.baseAddress
      unsafe stream.avail_in = UInt32(input.count)
      unsafe stream.next_out = output.baseAddress
      unsafe stream.avail_out = UInt32(output.count)
      unsafe deflate(&stream, Z_FINISH)
      return unsafe output.count - Int(stream.avail_out)
    }
  }
  return Array(out[..<made])
}

/// SplitMix64, so that every run sees the same values.
struct Generator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}

/// All records as text, or the failure.
func rows(
  _ path: String,
  _ required: [String],
  optional: [String] = [],
  keepsOthers: Bool = false,
  mapsFiles: Bool = true
) throws(Failure) -> [[String]] {
  var reader = try CSVReader(
    source: TextSource(path: path, mapsFiles: mapsFiles),
    required: required,
    optional: optional,
    keepsOthers: keepsOthers
  )
  var found: [[String]] = []
  while try reader.next() {
    var row: [String] = []
    for column in reader.columns.indices { row.append(try reader.text(column)) }
    found.append(row)
  }
  return found
}

/// The message of the failure while a text is read, with "t.csv" for the path of the file.
func complaint(_ bytes: [UInt8], _ required: [String], name: String = "t.csv") -> String {
  let folder = TestFolder()
  let path = folder.file(name, bytes)
  do throws(Failure) {
    return "no failure, \(try rows(path, required))"
  } catch {
    return "\(error.kind) " + replaced(error.message, folder.path + "/", "")
  }
}

/// The same for text.
func complaint(_ text: String, _ required: [String]) -> String {
  complaint(Array(text.utf8), required)
}

/// The text without a word, since Foundation is not at hand.
func replaced(_ text: String, _ word: String, _ other: String) -> String {
  var out = ""
  var rest = Substring(text)
  while let first = rest.firstRange(of: word) {
    out += rest[..<first.lowerBound] + other
    rest = rest[first.upperBound...]
  }
  return out + rest
}
