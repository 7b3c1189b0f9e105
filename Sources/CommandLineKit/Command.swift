// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import TextKit

/// A command of the program: its properties declare what it takes, `run` does the work.
///
/// A command that only holds others has no `run` of its own; without one of them it prints its help
/// and the program ends with status 64.
///
///     struct Sweep: Command {
///       static let name = "sweep"
///       static let about = "Run a grid of parameters"
///       static let details: String? = "Example:\n  breakwater sweep grid.json -j 8"
///       @Argument("Sweep specification") var spec: FilePath
///       @Option("Worker threads", short: "j", bound: .within(1...256)) var threads = 4
///       mutating func run() throws(Failure) { … }
///     }
package protocol Command: Sendable {
  /// The word that calls the command.
  static var name: String { get }
  /// One line for the list of commands, without a full stop.
  static var about: String { get }
  /// Text after the options in the help, such as examples; printed as it is.
  static var details: String? { get }
  /// Commands below this one, such as `generate book`.
  static var subcommands: [any Command.Type] { get }
  /// Makes the command with its defaults.
  init()
  /// Does the work; every option has been read and checked.
  mutating func run() throws(Failure)
}

extension Command {
  /// Most commands have none below them.
  package static var subcommands: [any Command.Type] { [] }
  /// Asks for one of the commands below.
  package mutating func run() throws(Failure) { throw .missingCommand }
}

extension Failure {
  /// A command was called that only holds others; the program prints its help.
  static let missingCommand = Failure(.usage, "a command is missing")
}

/// A command in its place below the program.
struct CommandNode: Sendable {
  /// The words that call it; empty for the program itself.
  var path: [String]
  var about: String
  var details: String?
  /// Nil for the program itself.
  var command: (any Command)?
  var declarations: [Declaration]
  var children: [CommandNode]

  /// The node and everything below it, parents first.
  var all: [CommandNode] { [self] + children.flatMap(\.all) }

  var options: [Declaration] { declarations.filter { $0.kind != .argument } }

  var arguments: [Declaration] { declarations.filter { $0.kind == .argument } }

  /// The path with the program's name before it, as a user writes it.
  func call(of program: String) -> String { ([program] + path).joined(separator: " ") }

  /// Makes the node of a command, with fresh defaults.
  init(_ type: any Command.Type, below parent: [String]) {
    let command = type.init()
    let path = parent + [type.name]
    self.init(
      path: path,
      about: type.about,
      details: type.details,
      command: command,
      declarations: CommandLineKit.declarations(in: command) + [.help],
      children: type.subcommands.map { CommandNode($0, below: path) }
    )
  }

  init(
    path: [String],
    about: String,
    details: String?,
    command: (any Command)?,
    declarations: [Declaration],
    children: [CommandNode]
  ) {
    (self.path, self.about, self.details) = (path, about, details)
    (self.command, self.declarations, self.children) = (command, declarations, children)
  }
}

extension Declaration {
  /// The switch that every command has.
  static let help = Declaration(
    kind: .flag,
    name: "help",
    short: "h",
    help: "Print this help",
    isRepeatable: true,
    accept: { _ in nil }
  )

  /// The switch that the program has.
  static let version = Declaration(
    kind: .flag,
    name: "version",
    help: "Print the version",
    isRepeatable: true,
    accept: { _ in nil }
  )
}
