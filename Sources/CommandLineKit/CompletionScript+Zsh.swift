// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

extension CompletionScript {
  /// A function for `compdef`, which also works from a file in `$fpath`.
  func zsh() -> String {
    """
    #compdef \(program)
    \(heading(.zsh))
    \(function)() {
      local place=\(quotedForShell(program)) word previous="${words[CURRENT-1]}"
      local -a entries
      for word in "${(@)words[2,CURRENT-1]}"; do
        case "$place $word" in
          (\(commandKeys(quoted: quotedForShell).joined(separator: " | "))) place="$place $word" ;;
        esac
      done
      if [[ $PREFIX == --*=* ]]; then
        previous="${PREFIX%%=*}"
        compset -P '*='
      fi
      case "$place $previous" in
    \(tree.all.flatMap(zshValues).map { "    " + $0 }.joined(separator: "\n"))
      esac
      case "$place" in
    \(tree.all.map(zshWords).joined(separator: "\n"))
      esac
    }
    if [[ $funcstack[1] == \(function) ]]; then
      \(function) "$@"
    else
      compdef \(function) \(program)
    fi

    """
  }

  /// What follows each option that takes a value.
  private func zshValues(_ node: CommandNode) -> [String] {
    node.valueOptions.map { option in
      let names = option.optionNames.map { quotedForShell("\(key(node)) \($0)") }
      let offer =
        switch option.completion {
        case .files: "_files"
        case .folders: "_files -/"
        case .choices:
          option.choices.isEmpty
            ? "_message \(quotedForShell(option.help))"
            : "compadd -- " + option.choices.map(quotedForShell).joined(separator: " ")
        }
      return "(" + names.joined(separator: " | ") + ") \(offer); return ;;"
    }
  }

  /// What a command takes besides.
  private func zshWords(_ node: CommandNode) -> String {
    var lines = ["    (\(quotedForShell(key(node))))"]
    let words =
      node.children.map { entry($0.path.last ?? "", $0.about) }
      + node.argumentChoices.map(quotedForShell)
    let options = node.options.flatMap { option in
      option.optionNames.map { entry($0, option.help) }
    }
    lines.append("      if [[ $PREFIX == -* ]]; then")
    lines.append("        entries=(\(options.joined(separator: " ")))")
    lines.append("        _describe -o option entries")
    if !words.isEmpty {
      lines.append("      else")
      lines.append("        entries=(\(words.joined(separator: " ")))")
      lines.append("        _describe word entries")
    } else if let paths = node.argumentPaths {
      lines.append("      else")
      lines.append(paths == .folders ? "        _files -/" : "        _files")
    }
    lines.append("      fi ;;")
    return lines.joined(separator: "\n")
  }

  /// A word with what it means, for `_describe`, where a colon ends the word.
  private func entry(_ word: String, _ meaning: String) -> String {
    let safe = meaning.map { $0 == ":" ? "\\:" : String($0) }.joined()
    return quotedForShell("\(word):\(safe)")
  }
}
