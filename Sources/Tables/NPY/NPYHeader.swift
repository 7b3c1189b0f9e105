// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import TextKit

/// The header of a `.npy` file: versions 1.0, 2.0 and 3.0, one dimension, little-endian numbers.
///
///     0x93 "NUMPY" major minor length "{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }"
///
/// The length has two bytes in version 1 and four after it; the numbers follow the header. Source:
/// NumPy's description of the format (numpy.lib.format). With one dimension the order of memory
/// says nothing, so both are taken.
struct NPYHeader {
  let type: NPYType
  let count: Int
  /// Where the numbers begin.
  let offset: Int

  /// No array has more; it keeps sizes far from overflow.
  static let mostValues = 1 << 48

  /// Reads the header and compares the file's size with it.
  ///
  /// * `bytes`: the whole file, or at least its header.
  /// * `size`: bytes of the file.
  /// - Throws: a data failure with what was found and expected.
  init(_ bytes: UnsafeBufferPointer<UInt8>, size: Int, file: String) throws(Failure) {
    let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
    guard unsafe bytes.starts(with: magic) else {
      throw Failure(
        .data,
        "\(file): found no .npy file (its first bytes are others), expected one of NumPy's np.save"
      )
    }
    guard bytes.count >= 12, unsafe (1...3).contains(bytes[6]) else {
      let version = bytes.count >= 8 ? unsafe "version \(bytes[6]).\(bytes[7])" : "\(size) bytes"
      throw Failure(.data, "\(file): found \(version), expected .npy version 1.0, 2.0 or 3.0")
    }
    let isShort = unsafe bytes[6] == 1
    let start = isShort ? 10 : 12
    var length = unsafe Int(bytes[8]) | Int(bytes[9]) << 8
    if !isShort { unsafe length |= Int(bytes[10]) << 16 | Int(bytes[11]) << 24 }
    guard length <= 1 << 20, bytes.count >= start + length else {
      throw Failure(
        .data,
        "\(file): found a file that ends within its header of \(length) bytes, expected all of it"
      )
    }
    let head = unsafe UnsafeBufferPointer(rebasing: bytes[start..<start + length])
    var text = NPYHeaderText(unsafe Array(head), file: file)
    let found = try text.read()
    guard let type = NPYType(rawValue: found.type) else {
      throw NPYHeader.unknown(found.type, file: file)
    }
    guard found.shape.count == 1, let count = found.shape.first else {
      let shape = found.shape.map(String.init).joined(separator: ", ")
      throw Failure(
        .data,
        "\(file): found \(found.shape.count) dimensions (\(shape)), expected one; save each column"
          + " as a file of its own"
      )
    }
    self.type = type
    self.count = count
    offset = start + length
    guard size == offset + count * type.size else {
      throw Failure(
        .data,
        "\(file): found \(size - offset) bytes after the header, expected"
          + " \(count * type.size) for \(count) values of \(type.rawValue); the file was cut or"
          + " written twice"
      )
    }
  }

  private static func unknown(_ type: String, file: String) -> Failure {
    var advice = ""
    if type.hasPrefix(">") {
      advice = "; big-endian numbers are not read, save array.astype('<\(type.dropFirst())')"
    } else if type.contains("U") || type.contains("S") || type.contains("O") {
      advice = "; save text as int codes with its words in codes.json"
    }
    return Failure(
      .data,
      "\(file): found values of type '\(Failure.shown(type))', expected one of \(NPYType.list)"
        + advice
    )
  }

  /// The header of a file of values, padded to 128 bytes so that it can be written last.
  static func bytes(type: NPYType, count: Int) -> [UInt8] {
    let text =
      "{'descr': '\(type.rawValue)', 'fortran_order': False, 'shape': (\(count),), }"
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(text.utf8)
    bytes += Array(repeating: UInt8(ascii: " "), count: max(0, 127 - bytes.count))
    bytes.append(UInt8(ascii: "\n"))
    return bytes
  }
}

/// The text of a header: a Python dictionary with three keys.
private struct NPYHeaderText {
  private let text: [UInt8]
  private let file: String
  private var place = 0

  init(_ text: [UInt8], file: String) {
    self.text = text
    self.file = file
  }

  mutating func read() throws(Failure) -> (type: String, shape: [Int]) {
    var type: String?
    var shape: [Int]?
    var hasOrder = false
    try expect("{")
    while !take("}") {
      let key = try quoted()
      try expect(":")
      switch key {
      case "descr" where type == nil: type = try quoted()
      case "fortran_order" where !hasOrder:
        guard takeWord("True") || takeWord("False") else { throw failure("True or False") }
        hasOrder = true
      case "shape" where shape == nil: shape = try numbers()
      default: throw failure("the keys descr, fortran_order and shape, each once")
      }
      if !take(",") {
        try expect("}")
        break
      }
    }
    skipSpace()
    guard place == text.count else { throw failure("nothing after the dictionary") }
    guard let type, let shape, hasOrder else {
      throw failure("the keys descr, fortran_order and shape")
    }
    return (type, shape)
  }

  private mutating func skipSpace() {
    while place < text.count, [0x20, 0x0A, 0x09, 0x0D].contains(text[place]) { place += 1 }
  }

  private mutating func take(_ mark: Character) -> Bool {
    skipSpace()
    guard place < text.count, text[place] == mark.asciiValue else { return false }
    place += 1
    return true
  }

  private mutating func takeWord(_ word: String) -> Bool {
    skipSpace()
    guard text[place...].starts(with: word.utf8) else { return false }
    place += word.utf8.count
    return true
  }

  private mutating func expect(_ mark: Character) throws(Failure) {
    guard take(mark) else { throw failure("'\(mark)'") }
  }

  private mutating func quoted() throws(Failure) -> String {
    skipSpace()
    guard place < text.count,
      let mark = [UInt8(ascii: "'"), UInt8(ascii: "\"")].first(where: {
        $0 == text[place]
      }), let end = text[(place + 1)...].firstIndex(of: mark)
    else { throw failure("a text in quotes; columns of several fields are not read") }
    defer { place = end + 1 }
    return String(decoding: text[(place + 1)..<end], as: UTF8.self)
  }

  /// A tuple such as `(3,)`.
  private mutating func numbers() throws(Failure) -> [Int] {
    try expect("(")
    var found: [Int] = []
    while !take(")") {
      skipSpace()
      let digits = text[place...].prefix { (0x30...0x39).contains($0) }
      guard let value = Int(String(decoding: digits, as: UTF8.self)),
        value <= NPYHeader.mostValues
      else { throw failure("a number of values") }
      found.append(value)
      place += digits.count
      if !take(",") {
        try expect(")")
        break
      }
    }
    return found
  }

  private func failure(_ expected: String) -> Failure {
    let rest = String(decoding: text[min(place, text.count)...], as: UTF8.self)
    return Failure(
      .data,
      "\(file): found '\(Failure.shown(rest))' in the header at byte \(place), expected \(expected)"
    )
  }
}
