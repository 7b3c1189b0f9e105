// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The repository's own style, checked over every file that is or would be committed.
struct TidyTests {
  /// Files of `Sources` that may be longer than the rule, each with its reason.
  private static let longFiles: [String: String] = [:]
  private static let mostLines = 300
  private static let mostFunctionLines = 70
  private static let mostColumns = 100

  @Test func treeIsFound() {
    #expect(SourceTree.sources.count > 100)
    #expect(SourceTree.exists("Package.swift"))
  }

  /// The first two lines; below the line of the interpreter or of the tools version, if any.
  @Test func everyFileOfCodeHasItsHeader() {
    var findings = Findings()
    for file in SourceTree.code {
      let first = file.lines.first ?? ""
      let skipped = first.hasPrefix("#!") || first.hasPrefix("// swift-tools-version") ? 1 : 0
      let mark = file.isSwift || file.path.hasSuffix(".cpp") ? "//" : "#"
      let header = ["\(mark) Part of Breakwater.", "\(mark) SPDX-License-Identifier: Apache-2.0"]
      if Array(file.lines.dropFirst(skipped).prefix(2)) != header {
        findings.add(file, "expected the lines \(header)")
      }
    }
    #expect(findings.isEmpty, "\(findings.text)")
  }

  @Test func linesAreShort() {
    var findings = Findings()
    for file in SourceTree.swift {
      for (number, line) in file.lines.enumerated() where line.count > TidyTests.mostColumns {
        findings.add(file, number, "\(line.count) columns, expected at most 100")
      }
    }
    #expect(findings.isEmpty, "\(findings.text)")
  }

  @Test func linesHaveNoTabsOrTrailingSpaces() {
    var findings = Findings()
    for file in SourceTree.code {
      for (number, line) in file.lines.enumerated() where line.hasSuffix(" ") || line.contains("\t")
      {
        findings.add(file, number, "a tab or a space at the end")
      }
      if file.lines.last != "" { findings.add(file, "expected a line break at the end") }
    }
    #expect(findings.isEmpty, "\(findings.text)")
  }

  @Test func sourceFilesAreShort() {
    var findings = Findings()
    for file in SourceTree.sources {
      let count = file.lines.count - 1
      if count > TidyTests.mostLines && TidyTests.longFiles[file.path] == nil {
        findings.add(file, "\(count) lines, expected at most \(TidyTests.mostLines)")
      }
    }
    for path in TidyTests.longFiles.keys where SourceTree.file(path) == nil {
      findings.add(TextFile(path: path, lines: []), "is gone, remove it from the exceptions")
    }
    #expect(findings.isEmpty, "\(findings.text)")
  }

  /// In formatted code a function ends at the first brace in its own column.
  @Test func functionsAreShort() {
    var findings = Findings()
    for file in SourceTree.sources {
      for (number, line) in file.lines.enumerated() {
        guard Declaration(line)?.kind == .function, !line.hasSuffix("}") else { continue }
        let end = String(line.prefix { $0 == " " }) + "}"
        let count = (file.lines.dropFirst(number).firstIndex(of: end) ?? number) - number + 1
        if count > TidyTests.mostFunctionLines {
          findings.add(file, number, "a function of \(count) lines, expected at most 70")
        }
      }
    }
    #expect(findings.isEmpty, "\(findings.text)")
  }

  /// Every `package` or `public` type, protocol and function has a `///` comment.
  ///
  /// Exempt: initialisers, for which the comments of their type and its properties speak;
  /// functions whose body stands in the same line, which say themselves what they do; and
  /// functions that a protocol of the module asks for, where the comment stands.
  @Test func visibleDeclarationsAreDocumented() {
    var findings = Findings()
    let requirements = TidyTests.requirements
    for file in SourceTree.sources {
      for (number, line) in file.lines.enumerated() {
        guard let declaration = Declaration(line), declaration.isVisible else { continue }
        if declaration.kind == .function {
          let isDeclaredElsewhere =
            requirements.contains("\(file.module ?? "").\(declaration.name)")
          if line.hasSuffix("}") || isDeclaredElsewhere { continue }
        }
        let above = file.lines.prefix(number).last {
          !$0.trimmingCharacters(in: .whitespaces).hasPrefix("@")
        }
        if !(above ?? "").trimmingCharacters(in: .whitespaces).hasPrefix("///") {
          findings.add(file, number, "'\(declaration.name)' has no /// comment")
        }
      }
    }
    #expect(findings.isEmpty, "\(findings.text)")
  }

  /// `Module.name` of every documented function that a protocol asks for.
  private static var requirements: Set<String> {
    var names: Set<String> = []
    for file in SourceTree.sources {
      var isInside = false
      for (number, line) in file.lines.enumerated() {
        if Declaration(line)?.kind == .protocol { isInside = true }
        if line == "}" { isInside = false }
        guard isInside, line.hasPrefix("  "), let found = Declaration(line), number > 0,
          found.kind == .function,
          file.lines[number - 1].trimmingCharacters(in: .whitespaces).hasPrefix("///")
        else { continue }
        names.insert("\(file.module ?? "").\(found.name)")
      }
    }
    return names
  }
}

/// A declaration that begins in a line of formatted code.
struct Declaration {
  enum Kind: String {
    case function = "func"
    case `struct`, `enum`, `class`, actor, `protocol`
  }

  let kind: Kind
  let name: String
  /// Whether other modules see it.
  let isVisible: Bool

  init?(_ line: String) {
    let words = line.split(separator: " ").drop { $0.hasPrefix("@") }.prefix(8)
    let modifiers: Set<Substring> = [
      "package", "public", "static", "final", "indirect", "mutating", "nonmutating", "consuming",
      "borrowing", "override", "internal", "private", "fileprivate", "nonisolated",
    ]
    let rest = words.drop { modifiers.contains($0) }
    guard let word = rest.first, let kind = Kind(rawValue: String(word)), rest.count > 1 else {
      return nil
    }
    self.kind = kind
    name = String(rest[rest.startIndex + 1].prefix { !"(<:{".contains($0) })
    isVisible = words.contains { $0 == "package" || $0 == "public" }
  }
}
