// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// The manual page of a command or of the program, as source for `man`.
struct ManPage {
  let program: Program

  func text(of node: CommandNode) -> String {
    let name = node.call(of: program.name).split(separator: " ").joined(separator: "-")
    var lines = [
      ".\\\" Made by '\(node.call(of: program.name)) --help' and the declarations behind it.",
      ".TH \(Self.escaped(name.uppercased())) 1 \(program.released)"
        + " \"\(program.name) \(program.version)\" \"User Commands\"",
      ".SH NAME",
    ]
    lines += Self.filled("\(Self.escaped(name)) \\- \(Self.escaped(node.about))") + [".SH SYNOPSIS"]
    lines += Self.filled(synopsis(node)) + [".SH DESCRIPTION"]
    lines += Self.filled(Self.escaped(node.about) + ".")
    if let details = node.details, !details.isEmpty {
      lines += [".PP"] + Self.details(details)
    }
    lines += entries("ARGUMENTS", node.arguments)
    if !node.children.isEmpty {
      lines.append(".SH COMMANDS")
      for child in node.children {
        lines += [".TP", ".B \(Self.escaped(child.path.last ?? ""))"]
        lines += Self.filled(Self.escaped(child.about))
      }
    }
    lines += entries("OPTIONS", node.options)
    lines += [".SH SEE ALSO"] + others(node)
    return lines.joined(separator: "\n") + "\n"
  }

  private func synopsis(_ node: CommandNode) -> String {
    var words = ["\\fB\(Self.escaped(node.call(of: program.name)))\\fR"]
    if node.declarations.contains(where: { $0.kind != .argument && !$0.isRequired }) {
      words.append("[\\fIOPTIONS\\fR]")
    }
    for option in node.options where option.isRequired { words.append(Self.tag(option)) }
    if !node.children.isEmpty { words.append("\\fICOMMAND\\fR") }
    for argument in node.arguments {
      let tag = Self.tag(argument)
      words.append(argument.isRequired ? tag : "[\(tag)]")
    }
    return words.joined(separator: " ")
  }

  private func entries(_ title: String, _ list: [Declaration]) -> [String] {
    guard !list.isEmpty else { return [] }
    return [".SH \(title)"]
      + list.flatMap { entry -> [String] in
        let notes = entry.notes.isEmpty ? "" : " (" + entry.notes.joined(separator: "; ") + ")"
        return [".TP", Self.tag(entry)] + Self.filled(Self.escaped(entry.help + notes))
      }
  }

  /// The pages of the program and of the commands beside.
  private func others(_ node: CommandNode) -> [String] {
    let near =
      node.path.isEmpty
      ? node.children : program.tree.all.filter { $0.path == node.path.dropLast() }
    let names = near.map { $0.call(of: program.name).split(separator: " ").joined(separator: "-") }
    let last = names.count - 1
    return names.enumerated().map { place, name in
      ".BR \(Self.escaped(name)) (1)\(place < last ? "," : "")"
    }
  }

  /// What stands on the left of an entry.
  private static func tag(_ entry: Declaration) -> String {
    let value = "\\fI\(escaped(entry.valueName.isEmpty ? entry.name : entry.valueName))\\fR"
    guard entry.kind != .argument else {
      return "\\fI\(escaped(entry.name))\\fR" + (entry.isRepeatable ? " ..." : "")
    }
    let names = entry.optionNames.map { "\\fB\(escaped($0))\\fR" }.joined(separator: ", ")
    return entry.kind == .flag ? names : names + " " + value
  }

  /// Sentences that are filled, each beginning a line, between examples that are not.
  private static func details(_ text: String) -> [String] {
    var lines: [String] = []
    var isFilled = true
    for block in DetailsText(text).blocks {
      switch block {
      case .text(let text):
        if !isFilled { lines.append(".fi") }
        if isFilled, !lines.isEmpty { lines.append(".br") }
        isFilled = true
        lines += filled(escaped(text))
      case .line(let line):
        if isFilled { lines.append(".nf") }
        isFilled = false
        lines += filled(escaped(line))
      }
    }
    return isFilled ? lines : lines + [".fi"]
  }

  /// Text of at most 78 bytes a line, where it is longer broken between words and as far in as its
  /// beginning; no first character of a line turns it into a request.
  private static func filled(_ text: String) -> [String] {
    let indent = String(text.prefix { $0 == " " })
    var lines: [String] = []
    for word in text.utf8.count <= 78 ? [Substring(text)] : text.split(separator: " ") {
      if let last = lines.last, last.utf8.count + 1 + word.utf8.count <= 78 {
        lines[lines.count - 1] += " " + word
      } else {
        let start = lines.isEmpty && word.hasPrefix(" ") ? "" : indent
        let isRequest = indent.isEmpty && (word.hasPrefix(".") || word.hasPrefix("'"))
        lines.append(start + (isRequest ? "\\&" : "") + word)
      }
    }
    return lines
  }

  private static func escaped(_ text: String) -> String {
    var out = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": out += "\\e"
      case "-": out += "\\-"
      case "\n": out += " "
      default:
        if scalar.isASCII { out.unicodeScalars.append(scalar) } else { out += Self.named(scalar) }
      }
    }
    return out
  }

  /// A character beyond ASCII by its number.
  private static func named(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "\\[u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "]"
  }
}
