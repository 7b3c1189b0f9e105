// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// A script that tells a shell what may follow on the command line.
///
/// All three scripts work alike: they walk the words to find the command reached, offer the values
/// of the option before the cursor when there is one, and else what the command takes.
struct CompletionScript {
  let program: String
  let tree: CommandNode

  func text(for shell: Shell) -> String {
    switch shell {
    case .bash: bash()
    case .zsh: zsh()
    case .fish: fish()
    }
  }

  /// The name of the function; a program's name may have characters that a function's may not.
  var function: String {
    "_" + String(program.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
  }

  /// The path of a node, which is its key in the script.
  func key(_ node: CommandNode) -> String { node.call(of: program) }

  /// The keys of all commands as alternatives of a `case`.
  func commandKeys(quoted quote: (String) -> String) -> [String] {
    tree.all.dropFirst().map { quote(key($0)) }
  }

  /// The first line of a script.
  func heading(_ shell: Shell) -> String {
    let name = shell.rawValue
    return "# \(name) completion of \(program), made by '\(program) completions \(name)'"
  }
}

extension CommandNode {
  /// What an argument of the command may be: the choices of all of them.
  var argumentChoices: [String] { arguments.flatMap(\.choices) }

  /// Whether shells offer files or folders for an argument; nil for neither.
  var argumentPaths: ValueCompletion? {
    let kinds = arguments.map(\.completion)
    if kinds.contains(.files) { return .files }
    return kinds.contains(.folders) ? .folders : nil
  }

  /// The options that take a value.
  var valueOptions: [Declaration] { declarations.filter { $0.kind == .option } }
}

/// Text between single quotes of bash and zsh.
func quotedForShell(_ text: String) -> String {
  "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
    + "'"
}
