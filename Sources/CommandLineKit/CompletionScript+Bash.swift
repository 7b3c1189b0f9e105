// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

extension CompletionScript {
  /// A function for `complete -F`.
  func bash() -> String {
    """
    \(heading(.bash))
    \(function)() {
      local cur="${COMP_WORDS[COMP_CWORD]}" prev='' path=\(quotedForShell(program)) word
      COMPREPLY=()
      ((COMP_CWORD > 0)) && prev="${COMP_WORDS[COMP_CWORD-1]}"
      for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case "$path $word" in
          \(commandKeys(quoted: quotedForShell).joined(separator: " | "))) path="$path $word" ;;
        esac
      done
      # '--name=value' comes as three words.
      if [[ $cur == '=' ]]; then
        cur=''
      elif [[ $prev == '=' ]]; then
        prev="${COMP_WORDS[COMP_CWORD-2]}"
      fi
      case "$path $prev" in
    \(tree.all.flatMap(bashValues).map { "    " + $0 }.joined(separator: "\n"))
      esac
      case "$path" in
    \(tree.all.map { "    " + bashWords($0) }.joined(separator: "\n"))
      esac
    }
    complete -F \(function) \(program)

    """
  }

  /// What follows each option that takes a value.
  private func bashValues(_ node: CommandNode) -> [String] {
    node.valueOptions.map { option in
      let names = option.optionNames.map { quotedForShell("\(key(node)) \($0)") }
      let offer =
        switch option.completion {
        case .files: bashPaths(.files) + "; "
        case .folders: bashPaths(.folders) + "; "
        case .choices: option.choices.isEmpty ? "" : bashList(option.choices) + "; "
        }
      return names.joined(separator: " | ") + ") \(offer)return ;;"
    }
  }

  /// What a command takes besides.
  private func bashWords(_ node: CommandNode) -> String {
    let words =
      node.children.compactMap(\.path.last) + node.argumentChoices
      + node.options.flatMap(\.optionNames)
    let list = quotedForShell(key(node)) + ") " + bashList(words)
    guard let paths = node.argumentPaths else { return list + " ;;" }
    return list + "\n      [[ $cur == -* ]] || { " + bashPaths(paths) + "; } ;;"
  }

  private func bashList(_ words: [String]) -> String {
    let list = quotedForShell(words.joined(separator: " "))
    return "mapfile -t COMPREPLY < <(compgen -W \(list) -- \"$cur\")"
  }

  private func bashPaths(_ kind: ValueCompletion) -> String {
    let action = kind == .folders ? "-d" : "-f"
    return "compopt -o filenames; mapfile -t COMPREPLY < <(compgen \(action) -- \"$cur\")"
  }
}
