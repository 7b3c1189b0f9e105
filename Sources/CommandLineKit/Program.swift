// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import TextKit

/// A program of commands: reads the command line, runs the command, turns failures into statuses.
///
///     let program = Program(name: "breakwater", about: "…", version: "1", commands: [Sweep.self])
///     exit(program.main())
package struct Program: Sendable {
  /// The word that calls the program, also the start of every message.
  package let name: String
  /// What the program is for, in one line.
  package let about: String
  /// The version alone, such as `0.1.0`.
  package let version: String
  /// The day of this version, such as `2026-11-30`, for the manual.
  package let released: String
  /// Text at the end of the program's help; printed as it is.
  package let footer: String?
  /// The commands in the order of the help; `help`, `man` and `completions` are added to them.
  package let commands: [any Command.Type]

  /// Makes a program; nothing happens before ``main(_:)``.
  package init(
    name: String,
    about: String,
    version: String,
    released: String = "2026-01-01",
    footer: String? = nil,
    commands: [any Command.Type]
  ) {
    self.name = name
    self.about = about
    self.version = version
    self.released = released
    self.footer = footer
    self.commands = commands
  }

  /// Runs the program and returns the status to exit with.
  ///
  /// A broken pipe is ignored from here on, in child processes too: whoever reads the results may
  /// stop early, which ends the program quietly with status 0.
  /// - Parameter arguments: the words of the command line, the program's name first.
  /// - Returns: 0, or the status of the failure.
  package func main(_ arguments: [String] = CommandLine.arguments) -> Int32 {
    Output.ignoreBrokenPipes()
    return execute(
      Array(arguments.dropFirst()),
      environment: Terminal.variable(named:),
      width: Terminal.standardOutput().textWidth
    )
  }

  /// What the program would do, with its output caught instead of written.
  package struct Outcome: Equatable, Sendable {
    /// The status it would exit with.
    package var status: Int32
    /// What it would write to standard output.
    package var output: String
    /// What it would write to standard error.
    package var diagnostics: String

    /// Makes an outcome to compare with.
    package init(status: Int32, output: String, diagnostics: String) {
      (self.status, self.output, self.diagnostics) = (status, output, diagnostics)
    }
  }

  /// Runs the program without writing, for tests.
  ///
  /// Catches what this task writes; threads that a command starts by itself write as ever.
  /// - Parameters:
  ///   - arguments: the words after the program's name.
  ///   - environment: the variables that options may read.
  /// - Returns: status and output.
  package func outcome(of arguments: [String], environment: [String: String] = [:]) -> Outcome {
    let (status, caught) = Output.catching {
      execute(arguments, environment: { environment[$0] }, width: 80)
    }
    return Outcome(
      status: status,
      output: String(decoding: caught.output, as: UTF8.self),
      diagnostics: String(decoding: caught.diagnostics, as: UTF8.self)
    )
  }

  private func execute(
    _ arguments: [String],
    environment: @escaping (String) -> String?,
    width: Int
  ) -> Int32 {
    let tree = tree(for: arguments)
    let help = HelpText(program: name, width: width)
    do throws(Failure) {
      guard !arguments.isEmpty else {
        Output.diagnostic(help.text(of: tree))
        return FailureKind.usage.rawValue
      }
      switch CommandLineReader(tree: tree, environment: environment).read(arguments) {
      case .help(let node): try Output.standard(help.text(of: node))
      case .version: try Output.standard("\(name) \(version)\n")
      case .refuse(let message, let node): return refuse(message, node)
      case .impossible:
        throw Failure(.internalError, "internal error: a command or an option is declared twice")
      case .run(let node): return try run(node, help)
      }
      return 0
    } catch {
      return status(of: error)
    }
  }

  /// Runs a command whose properties have their values.
  private func run(_ node: CommandNode, _ help: HelpText) throws(Failure) -> Int32 {
    switch node.command {
    case let command as HelpCommand:
      return try show(command.path) { help.text(of: $0) }
    case let command as ManCommand:
      let page = ManPage(program: self)
      return try show(command.path) { page.text(of: $0) }
    case let command as CompletionsCommand:
      let script = CompletionScript(program: name, tree: tree)
      try Output.standard(script.text(for: command.shell))
    case .some(var command):
      do throws(Failure) {
        try command.run()
      } catch .missingCommand {
        Output.diagnostic(help.text(of: node))
        return FailureKind.usage.rawValue
      } catch {
        guard error.kind == .usage else { throw error }
        return refuse(error.message, node)
      }
    case .none:
      Output.diagnostic(help.text(of: node))
      return FailureKind.usage.rawValue
    }
    return 0
  }

  /// Prints a text about a command that is named by its words.
  private func show(
    _ path: [String],
    _ text: (CommandNode) -> String
  ) throws(Failure) -> Int32 {
    var wanted = tree
    for word in path {
      guard let next = wanted.children.first(where: { $0.path.last == word }) else {
        return refuse(wanted.unknownCommand(word), wanted)
      }
      wanted = next
    }
    try Output.standard(text(wanted))
    return 0
  }

  /// Says what is wrong with the command line, and where to read how it is right.
  private func refuse(_ message: String, _ node: CommandNode) -> Int32 {
    Output.diagnostic(
      "\(name): \(message)\nRun '\(node.call(of: name)) --help' for usage."
    )
    return FailureKind.usage.rawValue
  }

  private func status(of failure: Failure) -> Int32 {
    if failure == .closedOutput { return 0 }
    Output.diagnostic("\(name): \(failure.message)")
    return failure.kind.rawValue
  }
}
