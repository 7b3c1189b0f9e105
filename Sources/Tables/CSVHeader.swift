// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import TextKit

/// The names in a header line and the field at which each wanted column stands.
struct CSVHeader {
  /// The header line.
  let names: [String]
  /// The columns as the caller addresses them: required, optional, then others that are kept.
  let columns: [String]
  /// The field of each column, -1 where the header does not have it.
  let positions: [Int32]
  /// Names in the header that the caller did not ask for, in the order of the file.
  let unknown: [String]

  /// A header without columns.
  init() {
    names = []
    columns = []
    positions = []
    unknown = []
  }

  /// Looks up the wanted columns; those that are not wanted are addressed too on demand.
  init(
    names: [String],
    required: [String],
    optional: [String],
    keepsOthers: Bool,
    place: (file: String, line: Int)
  ) throws(Failure) {
    self.names = names
    var fieldOf: [String: Int32] = [:]
    for (field, name) in names.enumerated() {
      guard fieldOf.updateValue(Int32(field), forKey: name) == nil else {
        throw Failure.data(
          file: place.file,
          line: place.line,
          column: Failure.shown(name),
          expected: "each column once, found it twice in the header",
          advice: "remove or rename one of the two"
        )
      }
    }
    let wanted = required + optional
    let known = Set(wanted)
    unknown = names.filter { !known.contains($0) }
    for name in required where fieldOf[name] == nil {
      throw CSVHeader.missing(name, in: names, unknown: unknown, place: place)
    }
    columns = keepsOthers ? wanted + unknown : wanted
    positions = columns.map { fieldOf[$0] ?? -1 }
  }

  private static func missing(
    _ name: String,
    in names: [String],
    unknown: [String],
    place: (file: String, line: Int)
  ) -> Failure {
    let near = suggestion(for: name, among: unknown)
    return Failure(
      .data,
      "\(place.file):\(place.line): column '\(name)': found a header with \(list(names)), "
        + "expected this column too" + (near.isEmpty ? "; add it to the header" : near)
    )
  }

  /// The first names in quotes, and how many more there are.
  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(40).map { "'\(Failure.shown($0))'" }.joined(separator: ", ")
    return names.count > 40 ? shown + " and \(names.count - 40) more" : shown
  }
}
