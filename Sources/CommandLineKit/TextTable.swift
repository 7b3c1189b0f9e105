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
  /// - Parameter indent: spaces before every line.
  /// - Returns: lines, each ended by a line break; none ends in spaces.
  package func text(indent: Int = 0) -> String {
    let lines = [columns.map(\.title)] + rows
    let widths = columns.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    var out = ""
    for line in lines {
      var text = String(repeating: " ", count: indent)
      for (column, cell) in line.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        text += column > 0 ? "  " : ""
        text += columns[column].isNumber ? padding + cell : cell + padding
      }
      out += trimmed(text) + "\n"
    }
    return out
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
