// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

extension CompletionScript {
  /// Lines of `complete`, each on the condition that its command was reached.
  func fish() -> String {
    var lines = [
      heading(.fish),
      "function _\(function)_place",
      "  set -l place \(fishQuoted(program))",
      "  for word in (commandline -opc)[2..-1]",
      "    switch \"$place $word\"",
      "      case " + commandKeys(quoted: fishQuoted).joined(separator: " "),
      "        set place \"$place $word\"",
      "    end",
      "  end",
      "  test \"$place\" = \"$argv[1]\"",
      "end",
      "complete -c \(program) -f",
    ]
    for node in tree.all { lines += fishLines(node) }
    return lines.joined(separator: "\n") + "\n"
  }

  private func fishLines(_ node: CommandNode) -> [String] {
    let condition = fishQuoted("_\(function)_place \(fishQuoted(key(node)))")
    let start = "complete -c \(program) -n \(condition)"
    var lines = node.children.map {
      "\(start) -a \($0.path.last ?? "") -d \(fishQuoted($0.about))"
    }
    if !node.argumentChoices.isEmpty {
      lines.append("\(start) -a \(fishQuoted(node.argumentChoices.joined(separator: " ")))")
    }
    switch node.argumentPaths {
    case .files: lines.append("\(start) -F")
    case .folders: lines.append("\(start) -a '(__fish_complete_directories)'")
    case .choices, nil: break
    }
    for option in node.options {
      lines.append(
        start + (option.short.map { " -s \($0)" } ?? "") + " -l \(option.name)"
          + fishValue(option) + " -d \(fishQuoted(option.help))"
      )
    }
    return lines
  }

  private func fishValue(_ option: Declaration) -> String {
    guard option.kind == .option else { return "" }
    return switch option.completion {
    case .files: " -r -F"
    case .folders: " -x -a '(__fish_complete_directories)'"
    case .choices:
      " -x"
        + (option.choices.isEmpty
          ? "" : " -a \(fishQuoted(option.choices.joined(separator: " ")))")
    }
  }

  /// Text between single quotes of fish.
  private func fishQuoted(_ text: String) -> String {
    "'" + text.map { $0 == "'" || $0 == "\\" ? "\\\($0)" : String($0) }.joined() + "'"
  }
}
