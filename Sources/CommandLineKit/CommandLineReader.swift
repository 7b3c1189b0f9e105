// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import TextKit

/// What a command line asks for.
enum Request {
  case help(CommandNode)
  case version
  /// Every property of the command has its value.
  case run(CommandNode)
  /// The command line is wrong; the node is where to find help.
  case refuse(String, CommandNode)
  /// The declarations contradict themselves, which ``Program/declarationProblems()`` would tell.
  case impossible
}

/// Reads a command line into the properties of the command that it calls.
struct CommandLineReader {
  let tree: CommandNode
  let environment: (String) -> String?

  func read(_ arguments: [String]) -> Request {
    guard let sorter = WordSorter(tree) else { return .impossible }
    let sorted = sorter.sort(arguments)
    let nodes = tree.all
    // Whoever asks for help gets it, whatever else is wrong.
    for (node, given) in zip(nodes, sorted.options).reversed() {
      for (option, words) in zip(node.options, given) where !words.isEmpty && node.isOwn(option) {
        return option.name == "help" ? .help(node) : .version
      }
    }
    let node = nodes[sorted.node]
    if let problem = sorted.problem { return .refuse(problem.message, node) }
    let options = Array(zip(node.options, sorted.options[sorted.node]))
    let problem =
      checkValues(options, node)
      ?? readOptions(options)
      ?? readArguments(node, sorted.words[sorted.node])
      ?? missing(node, options: options, words: sorted.words[sorted.node])
    return problem.map { .refuse($0, node) } ?? .run(node)
  }

  /// Refuses an option that was taken for the value of the option before it.
  private func checkValues(_ options: [(Declaration, [String])], _ node: CommandNode) -> String? {
    let names = Set(node.options.flatMap(\.optionNames))
    for (option, words) in options where option.kind == .option {
      for word in words where names.contains(String(word.prefix { $0 != "=" })) {
        return "\(option.shownName): found the option '\(Failure.shown(word))', expected a value"
      }
    }
    return nil
  }

  private func readOptions(_ options: [(Declaration, [String])]) -> String? {
    for (option, words) in options {
      if words.count > 1 && !option.isRepeatable {
        return "\(option.shownName): found \(words.count) values, expected one"
      }
      if !words.isEmpty {
        if let bad = option.accept(words) { return bad.message(at: option.shownName) }
      } else if let variable = option.environment, let text = value(of: variable) {
        if let bad = option.accept([text]) { return bad.message(at: "$\(variable)") }
      }
    }
    return nil
  }

  /// Gives the words to the arguments in their order; a repeatable one takes all that are left.
  private func readArguments(_ node: CommandNode, _ words: [String]) -> String? {
    var rest = words[...]
    for argument in node.arguments where !rest.isEmpty {
      let taken = argument.isRepeatable ? rest : rest.prefix(1)
      rest = rest.dropFirst(taken.count)
      if let bad = argument.accept(Array(taken)) { return bad.message(at: argument.shownName) }
    }
    return rest.first.map { "unexpected argument '\(Failure.shown($0))'" }
  }

  /// Names everything that is required and was not given.
  private func missing(
    _ node: CommandNode,
    options: [(Declaration, [String])],
    words: [String]
  ) -> String? {
    let optionNames = options.compactMap { option, words in
      option.isRequired && words.isEmpty && option.environment.flatMap(value(of:)) == nil
        ? option.shownName : nil
    }
    let argumentNames = node.arguments.dropFirst(words.count).filter(\.isRequired).map(\.shownName)
    let parts = [list("option", optionNames), list("argument", argumentNames)].compactMap(\.self)
    return parts.isEmpty ? nil : "missing " + parts.joined(separator: " and ")
  }

  /// The value of a variable of the environment; an empty one counts as not set.
  private func value(of variable: String) -> String? {
    environment(variable).flatMap { $0.isEmpty ? nil : $0 }
  }

  private func list(_ noun: String, _ names: [String]) -> String? {
    guard !names.isEmpty else { return nil }
    return noun + (names.count > 1 ? "s " : " ")
      + names.map { "'\($0)'" }.joined(separator: ", ")
  }
}

extension CommandNode {
  /// Tells whether an option is one that the kit itself added.
  fileprivate func isOwn(_ option: Declaration) -> Bool {
    option.name == "help" || (path.isEmpty && option.name == "version")
  }
}

extension CommandNode {
  /// What to say about a word that is no command of the node.
  func unknownCommand(_ word: String) -> String {
    SortedWords.Problem.unknownCommand(word, known: children.compactMap(\.path.last)).message
  }
}

extension BadValue {
  func message(at place: String) -> String {
    "\(place): found '\(Failure.shown(found))', expected \(expected)"
      + suggestion(for: found, among: choices)
  }
}

extension SortedWords.Problem {
  var message: String {
    switch self {
    case .unknownOption(let word, let known):
      let name = String(word.prefix { $0 != "=" })
      // Short names are too near to everything.
      let long = known.filter { $0.hasPrefix("--") }
      return "unknown option '\(Failure.shown(name))'"
        + (name.count > 3 ? suggestion(for: name, among: long) : "")
    case .unknownCommand(let word, let known):
      // After '--' a right name is no command; to suggest it again would be silly.
      return "unknown command '\(Failure.shown(word))'"
        + (known.contains(word) ? "" : suggestion(for: word, among: known))
    case .missingValue(let option):
      return "\(Failure.shown(option)): found nothing, expected a value"
    case .other(let message):
      return "cannot read the command line: \(Failure.shown(message))"
    }
  }
}
