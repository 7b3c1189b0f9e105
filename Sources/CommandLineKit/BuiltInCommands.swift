// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import TextKit

/// Prints the help of a command; the program does the work, which knows the commands.
struct HelpCommand: Command {
  static let name = "help"
  static let about = "Print the help of the program or of a command"
  static let details: String? = nil
  @Argument("The command", valueName: "COMMAND") var path: [String] = []

  mutating func run() throws(Failure) {}
}

/// Prints a completion script; the program does the work, which knows the commands.
struct CompletionsCommand: Command {
  static let name = "completions"
  static let about = "Print a completion script for a shell"
  static let details: String? = """
    Examples:
      bash  put  eval "$(PROGRAM completions bash)"  into ~/.bashrc
      zsh   write it to a file called _PROGRAM in a folder of $fpath
      fish  write it to ~/.config/fish/completions/PROGRAM.fish
    """
  @Argument("The shell") var shell: Shell

  mutating func run() throws(Failure) {}
}

/// Prints a manual page; the program does the work, which knows the commands.
struct ManCommand: Command {
  static let name = "man"
  static let about = "Print a manual page, for the program 'man'"
  static let details: String? = """
    Example:
      PROGRAM man sweep > PROGRAM-sweep.1
    """
  @Argument("The command; default: the program", valueName: "COMMAND") var path: [String] = []

  mutating func run() throws(Failure) {}
}

/// A shell that a completion script is made for.
enum Shell: String, CaseIterable, ArgumentValue {
  case bash, zsh, fish
}

extension Program {
  /// The program with its commands, all with fresh defaults.
  var tree: CommandNode {
    tree(of: commands + [HelpCommand.self, ManCommand.self, CompletionsCommand.self])
  }

  /// The part of the tree that a command line needs.
  ///
  /// Looking at the properties of every command takes longer than a short command does.
  func tree(for arguments: [String]) -> CommandNode {
    if arguments == ["--version"] { return tree(of: []) }
    let called = commands.filter { $0.name == arguments.first }
    return called.isEmpty ? tree : tree(of: called)
  }

  private func tree(of commands: [any Command.Type]) -> CommandNode {
    var children = commands.map { CommandNode($0, below: []) }
    let names = children.compactMap(\.path.last)
    for index in children.indices {
      if children[index].command is CompletionsCommand || children[index].command is ManCommand {
        children[index].details = children[index].details.map(named)
      }
      if children[index].command is HelpCommand || children[index].command is ManCommand {
        children[index].declarations[0].choices = names
      }
    }
    return CommandNode(
      path: [],
      about: about,
      details: footer,
      command: nil,
      declarations: [.help, .version],
      children: children
    )
  }

  /// Puts the program's name into a text.
  private func named(_ text: String) -> String {
    text.split(separator: "PROGRAM", omittingEmptySubsequences: false).joined(separator: name)
  }
}
