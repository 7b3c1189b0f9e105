// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Rows of text in aligned columns, for people.
///
///     venue        positions
///     hyperliquid      1,024
package struct TextTable: Sendable {
  /// A column with its title.
  package struct Column: Sendable {
    let title: String
    let isNumber: Bool

    /// A column of words, aligned on the left.
    package static func text(_ title: String) -> Column { Column(title: title, isNumber: false) }

    /// A column of numbers, aligned on the right.
    package static func number(_ title: String) -> Column { Column(title: title, isNumber: true) }
  }

  private let columns: [Column]
  private var rows: [[String]] = []

  /// Makes a table without rows.
  package init(_ columns: [Column]) { self.columns = columns }

  /// Adds a row; cells that are missing stay empty.
  ///
  /// - Precondition: there are no more cells than columns.
  package mutating func add(_ cells: [String]) {
    precondition(cells.count <= columns.count, "Invariant: every cell has a column")
    let empty = Array(repeating: "", count: columns.count - cells.count)
    rows.append(cells.map(TextTable.printable) + empty)
  }

  /// Lays out the titles and the rows.
  ///
  /// - Parameters:
  ///   - indent: spaces before every line.
  ///   - width: columns of the terminal; a table that is wider goes on below, its first column
  ///     repeated. Nil for one piece.
  /// - Returns: lines, each ended by a line break; none ends in spaces.
  package func text(indent: Int = 0, width: Int? = nil) -> String {
    let lines = [columns.map(\.title)] + rows
    let widths = columns.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return pieces(widths, room: width.map { $0 - indent }).map { piece in
      var out = ""
      for line in lines {
        var text = String(repeating: " ", count: indent)
        for (place, column) in piece.enumerated() {
          let cell = line[column]
          let padding = String(repeating: " ", count: widths[column] - cell.count)
          text += place > 0 ? "  " : ""
          text += columns[column].isNumber ? padding + cell : cell + padding
        }
        out += trimmed(text) + "\n"
      }
      return out
    }
    .joined(separator: "\n")
  }

  /// The columns that stand side by side: the first one with as many others as fit, at least one.
  private func pieces(_ widths: [Int], room: Int?) -> [[Int]] {
    guard let room, widths.count > 1 else { return [Array(columns.indices)] }
    var pieces: [[Int]] = []
    var used = Int.max
    for column in columns.indices.dropFirst() {
      if used == .max || used + 2 + widths[column] > room {
        pieces.append([0])
        used = widths[0]
      }
      pieces[pieces.count - 1].append(column)
      used += 2 + widths[column]
    }
    return pieces
  }

  private func trimmed(_ line: String) -> Substring {
    guard let last = line.lastIndex(where: { $0 != " " }) else { return "" }
    return line[...last]
  }

  /// A cell without control characters, which could break the lines or the terminal.
  private static func printable(_ text: String) -> String {
    var out = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      out.append(scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar)
    }
    return String(out)
  }
}
