// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import CommandLineShim
import Glibc

/// The library that sorts the words of a command line.
package enum CommandLineLibrary {
  /// Its version, for `doctor`.
  package static var version: String { unsafe String(cString: commandline_library_version()) }
}

/// The words of a command line, sorted.
struct SortedWords {
  /// The command reached, as an index into the nodes; or the one that met the problem.
  var node: Int
  var problem: Problem?
  /// The words given for each declared option of each node.
  var options: [[[String]]]
  /// The words of each node that are no option.
  var words: [[String]]

  /// Why the words could not be sorted.
  enum Problem: Equatable {
    case unknownOption(String, known: [String])
    case unknownCommand(String, known: [String])
    case missingValue(String)
    case other(String)
  }
}

/// The tree of commands inside CLI11, which tells options, values and commands apart.
///
/// Safe from outside: the pointers live and die with the object.
@safe
final class WordSorter {
  private let root: OpaquePointer
  private var commands: [OpaquePointer] = unsafe []
  private var options: [[OpaquePointer]] = unsafe []
  private var words: [OpaquePointer] = unsafe []

  /// Registers the nodes, which are in the order of ``CommandNode/all``.
  ///
  /// Nil when a name is refused: it is there twice, or no name at all.
  init?(_ tree: CommandNode) {
    guard let root = unsafe commandline_create() else { return nil }
    unsafe self.root = unsafe root
    guard unsafe register(tree, as: root) else { return nil }
  }

  deinit { unsafe commandline_destroy(root) }

  private func register(_ node: CommandNode, as command: OpaquePointer) -> Bool {
    unsafe commands.append(command)
    var handles: [OpaquePointer] = unsafe []
    for option in node.options {
      let names = option.optionNames.joined(separator: ",")
      guard
        let handle = unsafe commandline_add_option(command, names, option.kind == .option)
      else { return false }
      unsafe handles.append(handle)
    }
    guard let rest = unsafe commandline_add_words(command) else { return false }
    unsafe options.append(handles)
    unsafe words.append(rest)
    for child in node.children {
      guard
        let name = child.path.last,
        let handle = unsafe commandline_add_command(command, name),
        unsafe register(child, as: handle)
      else { return false }
    }
    return true
  }

  /// Sorts the words once; a sorter is not used again.
  func sort(_ arguments: [String]) -> SortedWords {
    var copies: [UnsafePointer<CChar>?] = unsafe arguments.map { unsafe UnsafePointer(strdup($0)) }
    defer { unsafe copies.forEach { unsafe free(UnsafeMutablePointer(mutating: $0)) } }
    let outcome = unsafe commandline_parse(root, Int32(copies.count), &copies)
    let word = unsafe taken(outcome.word) ?? ""
    let known = unsafe (taken(outcome.known) ?? "").split(separator: "\n").map { String($0) }
    let problem: SortedWords.Problem? =
      switch unsafe Int(outcome.kind) {
      case Int(commandline_parsed): nil
      case Int(commandline_unknown_option): .unknownOption(word, known: known)
      case Int(commandline_unknown_command): .unknownCommand(word, known: known)
      case Int(commandline_missing_value): .missingValue(word)
      default: .other(word)
      }
    return unsafe SortedWords(
      node: commands.firstIndex { unsafe $0 == outcome.reached } ?? 0,
      problem: problem,
      options: options.map { unsafe $0.map { unsafe values(of: $0) } },
      words: words.map { unsafe values(of: $0) }
    )
  }
}

/// Every value of an option, in the order given.
private func values(of option: OpaquePointer) -> [String] {
  unsafe (0..<commandline_count(option)).map {
    unsafe taken(commandline_value(option, $0)) ?? ""
  }
}

/// Copies a string of C and frees it.
private func taken(_ text: UnsafeMutablePointer<CChar>?) -> String? {
  guard let text = unsafe text else { return nil }
  defer { unsafe free(text) }
  return unsafe String(cString: text)
}
