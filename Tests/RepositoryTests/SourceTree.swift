// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A text file of the repository.
struct TextFile: Sendable {
  /// The path from the root.
  let path: String
  let lines: [String]

  var name: String { String(path.split(separator: "/").last ?? "") }

  /// The module of a source file, nil elsewhere.
  var module: String? {
    let parts = path.split(separator: "/")
    return parts.count > 2 && parts[0] == "Sources" ? String(parts[1]) : nil
  }

  var isSwift: Bool { path.hasSuffix(".swift") }
}

/// The files that are, or would be, committed.
enum SourceTree {
  static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Every file that git knows or does not ignore; without git, every file that is not hidden.
  static let paths: [String] = {
    let listed = git(["ls-files", "--cached", "--others", "--exclude-standard"])
    let all = listed.isEmpty ? walked() : listed
    return all.filter { FileManager.default.fileExists(atPath: root.path + "/" + $0) }.sorted()
  }()

  /// All files of text; what is not UTF-8 or larger than 4 MB is left out.
  static let files: [TextFile] = paths.compactMap { path in
    guard let bytes = try? Data(contentsOf: root.appendingPathComponent(path)),
      bytes.count < 4 << 20, !bytes.contains(0), let text = String(data: bytes, encoding: .utf8)
    else { return nil }
    return TextFile(
      path: path,
      lines: text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    )
  }

  static let swift = files.filter(\.isSwift)

  static let sources = swift.filter { $0.path.hasPrefix("Sources/") }

  /// Files with code of ours in Swift, Python, C++ or a shell.
  static let code = files.filter { file in
    let parts = file.name.split(separator: ".")
    let isScript = file.lines.first?.hasPrefix("#!") ?? false
    return isScript || ["swift", "py", "sh", "cpp"].contains(parts.count > 1 ? parts.last : "")
  }

  static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: root.path + "/" + path)
  }

  static func file(_ path: String) -> TextFile? { files.first { $0.path == path } }

  private static func git(_ arguments: [String]) -> [String] {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["git", "-C", root.path] + arguments
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return [] }
    let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  private static func walked() -> [String] {
    let names =
      FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []
    return names.filter { name in
      let facts = try? FileManager.default.attributesOfItem(atPath: root.path + "/" + name)
      return facts?[.type] as? FileAttributeType == .typeRegular
        && !name.split(separator: "/").contains { $0.hasPrefix(".") }
    }
  }
}

/// What a rule found: one line for each place.
struct Findings {
  private(set) var lines: [String] = []

  /// Adds what is wrong with a file.
  mutating func add(_ file: TextFile, _ text: String) { lines.append("\(file.path): \(text)") }

  /// Adds what is wrong in a line, counted from 0.
  mutating func add(_ file: TextFile, _ line: Int, _ text: String) {
    lines.append("\(file.path):\(line + 1): \(text)")
  }

  /// All findings as the comment of an expectation.
  var text: String { "\(lines.count) found\n" + lines.joined(separator: "\n") }

  var isEmpty: Bool { lines.isEmpty }
}
