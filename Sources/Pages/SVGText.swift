// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Pictures as gnuplot writes them, made to stand in a page, with names of their own.
enum SVGText {
  /// The documents in one output, one after the other.
  static func documents(_ text: String) -> [String] {
    var pieces: [String] = []
    var current: [Substring] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: true) {
      if line.hasPrefix("<?xml") {
        current = []
        continue
      }
      current.append(line)
      if line.hasPrefix("</svg>") { pieces.append(current.joined(separator: "\n")) }
    }
    return pieces
  }

  /// One document as an element of a page.
  ///
  /// * `id`: comes before every name in it, so that pictures do not share names.
  static func inline(_ document: String, id: String, title: String) -> String {
    var lines: [Substring] = []
    for line in document.split(separator: "\n") {
      if line.hasPrefix("<desc>") || line.hasPrefix("<title>") { continue }
      // A group without content.
      if line == "</g>", let last = lines.last, last.hasPrefix("<g "), last.hasSuffix(">") {
        lines.removeLast()
        continue
      }
      lines.append(line)
    }
    var text = lines.joined(separator: "\n")
    text = text.replacing("xlink:href", with: "href")
    text = text.replacing(" xmlns:href=\"http://www.w3.org/1999/xlink\"", with: "")
    text = text.replacing(" xmlns:xlink=\"http://www.w3.org/1999/xlink\"", with: "")
    text = text.replacing(" xmlns=\"http://www.w3.org/2000/svg\"", with: "")
    for mark in ["id='", "id=\"", "href='#", "href=\"#"] {
      text = text.replacing(mark, with: mark + id + "-")
    }
    text = text.replacing("url(#", with: "url(#" + id + "-")
    text = text.replacing("color=\"black\"", with: "color=\"var(--ink)\"")
    text = text.replacing("color=\"gray\"", with: "color=\"var(--line)\"")
    text = text.replacing(" stroke-linecap=\"butt\" stroke-linejoin=\"miter\"", with: "")
    text = coloured(text)
    if let start = text.firstRange(of: "<svg") {
      let head = "<svg role=\"img\" aria-label=\"\(HTML.escaped(title))\""
      text = String(text[..<start.lowerBound]) + head + text[start.upperBound...]
    }
    return text
  }

  /// Colours of `rgb(r, g, b)` in their short form, stand-ins as variables of the page.
  private static func coloured(_ text: String) -> String {
    var out = ""
    var rest = text[...]
    while let start = rest.firstRange(of: "rgb(") {
      out += rest[..<start.lowerBound]
      rest = rest[start.upperBound...]
      guard let end = rest.firstIndex(of: ")") else {
        out += "rgb("
        break
      }
      let parts = rest[..<end].split(separator: ",").compactMap { part in
        Int(String(part.filter { $0 != " " }))
      }
      out +=
        parts.count == 3
        ? Ink.css(red: parts[0], green: parts[1], blue: parts[2]) : "rgb(\(rest[..<end]))"
      rest = rest[rest.index(after: end)...]
    }
    return out + rest
  }
}
