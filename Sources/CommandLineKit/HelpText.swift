// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// The help of a command, or of the program, laid out for a terminal.
struct HelpText {
  /// The name of the program.
  let program: String
  /// Lines are not longer, as far as words allow it.
  let width: Int

  func text(of node: CommandNode) -> String {
    var sections = [wrapped(node.about, indent: 0), usage(of: node)]
    sections.append(section("Arguments", node.arguments.map { ($0.shape, $0.explanation) }))
    sections.append(
      section("Commands", node.children.map { ($0.path.last ?? "", $0.about) })
    )
    sections += options(of: node)
    sections.append(node.details.map(details) ?? "")
    if !node.children.isEmpty {
      sections.append("Run '\(node.call(of: program)) COMMAND --help' for more on a command.")
    }
    return sections.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  private func details(_ text: String) -> String {
    DetailsText(text).blocks.map { block in
      switch block {
      case .text(let text): wrapped(text, indent: 0)
      case .line(let line): line
      }
    }
    .joined(separator: "\n")
  }

  /// The usage line: required options are named, the others stand as `[OPTIONS]`.
  private func usage(of node: CommandNode) -> String {
    var words = [node.call(of: program)]
    if node.declarations.contains(where: { $0.kind != .argument && !$0.isRequired }) {
      words.append("[OPTIONS]")
    }
    words += node.options.filter(\.isRequired).map { "\($0.shownName) \($0.valueName)" }
    if !node.children.isEmpty { words.append("COMMAND") }
    words += node.arguments.map { $0.isRequired ? $0.shape : "[\($0.shape)]" }
    return "Usage: " + wrapped(words.joined(separator: " "), indent: 7)
  }

  /// One section for each group of options, in the order of their first options.
  private func options(of node: CommandNode) -> [String] {
    var titles: [String] = []
    for option in node.options {
      let title = option.group ?? "Options"
      if !titles.contains(title) { titles.append(title) }
    }
    return titles.map { title in
      section(
        title,
        node.options.filter { ($0.group ?? "Options") == title }
          .map { ($0.shape, $0.explanation) }
      )
    }
  }

  private func section(_ title: String, _ rows: [(name: String, text: String)]) -> String {
    guard !rows.isEmpty else { return "" }
    // On a narrow terminal the text stands below the name.
    let longest = rows.map(\.name.count).max() ?? 0
    let column = width < 50 ? 6 : 4 + min(longest, 28)
    let lines = rows.map { name, text in
      let fits = name.count + 4 <= column
      let start = "  " + name + (fits ? spaces(column - name.count - 2) : "\n" + spaces(column))
      return start + wrapped(text, indent: column)
    }
    return "\(title):\n" + lines.joined(separator: "\n")
  }

  /// Breaks text between words; every line but the first is indented.
  private func wrapped(_ text: String, indent: Int) -> String {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty && indent + line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    lines.append(line)
    return lines.joined(separator: "\n" + spaces(indent))
  }

  private func spaces(_ count: Int) -> String { String(repeating: " ", count: max(count, 0)) }
}

extension Declaration {
  /// What stands on the left: `-j, --threads N`, or `PART...`.
  fileprivate var shape: String {
    switch kind {
    case .argument: isRepeatable ? name + "..." : name
    case .flag, .option:
      (short.map { "-\($0), " } ?? "    ") + "--" + name + (kind == .flag ? "" : " " + valueName)
    }
  }

  /// The help with the notes in parentheses.
  fileprivate var explanation: String {
    notes.isEmpty ? help : "\(help) (\(notes.joined(separator: "; ")))"
  }
}
