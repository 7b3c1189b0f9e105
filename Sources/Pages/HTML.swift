// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Pieces of HTML: all text that comes from files goes through `escaped`.
package enum HTML {
  /// Text as it may stand in an element or between double quotes.
  package static func escaped(_ text: String) -> String {
    var out = ""
    out.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "\"": out += "&quot;"
      default:
        let isControl = scalar.value < 32 || scalar.value == 127
        out.unicodeScalars.append(isControl ? (scalar == "\n" ? " " : "\u{FFFD}") : scalar)
      }
    }
    return out
  }

  /// The same, with places at which a long name or number may go on in the next line.
  package static func breakable(_ text: String) -> String {
    // A share keeps its sign.
    let text = text.replacing(" %", with: "\u{A0}%")
    // Short texts, such as units, stay whole.
    guard text.count > mostTogether / 2 else { return escaped(text) }
    var (out, run) = ("", 0)
    for character in text {
      out += escaped(String(character))
      run = character.isLetter || character.isNumber ? run + 1 : 0
      if character == "_" || character == "/" || run == mostTogether {
        out += "<wbr>"
        run = 0
      }
    }
    return out
  }

  /// Letters and digits that are never divided; ids of cells are as long.
  private static let mostTogether = 16

  /// A heading with an anchor.
  package static func heading(_ text: String, id: String) -> String {
    "<h2 id=\"\(id)\">\(escaped(text))</h2>\n"
  }

  /// A paragraph of plain text.
  package static func paragraph(_ text: String, note: Bool = false) -> String {
    "<p\(note ? " class=\"note\"" : "")>\(escaped(text))</p>\n"
  }

  /// A picture with its caption.
  package static func figure(_ svg: String, caption: String) -> String {
    "<figure>\n\(svg)\n<figcaption>\(escaped(caption))</figcaption>\n</figure>\n"
  }
}

/// A table of a page; wide ones scroll sideways on their own.
package struct HTMLTable: Sendable {
  /// A column with its title.
  package struct Column: Sendable {
    let title: String
    let isNumber: Bool

    package static func text(_ title: String) -> Column { Column(title: title, isNumber: false) }

    package static func number(_ title: String) -> Column { Column(title: title, isNumber: true) }
  }

  /// A cell: its text, and a step of the scale of shades if it has one.
  package struct Cell: Sendable, ExpressibleByStringLiteral {
    let text: String
    let shade: Int?
    let isHeading: Bool

    package init(_ text: String, shade: Int? = nil, isHeading: Bool = false) {
      self.text = text
      self.shade = shade
      self.isHeading = isHeading
    }

    package init(stringLiteral text: String) { self.init(text) }
  }

  private let caption: String?
  private let columns: [Column]
  private var rows: [[Cell]] = []

  package init(_ columns: [Column], caption: String? = nil) {
    self.columns = columns
    self.caption = caption
  }

  /// How many rows there are.
  package var count: Int { rows.count }

  package mutating func add(_ cells: [Cell]) { rows.append(cells) }

  package mutating func add(_ texts: [String]) { rows.append(texts.map { Cell($0) }) }

  /// The element.
  package var text: String {
    // Beside the part that scrolls, so that it can be read as a whole.
    var out = caption.map { HTML.paragraph($0, note: true) } ?? ""
    out += "<div class=\"scroll\"><table>\n"
    out += "<thead><tr>"
    for column in columns {
      out += "<th scope=\"col\"\(Self.numeric(column))>\(HTML.breakable(column.title))</th>"
    }
    out += "</tr></thead>\n<tbody>\n"
    for row in rows {
      out += "<tr>"
      for (column, cell) in zip(columns, row) {
        var kinds = column.isNumber ? ["n"] : []
        if let shade = cell.shade { kinds.append("s\(shade)") }
        let kind = kinds.isEmpty ? "" : " class=\"\(kinds.joined(separator: " "))\""
        let tag = cell.isHeading ? "th" : "td"
        out += "<\(tag)\(cell.isHeading ? " scope=\"row\"" : "")\(kind)>"
        out += HTML.breakable(cell.text) + "</\(tag)>"
      }
      out += "</tr>\n"
    }
    return out + "</tbody>\n</table></div>\n"
  }

  private static func numeric(_ column: Column) -> String {
    column.isNumber ? " class=\"n\"" : ""
  }
}
