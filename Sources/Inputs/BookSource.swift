// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import TextKit

/// A book that comes as typed columns, some rows at a time.
protocol BookSource: ~Copyable {
  /// Columns of the source that no book has, in its order.
  var unknownColumns: [String] { get }
  /// The next rows, nil at the end.
  mutating func next() throws(Failure) -> BookColumns?
}

extension BookFile.Column {
  /// What the values of a column are.
  enum Content {
    /// Text that repeats: codes in a folder of `.npy` columns.
    case word
    /// The account.
    case account
    case number
    /// A whole number from 0.
    case slot
    case flag
  }

  var content: Content {
    switch self {
    case .account: .account
    case .venue, .asset, .leg, .marginMode, .elevationGroup: .word
    case .observedSlot: .slot
    case .protected: .flag
    default: .number
    }
  }

  /// The columns of a source that a book needs or knows, by their places there.
  ///
  /// * `present`: names of the source; `source`: what messages call it.
  /// - Throws: a data failure for a required column that is missing.
  static func places(
    in present: [String],
    of source: String,
    stated: String?,
    needsAccount: Bool
  ) throws(Failure) -> [Int?] {
    let names = BookFile.names(stated: stated)
    for (column, name) in zip(allCases, names) where !present.contains(name) {
      let isNeeded =
        column == .account
        ? needsAccount
        : column.rawValue < requiredCount || (stated != nil && column == .liquidationPrice)
      guard isNeeded else { continue }
      let list = present.prefix(40).map { "'\(Failure.shown($0))'" }.joined(separator: ", ")
      let unknown = present.filter { !names.contains($0) }
      throw Failure(
        .data,
        "\(source): column '\(Failure.shown(name))': found columns \(list), expected this column"
          + " too" + suggestion(for: name, among: unknown)
      )
    }
    return names.map { present.firstIndex(of: $0) }
  }
}
