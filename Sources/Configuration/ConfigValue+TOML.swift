// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import ConfigShim
package import TextKit

extension ConfigValue {
  /// The size from which an input is refused: 16 MiB.
  package static let mostBytes = 16 << 20
  /// The greatest number of tables and arrays inside each other.
  package static let mostLevels = 64

  /// The version of the library that parses TOML.
  package static var tomlLibraryVersion: String {
    unsafe String(cString: config_library_version())
  }

  /// Reads a TOML document.
  ///
  /// - Parameters:
  ///   - text: the bytes of the file, UTF-8 with or without a byte order mark.
  ///   - file: the name that messages give.
  /// - Returns: the root table; keys in the order in which they first stand in the text.
  /// - Throws: a failure with the line and the column.
  /// - Edge cases: refused are inputs over 16 MiB, text that is not UTF-8, more than 64 levels,
  ///   dates and times, infinities and NaN.
  package static func parseTOML(_ text: [UInt8], file: String) throws(Failure) -> ConfigValue {
    guard text.count <= mostBytes else {
      throw Failure(.data, "\(file): found \(text.count) bytes, expected at most \(mostBytes)")
    }
    if let offset = invalidUTF8(in: text) {
      throw failure(file, text, offset, "found bytes that are no UTF-8, expected text in UTF-8")
    }
    if let offset = KeyDepth.excess(in: text) {
      let limit = KeyDepth.mostDots + 1
      throw failure(
        file,
        text,
        offset,
        "found a longer key, expected one of at most \(limit) parts"
      )
    }
    let document = try TOMLDocument(text, file: file)
    return try document.value(0, path: "", level: 0)
  }

  private static func invalidUTF8(in text: [UInt8]) -> Int? {
    do {
      _ = try UTF8Span(validating: text.span)
      return nil
    } catch {
      return error.byteOffsets.lowerBound
    }
  }

  /// A failure at a byte of the text, by line and column.
  static func failure(
    _ file: String,
    _ text: [UInt8],
    _ offset: Int,
    _ message: String
  ) -> Failure {
    var line = 1
    var column = 1
    for byte in text[..<offset] {
      if byte == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    return Failure(.data, "\(file):\(line):\(column): \(message)")
  }
}

/// A document of the C++ parser and its nodes, as long as they are needed.
///
/// Safe, because the nodes are read only through indices that the document itself gives, and live
/// as long as it does.
@safe private struct TOMLDocument: ~Copyable {
  private let handle: OpaquePointer
  private let nodes: UnsafeBufferPointer<config_node>
  private let file: String

  init(_ text: [UInt8], file: String) throws(Failure) {
    var error = config_error()
    let parsed = unsafe text.withUnsafeBytes { (bytes: UnsafeRawBufferPointer) -> OpaquePointer? in
      unsafe config_parse(
        bytes.assumingMemoryBound(to: CChar.self).baseAddress,
        bytes.count,
        &error
      )
    }
    guard let parsed = unsafe parsed else {
      throw TOMLDocument.failure(error, file: file)
    }
    unsafe handle = parsed
    unsafe nodes = UnsafeBufferPointer(
      start: config_nodes(parsed),
      count: config_node_count(parsed)
    )
    self.file = file
  }

  deinit {
    unsafe config_free(handle)
  }

  /// The tree below a node.
  func value(_ index: Int, path: String, level: Int) throws(Failure) -> ConfigValue {
    let node = unsafe nodes[index]
    func made(_ kind: ConfigValue.Kind) -> ConfigValue {
      ConfigValue(
        kind,
        file: file,
        line: Int(unsafe node.line),
        column: Int(unsafe node.column),
        path: path
      )
    }
    guard level <= ConfigValue.mostLevels else {
      throw made(.array([])).failure(
        "found deeper nesting, expected at most \(ConfigValue.mostLevels) levels"
      )
    }
    switch unsafe node.kind {
    case config_kind_table: return made(.table(try entries(of: index, path: path, level: level)))
    case config_kind_array: return made(.array(try elements(of: index, path: path, level: level)))
    case config_kind_string:
      return made(.string(unsafe TOMLDocument.text(node.text, node.text_length)))
    case config_kind_integer: return made(.integer(unsafe node.integer))
    case config_kind_boolean: return made(.boolean(unsafe node.boolean))
    case config_kind_number:
      let number = made(.number(unsafe node.number))
      guard unsafe node.number.isFinite else { throw number.failure(expected: "a finite number") }
      return number
    default:
      throw made(.boolean(false)).failure(
        "found a date or time, expected text, a number, true or false; write it in quotes"
      )
    }
  }

  private func entries(
    of index: Int,
    path: String,
    level: Int
  ) throws(Failure) -> [ConfigEntry] {
    let node = unsafe nodes[index]
    var out: [ConfigEntry] = []
    var seen: Set<String> = []
    for child in unsafe node.first_child..<node.first_child + node.child_count {
      let key = unsafe TOMLDocument.text(nodes[child].key, nodes[child].key_length)
      let value = try value(
        child,
        path: ConfigPath.joined(path, key: key),
        level: level + 1
      )
      // TOML compares bytes, Swift compares characters: é can be written in two ways.
      guard seen.insert(key).inserted else {
        throw value.failure("found the same key in other code points, expected it once")
      }
      out.append(ConfigEntry(key, value))
    }
    return out
  }

  private func elements(
    of index: Int,
    path: String,
    level: Int
  ) throws(Failure) -> [ConfigValue] {
    let node = unsafe nodes[index]
    var out: [ConfigValue] = []
    unsafe out.reserveCapacity(node.child_count)
    for position in unsafe 0..<node.child_count {
      let path = ConfigPath.joined(path, index: position)
      out.append(try value(unsafe node.first_child + position, path: path, level: level + 1))
    }
    return out
  }

  private static func text(_ start: UnsafePointer<CChar>?, _ count: Int) -> String {
    guard let start = unsafe start else { return "" }
    let bytes = unsafe UnsafeRawBufferPointer(start: start, count: count)
    return unsafe String(decoding: bytes, as: UTF8.self)
  }

  /// The parser's words, with control characters replaced.
  private static func failure(_ error: config_error, file: String) -> Failure {
    let message = unsafe withUnsafeBytes(of: error.message) {
      (bytes: UnsafeRawBufferPointer) -> String in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    var shown = String.UnicodeScalarView()
    for scalar in message.unicodeScalars {
      shown.append(scalar.value < 32 || scalar.value == 127 ? "\u{FFFD}" : scalar)
    }
    let place = error.line > 0 ? "\(file):\(error.line):\(error.column)" : file
    return Failure(.data, "\(place): \(String(shown))")
  }
}
