// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import Synchronization
import Testing

/// What a run of the binary left: exit status and all that it wrote.
struct Outcome {
  /// The exit code, or the negative number of the signal that ended the process.
  var status: Int32
  var output: Data
  var diagnostics: String

  var text: String { String(decoding: output, as: UTF8.self) }
}

/// A fresh folder for one test, in which the real binary is run; removed at the end.
final class Workdir: Sendable {
  /// The folder in which the binary runs.
  let folder: URL
  private let root: URL

  /// Makes the folder, with the inputs of `Golden/` in it unless it should be empty.
  init(withBook: Bool = true) throws {
    root = FileManager.default.temporaryDirectory
      .appendingPathComponent("breakwater-commands-\(UUID().uuidString)")
    folder = root.appendingPathComponent("work")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    guard withBook else { return }
    for name in Golden.inputs { try write(name, Data(contentsOf: Golden.url(name))) }
  }

  deinit { try? FileManager.default.removeItem(at: root) }

  /// Writes a file of the folder.
  func write(_ name: String, _ bytes: Data) throws {
    try bytes.write(to: folder.appendingPathComponent(name))
  }

  /// Writes a text file of the folder.
  func write(_ name: String, _ text: String) throws { try write(name, Data(text.utf8)) }

  /// The bytes of a file of the folder.
  func bytes(_ name: String) throws -> Data {
    try Data(contentsOf: folder.appendingPathComponent(name))
  }

  /// The text of a file of the folder.
  func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

  /// Every file and folder inside, by its path from here, sorted.
  var names: [String] {
    (FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? [])
      .sorted()
  }

  /// Runs the binary; anything but the expected status is recorded with all that was written.
  @discardableResult
  func run(
    _ arguments: [String],
    input: Data? = nil,
    environment: [String: String] = [:],
    expecting status: Int32 = 0,
    at place: SourceLocation = #_sourceLocation
  ) throws -> Outcome {
    let binary = try Binary.path()
    return try checked(
      start(binary, arguments, input: input, environment: environment),
      expecting: status,
      call: "breakwater " + arguments.joined(separator: " "),
      at: place
    )
  }

  /// Runs a line of bash in which `$BREAKWATER` is the binary; the status is that of the line.
  @discardableResult
  func shell(
    _ script: String,
    expecting status: Int32 = 0,
    at place: SourceLocation = #_sourceLocation
  ) throws -> Outcome {
    try checked(
      start("/bin/bash", ["-c", script]),
      expecting: status,
      call: script,
      at: place
    )
  }

  /// Starts the binary and leaves it running.
  func started(_ arguments: [String]) throws -> Running {
    try start(Binary.path(), arguments)
  }

  private func checked(
    _ running: Running,
    expecting status: Int32,
    call: String,
    at place: SourceLocation
  ) throws -> Outcome {
    let outcome = try running.wait()
    if outcome.status != status {
      Issue.record(
        """
        $ \(call)
        status \(outcome.status), expected \(status)
        --- standard output:
        \(outcome.text.prefix(4000))
        --- standard error:
        \(outcome.diagnostics.prefix(4000))
        --- files: \(names.joined(separator: " "))
        """,
        sourceLocation: place
      )
    }
    return outcome
  }

  private func start(
    _ program: String,
    _ arguments: [String],
    input: Data? = nil,
    environment: [String: String] = [:]
  ) throws -> Running {
    // Files, not pipes: nothing can block, however much is written.
    let stem = root.appendingPathComponent(UUID().uuidString).path
    for end in [".in", ".out", ".err"] {
      try (end == ".in" ? input ?? Data() : Data()).write(to: URL(fileURLWithPath: stem + end))
    }
    let process = Process()
    // The threads of tests block signals, which processes inherit; a shell does not.
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["--default-signal", program] + arguments
    process.currentDirectoryURL = folder
    process.environment =
      [
        "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
        "BREAKWATER": try Binary.path(), "LC_ALL": "C.UTF-8",
        // Reports have tests of their own.
        "BREAKWATER_REPORT": "none",
      ].merging(environment) { $1 }
    process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: stem + ".in"))
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: stem + ".out"))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: stem + ".err"))
    return try Running(process, stem: stem)
  }
}

/// A process on its way.
final class Running {
  let process: Process
  private let stem: String
  private let ended = DispatchSemaphore(value: 0)

  fileprivate init(_ process: Process, stem: String) throws {
    self.process = process
    self.stem = stem
    let ended = ended
    process.terminationHandler = { _ in ended.signal() }
    // Foundation's start of a process is not safe beside another one.
    try Running.starting.withLock { _ in try process.run() }
  }

  private static let starting = Mutex<Void>(())

  /// Waits for the end, at most so many seconds; a process that takes longer is killed.
  func wait(seconds: Double = 240) throws -> Outcome {
    if ended.wait(timeout: .now() + seconds) == .timedOut {
      kill(process.processIdentifier, SIGKILL)
      ended.wait()
      Issue.record("the process did not end within \(seconds) s and was killed")
    }
    let bySignal = process.terminationReason == .uncaughtSignal
    return Outcome(
      status: bySignal ? -process.terminationStatus : process.terminationStatus,
      output: try Data(contentsOf: URL(fileURLWithPath: stem + ".out")),
      diagnostics: String(
        decoding: try Data(contentsOf: URL(fileURLWithPath: stem + ".err")),
        as: UTF8.self
      )
    )
  }
}

/// The executable that `swift test` built beside the test bundle.
enum Binary {
  /// The path; `BREAKWATER_BINARY` names another one.
  static func path() throws -> String {
    if let given = ProcessInfo.processInfo.environment["BREAKWATER_BINARY"] { return given }
    var folders = [Bundle.main.bundlePath, Bundle.main.executablePath ?? ""]
    folders += [ProcessInfo.processInfo.arguments[0]] + Bundle.allBundles.map(\.bundlePath)
    for place in folders {
      var url = URL(fileURLWithPath: place)
      while url.path != "/" {
        let candidate = url.appendingPathComponent("breakwater").path
        let facts = try? FileManager.default.attributesOfItem(atPath: candidate)
        if facts?[.type] as? FileAttributeType == .typeRegular { return candidate }
        url.deleteLastPathComponent()
      }
    }
    return try #require(nil as String?, "no executable 'breakwater' beside \(folders)")
  }
}

/// The root of the repository, where these tests lie.
enum Repository {
  static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// A file of the repository, nil when it is not there.
  static func file(_ path: String) -> URL? {
    let url = root.appendingPathComponent(path).standardizedFileURL
    return FileManager.default.fileExists(atPath: url.path) ? url : nil
  }
}
