// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

extension Program {
  /// What is wrong with the declarations of the commands; empty when all is well.
  ///
  /// A test of the tool asserts that this is empty: names are unique and made of `a-z`, `0-9` and
  /// `-`, everything has a help text, nothing follows an argument that takes all words.
  package func declarationProblems() -> [String] {
    tree.all.flatMap { node -> [String] in
      let place = node.call(of: name)
      let problems = named(node) + arguments(of: node) + repeated(in: node)
      return (problems + node.options.flatMap(self.problems)).map { "\(place): \($0)" }
    }
  }

  private func named(_ node: CommandNode) -> [String] {
    var problems: [String] = []
    if let name = node.path.last, !isGoodName(name) { problems.append("not a good name") }
    if node.about.isEmpty { problems.append("has no summary") }
    return problems
  }

  private func problems(of option: Declaration) -> [String] {
    var problems: [String] = []
    if !isGoodName(option.name) { problems.append("--\(option.name): not a good name") }
    if let short = option.short, !(short.isASCII && short.isLetter) {
      problems.append("-\(short): not a letter")
    }
    if option.help.isEmpty { problems.append("--\(option.name): has no help") }
    return problems
  }

  private func arguments(of node: CommandNode) -> [String] {
    var problems = node.arguments.filter { $0.help.isEmpty }.map { "\($0.name): has no help" }
    if !node.children.isEmpty && !node.arguments.isEmpty {
      problems.append("has both arguments and commands")
    }
    for (argument, next) in zip(node.arguments, node.arguments.dropFirst()) {
      if argument.isRepeatable { problems.append("\(next.name): \(argument.name) takes all words") }
      if !argument.isRequired && next.isRequired {
        problems.append("\(next.name): required, but \(argument.name) before it is not")
      }
    }
    return problems
  }

  private func repeated(in node: CommandNode) -> [String] {
    var seen: Set<String> = []
    let names = node.options.flatMap(\.optionNames) + node.children.compactMap(\.path.last)
    return names.filter { !seen.insert($0).inserted }.map { "\($0): declared twice" }
  }

  private func isGoodName(_ name: String) -> Bool {
    guard let first = name.utf8.first, first != UInt8(ascii: "-") else { return false }
    return name.utf8.allSatisfy {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "-")
    }
  }
}
