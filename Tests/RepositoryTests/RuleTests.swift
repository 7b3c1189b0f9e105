// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// A word that may not stand in the code, with what to write instead.
struct BannedWord: CustomTestStringConvertible, Sendable {
  /// A regular expression for one line of code.
  let pattern: String
  let instead: String
  /// The folders in which the word is banned.
  var folders = ["Sources/", "Tests/", "Benchmarks/", "Package.swift"]
  /// Text of the same line that makes it good.
  var unless: String?

  var testDescription: String { pattern }

  /// Only this file spells the words.
  static let table = [
    BannedWord(pattern: #"\btry!"#, instead: "try, or try #require in a test"),
    BannedWord(
      pattern: #"@testable\b"#,
      instead: "package access: tests see what other modules see"
    ),
    BannedWord(pattern: #"\.addingProduct\("#, instead: "a * b + c, which every CPU rounds alike"),
    BannedWord(pattern: #"\bFIXME\b"#, instead: "the repair, or an issue"),
    BannedWord(
      pattern: #"\bDate\("#,
      instead: "a time that is given, or ContinuousClock for durations"
    ),
    BannedWord(
      pattern: #"\.random\(in:"#,
      instead: ".random(in:using:) with a generator that is seeded",
      unless: "using:"
    ),
    BannedWord(
      pattern: #"\bSystemRandomNumberGenerator\b"#,
      instead: "a generator that is seeded"
    ),
    BannedWord(
      pattern: #"\bimport Foundation\b"#,
      instead: "Glibc and the standard library",
      folders: ["Sources/"]
    ),
    BannedWord(
      pattern: #"\b(debugPrint|print|dump)\("#,
      instead: "Output.standard or Output.diagnostic",
      folders: ["Sources/"]
    ),
  ]
}

/// What the code may use and import, by tables.
struct RuleTests {
  private static let wordTable = "Tests/RepositoryTests/RuleTests.swift"

  @Test(arguments: BannedWord.table)
  func bannedWord(_ word: BannedWord) throws {
    let pattern = try Regex(word.pattern)
    var findings = Findings()
    for file in SourceTree.swift where file.path != RuleTests.wordTable {
      guard word.folders.contains(where: { file.path.hasPrefix($0) }) else { continue }
      for (number, line) in file.lines.enumerated() where line.contains(pattern) {
        if let good = word.unless, line.contains(good) { continue }
        findings.add(file, number, "write \(word.instead)")
      }
    }
    #expect(findings.isEmpty, "\(findings.text)")
  }

  /// Memory that several threads write without a lock: only here, each with its reason.
  private static let unsafeSharing = [
    "Sources/Numerics/Parallel+Fill.swift": "threads fill disjoint parts of one array",
    "Sources/Numerics/FixedColumn.swift": "columns that no longer change",
    "Sources/Liquidation/Scenarios/ScenarioMemory.swift":
      "kernels read tables that no longer change; threads write parts of their own",
    "Sources/Tables/NPY/NPYArray.swift": "threads read a mapped file that nobody changes",
    "Sources/Liquidation/IsolatedMemory.swift": "columns are filled in parts, then only read",
    "Sources/Liquidation/IsolatedTerms.swift": "kernels read tables that no longer change",
    "Sources/Clusters/BinCells.swift": "kernels read a table that no longer changes",
    "Sources/Clusters/PerpBins.swift": "used by one thread at a time",
    "Sources/Tables/WordTable.swift": "a table that no longer changes once it is made",
    "Sources/Tables/Fingerprints.swift": "written by one thread, read by others after it has ended",
    "Sources/Tables/OrderedOutput.swift": "a file that is only used within the lock around it",
    "Sources/Tables/RecordPieces.swift":
      "text that nobody writes once it is at hand; the cuts are in a lock",
    "Sources/Tables/RowText.swift": "used by one thread at a time",
    "Sources/Clusters/PerpTally.swift": "used by one thread at a time, its sums by others after it",
    "Sources/Tables/DuckDB/DuckDBChunk.swift": "rows that no longer change",
    "Sources/Tables/DuckDB/DuckDBSession.swift": "DuckDB guards a connection by itself",
    "Sources/Tables/DuckDB/TurnTaking.swift": "a semaphore lets one thread in at a time",
  ]

  @Test func memoryIsSharedUnsafelyInNamedFilesOnly() {
    let words = ["@unchecked " + "Sendable", "nonisolated(" + "unsafe)"]
    var findings = Findings()
    var used: Set<String> = []
    for file in SourceTree.swift where file.path != RuleTests.wordTable {
      for (number, line) in file.lines.enumerated() where words.contains(where: line.contains) {
        used.insert(file.path)
        if RuleTests.unsafeSharing[file.path] == nil {
          findings.add(file, number, "write a Mutex or an Atomic, or name the file with its reason")
        }
      }
    }
    #expect(findings.isEmpty, "\(findings.text)")
    #expect(Set(RuleTests.unsafeSharing.keys) == used, "remove what is not needed any more")
  }

  /// The modules in the order in which they may import each other: only from above.
  private enum Layer { case foreign, mechanism, domain, tool }
  private static let modules: [(name: String, layer: Layer)] = [
    ("COpenBLAS", .foreign), ("CJansson", .foreign), ("CSodium", .foreign), ("CZlib", .foreign),
    ("CSQLite", .foreign), ("CXLSXWriter", .foreign),
    ("CommandLineShim", .foreign), ("ConfigShim", .foreign), ("CDuckDB", .foreign),
    ("TextKit", .mechanism), ("Numerics", .mechanism), ("CSIMD", .mechanism),
    ("Kernels", .mechanism), ("KernelsV3", .mechanism), ("KernelsV4", .mechanism),
    ("Tables", .mechanism), ("Configuration", .mechanism), ("CommandLineKit", .mechanism),
    ("Processes", .mechanism), ("Pages", .mechanism), ("Workbooks", .mechanism),
    ("Settings", .domain), ("Markets", .domain), ("Liquidation", .domain), ("Clusters", .domain),
    ("Cycles", .domain), ("Sweeps", .domain),
    ("Inputs", .tool), ("Reports", .tool), ("Results", .tool),
    ("BreakwaterCommands", .tool), ("breakwater", .tool),
  ]
  private static let system: Set<String> = ["Glibc", "Synchronization", "Dispatch"]
  /// Mechanism that the domain does not know: files and terminals.
  private static let hiddenFromDomain: Set<String> = [
    "Tables", "CommandLineKit", "Processes", "Pages", "Workbooks",
  ]

  @Test func everyModuleHasItsPlaceInTheTable() {
    let folders = Set(
      SourceTree.paths.filter { $0.hasPrefix("Sources/") }.map { $0.split(separator: "/")[1] }
    )
    #expect(Set(RuleTests.modules.map { Substring($0.name) }) == folders)
  }

  @Test func modulesImportInOneDirection() {
    var findings = Findings()
    var place: [String: Int] = [:]
    for (index, module) in RuleTests.modules.enumerated() { place[module.name] = index }
    for file in SourceTree.sources {
      guard let own = file.module.flatMap({ place[$0] }) else { continue }
      let layer = RuleTests.modules[own].layer
      for (number, line) in file.lines.enumerated() {
        let words = line.split(separator: " ")
        guard line.hasPrefix("import ") || line.contains(#/^(@\S+ |\w+ )*import \w+$/#),
          let name = words.last.map(String.init)
        else { continue }
        if RuleTests.system.contains(name) { continue }
        guard let other = place[name] else {
          findings.add(file, number, "\(name) is not in the table of modules")
          continue
        }
        let otherLayer = RuleTests.modules[other].layer
        if other >= own {
          findings.add(file, number, "\(RuleTests.modules[own].name) may not import \(name)")
        } else if layer == .mechanism && otherLayer != .mechanism && otherLayer != .foreign {
          findings.add(file, number, "mechanism may not import \(name)")
        } else if layer == .domain
          && (otherLayer == .foreign || RuleTests.hiddenFromDomain.contains(name))
        {
          findings.add(file, number, "the domain knows nothing of \(name)")
        }
      }
    }
    #expect(findings.isEmpty, "\(findings.text)")
  }

  /// No file names a folder of the machine it was written on.
  @Test func pathsOfMachinesAreNotWritten() throws {
    let pattern = try Regex(#"(^|[^\w.\-/])/(work|root|tmp|home|Users)(/|"|'|$)"#)
    var findings = Findings()
    for file in SourceTree.files where file.path != RuleTests.wordTable {
      for (number, line) in file.lines.enumerated() where line.contains(pattern) {
        findings.add(file, number, line.trimmingCharacters(in: .whitespaces))
      }
    }
    #expect(findings.isEmpty, "\(findings.text)")
  }
}
