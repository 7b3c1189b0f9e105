// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CJansson
package import TextKit

extension ConfigValue {
  /// The size from which a JSON text is refused: 256 MiB.
  package static let mostJSONBytes = 256 << 20
  /// The size from which one document of it is refused: 64 MiB, since all of it is in memory.
  package static let mostJSONDocumentBytes = 64 << 20

  /// The version of the library that parses JSON.
  package static var jsonLibraryVersion: String {
    unsafe String(cString: jansson_version_str())
  }

  /// Reads the JSON documents of a text one after the other, such as one a line.
  ///
  /// Objects become tables and keep the order of their keys. A member that is `null` is left out,
  /// as if it were not there. Numbers without a point are whole numbers of 64 bits.
  ///
  /// * `text`: the bytes of the file, UTF-8 with or without a byte order mark.
  /// * `file`: the name that messages give.
  /// * `body`: called with the root of each document, an object or an array.
  ///
  /// Edge cases: refused, with line and column, are text that is not UTF-8, more than 64 levels,
  /// a key twice in an object, `null` in an array, whole numbers of more than 64 bits, NUL in text,
  /// documents over 64 MiB and texts over 256 MiB. A text without a document is refused.
  package static func eachJSON(
    in text: [UInt8],
    file: String,
    _ body: (ConfigValue) throws(Failure) -> Void
  ) throws(Failure) {
    guard text.count <= mostJSONBytes else {
      throw Failure(.data, "\(file): found \(text.count) bytes, expected at most \(mostJSONBytes)")
    }
    var text = text
    // A byte order mark becomes spaces, so that offsets stay those of the file.
    if text.starts(with: [0xEF, 0xBB, 0xBF]) { text.replaceSubrange(0..<3, with: [32, 32, 32]) }
    var places = JSONPlaces(text)
    var offset = 0
    var count = 0
    while let start = text[offset...].firstIndex(where: { !" \n\r\t".utf8.contains($0) }) {
      let document = try JSONDocument(text, from: start, file: file)
      guard document.byteCount <= mostJSONDocumentBytes else {
        throw failure(
          file,
          text,
          start,
          "found a document of \(document.byteCount) bytes, expected at most"
            + " \(mostJSONDocumentBytes); write several documents, one a line"
        )
      }
      offset = min(start + max(document.byteCount, 1), text.count)
      try body(try document.root(&places))
      count += 1
    }
    guard count > 0 else {
      throw Failure(.data, "\(file): found an empty file, expected JSON")
    }
  }
}

/// A document of the C parser, as long as its tree is read.
///
/// Safe, because values are read only below the root, which lives as long as this does.
@safe private struct JSONDocument: ~Copyable {
  private typealias Node = UnsafeMutablePointer<json_t>

  /// Bytes from the start to the end of the document.
  let byteCount: Int
  private let handle: UnsafeMutablePointer<json_t>
  private let file: String

  init(_ text: [UInt8], from start: Int, file: String) throws(Failure) {
    var error = json_error_t()
    let parsed = unsafe text.withUnsafeBytes { (bytes: UnsafeRawBufferPointer) -> Node? in
      let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[start...])
      return unsafe json_loadb(
        rest.baseAddress?.assumingMemoryBound(to: CChar.self),
        rest.count,
        Int(JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK),
        &error
      )
    }
    byteCount = Int(error.position)
    guard let parsed = unsafe parsed else {
      throw ConfigValue.failure(
        file,
        text,
        min(start + max(byteCount - 1, 0), text.count),
        JSONDocument.words(error)
      )
    }
    unsafe handle = parsed
    self.file = file
  }

  deinit {
    unsafe json_decref(handle)
  }

  /// The tree, whose values stand at the next places.
  func root(_ places: inout JSONPlaces) throws(Failure) -> ConfigValue {
    let place = places.next()
    return try unsafe value(handle, at: place, path: "", level: 0, &places)
  }

  private func value(
    _ node: Node,
    at place: (line: Int, column: Int),
    path: String,
    level: Int,
    _ places: inout JSONPlaces
  ) throws(Failure) -> ConfigValue {
    func made(_ kind: ConfigValue.Kind) -> ConfigValue {
      ConfigValue(kind, file: file, line: place.line, column: place.column, path: path)
    }
    guard level <= ConfigValue.mostLevels else {
      throw made(.array([])).failure(
        "found deeper nesting, expected at most \(ConfigValue.mostLevels) levels"
      )
    }
    switch unsafe node.pointee.type {
    case JSON_OBJECT:
      return made(.table(try unsafe members(of: node, path: path, level: level, &places)))
    case JSON_ARRAY:
      return made(.array(try unsafe elements(of: node, path: path, level: level, &places)))
    case JSON_STRING:
      return made(
        .string(unsafe JSONDocument.text(json_string_value(node), json_string_length(node)))
      )
    case JSON_INTEGER: return made(.integer(unsafe Int64(json_integer_value(node))))
    case JSON_REAL: return made(.number(unsafe json_real_value(node)))
    case JSON_TRUE: return made(.boolean(true))
    case JSON_FALSE: return made(.boolean(false))
    default: throw made(.boolean(false)).failure("found null, expected a value")
    }
  }

  private func members(
    of node: Node,
    path: String,
    level: Int,
    _ places: inout JSONPlaces
  ) throws(Failure) -> [ConfigEntry] {
    var out: [ConfigEntry] = []
    var seen: Set<String> = []
    var next = unsafe json_object_iter(node)
    while let member = unsafe next {
      let key = unsafe JSONDocument.text(
        json_object_iter_key(member),
        json_object_iter_key_len(member)
      )
      let place = places.next()
      let path = ConfigPath.joined(path, key: key)
      if let child = unsafe json_object_iter_value(member),
        unsafe child.pointee.type != JSON_NULL
      {
        let value = try unsafe value(child, at: place, path: path, level: level + 1, &places)
        guard seen.insert(key).inserted else {
          throw value.failure("found the same key in other code points, expected it once")
        }
        out.append(ConfigEntry(key, value))
      }
      unsafe next = json_object_iter_next(node, member)
    }
    return out
  }

  private func elements(
    of node: Node,
    path: String,
    level: Int,
    _ places: inout JSONPlaces
  ) throws(Failure) -> [ConfigValue] {
    var out: [ConfigValue] = []
    let count = unsafe json_array_size(node)
    out.reserveCapacity(count)
    for index in 0..<count {
      guard let child = unsafe json_array_get(node, index) else { break }
      let place = places.next()
      let path = ConfigPath.joined(path, index: index)
      out.append(try unsafe value(child, at: place, path: path, level: level + 1, &places))
    }
    return out
  }

  private static func text(_ start: UnsafePointer<CChar>?, _ count: Int) -> String {
    guard let start = unsafe start else { return "" }
    let bytes = unsafe UnsafeRawBufferPointer(start: start, count: count)
    return unsafe String(decoding: bytes, as: UTF8.self)
  }

  /// The parser's words, with control characters replaced.
  private static func words(_ error: json_error_t) -> String {
    let message = unsafe withUnsafeBytes(of: error.text) {
      (bytes: UnsafeRawBufferPointer) -> String in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    return "found text that is not JSON: \(ConfigPath.shown(message))"
  }
}
