// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Markets
internal import Tables
internal import TextKit

/// The texts of accounts that are numbered.
struct AccountNames: Sendable {
  /// The columns that hold names.
  static let files: Set<String> = ["account_names", "account_ends"]

  private let listed: [String]
  private let bytes: NPYArray?
  private let ends: NPYArray?

  /// How many accounts have names.
  let count: Int

  /// Whether accounts have no names but their numbers.
  var isEmpty: Bool { count == 0 }

  /// Maps the names of a folder without a look at them.
  ///
  /// - Throws: a data failure for files of other types.
  init(folder: String, listed: [String]?) throws(Failure) {
    self.listed = listed ?? []
    guard FolderOutput.contents(of: folder).contains("account_ends.npy") else {
      bytes = nil
      ends = nil
      count = self.listed.count
      return
    }
    let names = try NPYArray(path: NumpyBook.joined(folder, "account_names.npy"))
    let marks = try NPYArray(path: NumpyBook.joined(folder, "account_ends.npy"))
    guard names.type.size == 1, marks.type.isWhole else {
      throw Failure(
        .data,
        "\(names.path): found types \(names.type.rawValue) and \(marks.type.rawValue) of names and"
          + " ends, expected |u1 and <i8"
      )
    }
    bytes = names
    ends = marks
    count = self.listed.isEmpty ? marks.count : self.listed.count
  }

  /// Looks whether the ends of all names rise.
  ///
  /// - Throws: a data failure for one that does not.
  func check() throws(Failure) {
    guard let ends, let bytes else { return }
    var last: Int64 = 0
    var some: [Int64] = []
    for start in stride(from: 0, to: ends.count, by: NumpyBook.chunk) {
      let rows = start..<min(ends.count, start + NumpyBook.chunk)
      ends.integers(rows, into: &some)
      for end in some {
        guard end >= last, end <= bytes.count else {
          throw Failure(
            .data,
            "\(ends.path): found the end \(end) after \(last), expected rising ones up to"
              + " \(bytes.count), the bytes of account_names.npy"
          )
        }
        last = end
      }
      ends.forget(rows)
    }
  }

  /// The text of an account, that of its number where accounts have no names.
  ///
  /// - Throws: a data failure for a name that is empty or no text.
  func text(_ number: Int64) throws(Failure) -> String {
    if isEmpty { return String(number) }
    guard let code = Int(exactly: number), code >= 0, code < count else {
      throw Failure(.data, "found account \(number), expected one of \(count) names")
    }
    if !listed.isEmpty { return listed[code] }
    guard let range = range(code) else {
      try check()
      throw bad(code)
    }
    guard let text = String(validating: bytes?.bytes(range) ?? [], as: UTF8.self), !text.isEmpty,
      !text.utf8.contains(0)
    else { throw bad(code) }
    return text
  }

  private func bad(_ code: Int) -> Failure {
    Failure(
      .data,
      "\(bytes?.path ?? ""): found name \(code) that is empty, not UTF-8 or has NUL bytes,"
        + " expected text"
    )
  }

  /// Where a name lies, nil where its ends are not good.
  private func range(_ code: Int) -> Range<Int>? {
    guard let ends, let bytes else { return nil }
    let start = code == 0 ? 0 : ends.integer(code - 1)
    let end = ends.integer(code)
    guard start >= 0, start <= end, end <= bytes.count else { return nil }
    return Int(start)..<Int(end)
  }

  // MARK: - Names of many accounts

  /// Copies the texts of accounts one behind the other, without an object for any.
  ///
  /// * `accounts`: numbers, −1 for none.
  /// * `lengths`: gets the bytes of each; −1 for a name that has to be asked for by `text`, such as
  ///   one that CSV would put into quotes.
  /// - Returns: all texts, valid until the memory is used again.
  func copy(
    _ accounts: [Int64],
    into memory: ColumnMemory<UInt8>,
    lengths: inout [Int32]
  ) -> UnsafeBufferPointer<UInt8> {
    lengths.removeAll(keepingCapacity: true)
    guard isEmpty else { return unsafe copyNames(accounts, into: memory, lengths: &lengths) }
    let room = unsafe memory.room(20 * accounts.count)
    var used = 0
    for account in accounts {
      let length = account < 0 ? 0 : unsafe AccountNames.write(account, to: room + used)
      lengths.append(Int32(truncatingIfNeeded: length))
      used += length
    }
    return unsafe UnsafeBufferPointer(start: room, count: used)
  }

  /// Writes the digits of a number that is not negative.
  private static func write(_ number: Int64, to place: UnsafeMutablePointer<UInt8>) -> Int {
    var count = 1
    var rest = number
    while rest >= 10 {
      rest /= 10
      count += 1
    }
    rest = number
    for digit in 1...count {
      unsafe place[count - digit] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
    return count
  }

  private func copyNames(
    _ accounts: [Int64],
    into memory: ColumnMemory<UInt8>,
    lengths: inout [Int32]
  ) -> UnsafeBufferPointer<UInt8> {
    guard let ends, let bytes, listed.isEmpty,
      let text = unsafe bytes.values(from: 0, as: UInt8.self)
    else {
      for account in accounts { lengths.append(account < 0 ? 0 : -1) }
      return unsafe UnsafeBufferPointer(start: memory.room(0), count: 0)
    }
    let typed = unsafe ends.values(from: 0, as: Int64.self)
    func end(_ code: Int) -> Int {
      if let typed = unsafe typed { return unsafe Int(typed[code]) }
      return Int(ends.integer(code))
    }
    let (known, most) = (Int64(count), bytes.count)
    var total = 0
    var starts: [Int] = []
    starts.reserveCapacity(accounts.count)
    for account in accounts {
      var (start, length) = (0, account < 0 ? 0 : -1)
      if account >= 0, account < known {
        start = account == 0 ? 0 : end(Int(account) - 1)
        let last = end(Int(account))
        if start >= 0, start < last, last <= most, last - start < 1 << 20 { length = last - start }
      }
      starts.append(start)
      lengths.append(Int32(truncatingIfNeeded: length))
      total += max(0, length)
    }
    let room = unsafe memory.room(total)
    var used = 0
    for place in starts.indices where lengths[place] > 0 {
      let (start, length) = (starts[place], Int(lengths[place]))
      var isPlain = true
      for byte in 0..<length {
        let code = unsafe text[start + byte]
        isPlain = isPlain && AccountNames.isPlain(code)
        unsafe room[used + byte] = code
      }
      if isPlain { used += length } else { lengths[place] = -1 }
    }
    return unsafe UnsafeBufferPointer(start: room, count: used)
  }

  /// Whether a byte is a character that no CSV puts into quotes.
  @inline(__always)
  static func isPlain(_ code: UInt8) -> Bool {
    code >= 0x20 && code < 0x7F && code != UInt8(ascii: ",") && code != UInt8(ascii: "\"")
  }
}
