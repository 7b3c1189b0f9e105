// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Numerics
internal import Settings
internal import TextKit

/// The identities of a grid's cells (SEMANTICS B22): FNV-1a-64 over the lines `name=value` of what
/// is not at its default, in bytewise order of their names.
///
/// The order of the names and the text of every value are the grid's; a cell picks its lines.
struct CellIdentity: Sendable {
  /// A piece of the text: the same in every cell, or one of an axis's lines.
  private struct Piece: Sendable {
    /// The place of the axis; −1 where the piece is the same in every cell.
    var axis: Int
    var bytes: [UInt8] = []
    /// Where the line of each value of the axis ends.
    var ends: [Int] = []

    mutating func add(_ line: String) {
      bytes += Array(line.utf8)
      ends.append(bytes.count)
    }
  }

  private var pieces: [Piece] = []

  /// Prepares the texts.
  ///
  /// * `venueDefaults`: the venue file's own numbers by path.
  init(
    axes: [Axis],
    base: Settings,
    venueBase: [VenueValue],
    venueDefaults: [String: Double]
  ) {
    let swept = Set(axes.map(\.target.name))
    var named: [(name: String, piece: Piece)] = []
    func addFixed(_ name: String, _ text: String) {
      guard !swept.contains(name) else { return }
      var piece = Piece(axis: -1)
      piece.add("\(name)=\(text)\n")
      named.append((name, piece))
    }
    for (name, text) in base.departures { addFixed(name, text) }
    for entry in venueBase where venueDefaults[entry.path] != entry.value {
      addFixed(entry.path, NumberText.shortest(entry.value))
    }
    for (place, axis) in axes.enumerated() {
      var piece = Piece(axis: place)
      for value in axis.values { piece.add(CellIdentity.line(axis, value, venueDefaults)) }
      named.append((axis.target.name, piece))
    }
    named.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    for (_, piece) in named {
      if piece.axis < 0, let last = pieces.last, last.axis < 0 {
        pieces[pieces.count - 1].bytes += piece.bytes
        pieces[pieces.count - 1].ends = [last.bytes.count + piece.bytes.count]
      } else {
        pieces.append(piece)
      }
    }
  }

  /// The line of an axis at a value; none at the default.
  private static func line(
    _ axis: Axis,
    _ value: Double,
    _ venueDefaults: [String: Double]
  ) -> String {
    let text: String
    switch axis.target {
    case .setting(let key):
      let setting = Setting.all[key.rawValue]
      if value == setting.defaultValue { return "" }
      text = setting.text(of: value)
    case .venue(let path):
      if venueDefaults[path] == value { return "" }
      text = NumberText.shortest(value)
    }
    return "\(axis.target.name)=\(text)\n"
  }

  /// The identity of a cell as 16 hex digits.
  ///
  /// * `digits`: by axis, which of its values the cell has.
  func id(_ digits: [Int]) -> String {
    var hash = FNV1a64()
    for piece in pieces {
      let digit = piece.axis < 0 ? 0 : digits[piece.axis]
      let range = (digit == 0 ? 0 : piece.ends[digit - 1])..<piece.ends[digit]
      unsafe piece.bytes.withUnsafeBufferPointer { (bytes: UnsafeBufferPointer<UInt8>) in
        unsafe hash.add(UnsafeBufferPointer(rebasing: bytes[range]))
      }
    }
    let value = hash.value
    return unsafe String(unsafeUninitializedCapacity: 16) {
      (text: UnsafeMutableBufferPointer<UInt8>) in
      for place in 0..<16 {
        let digit = UInt8(truncatingIfNeeded: value >> UInt64(60 - 4 * place)) & 15
        unsafe text[place] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit
      }
      return 16
    }
  }
}
