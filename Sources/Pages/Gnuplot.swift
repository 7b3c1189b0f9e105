// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Processes
package import TextKit

/// A picture as gnuplot is told to draw it.
package struct Figure: Sendable {
  /// Letters and digits, different for each picture of a page.
  package let id: String
  package let width: Int
  package let height: Int
  /// What it shows, for those who cannot see it.
  package let title: String
  /// Blocks of data by name, without the dollar sign.
  package let data: [(name: String, rows: [String])]
  /// Commands of gnuplot, one a line; the last one plots.
  package let commands: [String]

  package init(
    id: String,
    width: Int,
    height: Int,
    title: String,
    data: [(name: String, rows: [String])],
    commands: [String]
  ) {
    self.id = id
    self.width = width
    self.height = height
    self.title = title
    self.data = data
    self.commands = commands
  }
}

/// Pictures by gnuplot, where it is found.
package enum Gnuplot {
  /// The program on the search path; nil where there is none.
  package static var path: String? { ChildProcess.path(of: "gnuplot") }

  /// Draws pictures in one run.
  ///
  /// - Returns: the pictures as `svg` elements to stand in a page.
  /// - Throws: a failure with what gnuplot said.
  package static func draw(_ figures: [Figure]) throws(Failure) -> [String] {
    guard !figures.isEmpty else { return [] }
    let script = figures.map(Gnuplot.script).joined()
    // -d: no start-up files of the user's, which would change the pictures.
    let outcome = try ChildProcess.run(
      "gnuplot",
      ["-d", "-"],
      input: Array(script.utf8),
      environment: [("LC_ALL", "C.UTF-8"), ("GNUTERM", "svg")]
    )
    let pieces = SVGText.documents(String(decoding: outcome.output, as: UTF8.self))
    guard outcome.status == 0, pieces.count == figures.count else {
      let said = String(decoding: outcome.errors.suffix(400), as: UTF8.self)
      throw Failure(.inputOutput, "gnuplot failed: \(Failure.shown(said))")
    }
    return zip(pieces, figures).map { SVGText.inline($0, id: $1.id, title: $1.title) }
  }

  /// The commands of one picture, from a clean state.
  private static func script(_ figure: Figure) -> String {
    var lines = [
      "reset",
      "set encoding utf8",
      "set terminal svg name '\(figure.id)' size \(figure.width),\(figure.height) dynamic"
        + " noenhanced font 'sans-serif,13' linewidth 1",
      "set output",
      "set border 3 linecolor rgb '\(Ink.text)'",
      "set tics nomirror out scale 0.5 textcolor rgb '\(Ink.text)'",
      // Texts of ticks and titles stand apart, from each other and from a legend below.
      "set xtics offset 0,0.4", "set xlabel offset 0,0.9 textcolor rgb '\(Ink.text)'",
      "set ylabel textcolor rgb '\(Ink.text)'",
      "set cblabel textcolor rgb '\(Ink.text)'", "set y2label textcolor rgb '\(Ink.text)'",
      "set title textcolor rgb '\(Ink.text)'",
      "set key textcolor rgb '\(Ink.text)' samplen 1.5 spacing 1.15",
    ]
    for block in figure.data { lines += ["$\(block.name) << EOD"] + block.rows + ["EOD"] }
    return (lines + figure.commands).joined(separator: "\n") + "\n"
  }

  /// A text between double quotes of gnuplot.
  package static func quoted(_ text: String) -> String {
    var out = "\""
    for character in text.unicodeScalars {
      switch character {
      case "\"", "\\": out += "\\" + String(character)
      case "\n", "\r", "\t": out += " "
      case "`", "@": out += "'"
      default: out.unicodeScalars.append(character)
      }
    }
    return out + "\""
  }
}

/// Colours that a page decides: gnuplot draws with stand-ins, which become CSS variables.
package enum Ink {
  package static let text = "#010203"
  package static let line = "#020304"
  package static let soft = "#030405"
  package static let surface = "#040506"
  /// Colours of series.
  package static let series = ["#050607", "#060708", "#070809", "#08090a", "#090a0b", "#0a0b0c"]

  /// The CSS value of a colour of a picture.
  static func css(red: Int, green: Int, blue: Int) -> String {
    if green == red + 1, blue == red + 2, red >= 1, red <= 10 {
      switch red {
      case 1: return "var(--ink)"
      case 2: return "var(--line)"
      case 3: return "var(--soft)"
      case 4: return "var(--paper)"
      default: return "var(--c\(red - 4))"
      }
    }
    return "#" + [red, green, blue].map(hex).joined()
  }

  private static func hex(_ value: Int) -> String {
    let text = String(value, radix: 16)
    return text.count < 2 ? "0" + text : text
  }
}
