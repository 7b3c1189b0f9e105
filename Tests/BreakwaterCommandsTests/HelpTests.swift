// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The help of every command: each option with its default and its unit.
struct HelpTests {
  static let commands = [
    "prices", "clusters", "scenarios", "sweep", "merge", "submit", "verify",
    "report", "compare", "explain", "replay", "generate", "generate book", "generate paths",
    "import", "import hyperliquid", "import table", "convert", "settings", "venues", "venues check",
    "doctor", "bench", "bench kernels", "bench scenarios", "bench vault", "bench cascade", "help",
    "man", "completions",
  ]

  /// Options and what the help must say of them.
  static let facts: [(command: String, option: String, fact: String)] = [
    ("prices", "--book FILE", "required"), ("prices", "--prices FILE", "required"),
    ("prices", "--venues FILE", "may be repeated"), ("prices", "-j, --threads N", "default 0"),
    ("prices", "-j, --threads N", "$BREAKWATER_THREADS"), ("prices", "-q, --quiet", ""),
    ("prices", "-o, --output FILE", "default -"), ("prices", "-h, --help", ""),
    ("clusters", "--book FILE", "required"), ("clusters", "--prices FILE", "required"),
    ("clusters", "--venues FILE", "may be repeated"), ("clusters", "--bin-bps BPS", "in bps"),
    ("clusters", "--slot SLOT", "default: the newest"),
    ("clusters", "--set NAME=VALUE", "may be repeated"),
    ("clusters", "-o, --output FILE", "default -"), ("clusters", "-j, --threads N", "default 0"),
    ("sweep", "SPEC", "TOML"), ("sweep", "-o, --output FOLDER", "default: output.folder"),
    ("sweep", "-j, --threads N", "default 0"), ("sweep", "--dry-run", ""),
    ("sweep", "-q, --quiet", ""), ("sweep", "--shard I/N", "default: the whole sweep"),
    ("sweep", "--resume", ""),
    ("sweep", "--sample N", "continuously"), ("sweep", "--sample-seed SEED", "default: 1"),
    ("sweep", "--sample-method NAME", "one of latin, sobol"), ("sweep", "--refine N", "Pareto"),
    ("sweep", "--refine-rounds N", "default: 4"), ("sweep", "--refine-seed SEED", "default: 1"),
    ("sweep", "--fresh", ""), ("merge", "PART...", "folders"),
    ("merge", "-o, --output FOLDER", "required"), ("verify", "--cells N", "default 3"),
    ("submit", "SCHEDULER", "slurm, kubernetes, parallel"), ("submit", "--shards N", "required"),
    ("replay", "SPEC", "TOML"), ("replay", "--cell CELL", "default"),
    ("replay", "-o, --output FOLDER", ""), ("replay", "-j, --threads N", "default 0"),
    ("replay", "-q, --quiet", ""), ("generate book", "--accounts N", "default 20000"),
    ("generate book", "--seed N", "default 1"), ("generate book", "-o, --output FILE", "default -"),
    ("generate book", "--write-prices FILE", ""),
    ("generate book", "--slot-spread N", "in slots; of at least 0; default"),
    ("generate book", "--largest-size-usd X", "in USD"),
    ("generate paths", "--scenarios N", "default 8"),
    (
      "generate paths", "--model NAME",
      "one of jump_diffusion, crash, student_t, garch, bootstrap, stress; default"
    ),
    ("generate paths", "-o, --output FOLDER", "required"),
    ("generate paths", "--horizon-s N", "in seconds; default 3600"),
    ("generate paths", "--step-s N", "in seconds; default 1"),
    ("import hyperliquid", "INPUTS...", "folders"),
    ("import hyperliquid", "--venue TEXT", "default hyperliquid"),
    ("import table", "TABLE", "CSV"), ("import table", "--mapping FILE", "required"),
    ("import table", "-o, --output FILE", "default -"), ("import table", "--skip-unknown", ""),
    ("venues check", "FILES...", "TOML"), ("venues check", "--json", ""),
    ("scenarios", "--grid GRID", "may be repeated"), ("scenarios", "--horizon TIME", "default 1d"),
    ("scenarios", "--level LEVELS", "default 0.95,0.99"),
    ("bench scenarios", "--accounts N", "default 1000000"),
    ("completions", "SHELL", "bash, zsh, fish"),
  ]

  /// Options whose value has no default to show: without them there is none.
  private static let withoutDefault = [
    "--output FOLDER", "--slot N", "--write-prices FILE", "--prices FILE", "--shocks FILE",
    "--prices-out FILE", "--generate N", "--history FILE", "--accounts FILE", "--risk FILE",
    "--data FOLDER", "--notify COMMAND", "--reconcile COLUMN", "--reconcile-out FILE", "--fit FILE",
    "--exposure FILE",
  ]

  /// The list above is what the program's own help names, command by command.
  @Test func everyCommandIsInTheList() throws {
    let first = try HelpTests.below("")
    var found = first
    for name in first { found += try HelpTests.below(name).map { "\(name) \($0)" } }
    #expect(found.sorted() == HelpTests.commands.sorted())
  }

  /// Sentences are filled to the width; only examples and lists may be longer.
  @Test(arguments: commands)
  func sentencesFitTheTerminal(_ command: String) throws {
    let words = command.split(separator: " ").map(String.init) + ["--help"]
    let lines = try Workdir(withBook: false).run(words).text.split(separator: "\n")
    for line in lines where !line.hasPrefix(" ") { #expect(line.count <= 80, "\(line)") }
  }

  /// No option is without a fact that is looked for.
  @Test(arguments: commands)
  func everyOptionHasAFact(_ command: String) throws {
    let known = (HelpTests.facts + HelpTests.furtherFacts).filter { $0.command == command }
    let shapes = try HelpTests.entries(command).map(\.shape).filter { $0 != "-h, --help" }
    #expect(Set(shapes) == Set(known.map(\.option)).subtracting(["-h, --help"]))
  }

  @Test(arguments: facts + furtherFacts)
  func optionIsExplained(_ command: String, _ option: String, _ fact: String) throws {
    let entries = try HelpTests.entries(command)
    let entry = try #require(entries.first { $0.shape == option }, "\(command) \(option)")
    #expect(!entry.text.isEmpty)
    if !fact.isEmpty { #expect(entry.text.contains(fact)) }
  }

  /// An option that takes a value shows a default, or that it is required or may be repeated.
  @Test(arguments: commands)
  func everyValueHasADefault(_ command: String) throws {
    for entry in try HelpTests.entries(command) where entry.takesValue {
      let isPlain = HelpTests.withoutDefault.contains { entry.shape.hasSuffix($0) }
      let says = ["default", "required", "may be repeated"].contains { entry.text.contains($0) }
      #expect(isPlain || says, "\(command): \(entry)")
      #expect(!entry.text.contains("default )"), "\(command): \(entry)")
    }
  }

  /// The settings that the specs of the README and the demo use are in the list, with defaults.
  @Test func settingsAreListed() throws {
    let list = try Workdir(withBook: false).run(["settings"]).text
    let rows = list.split(separator: "\n").dropFirst().map { $0.split(separator: " ") }
    #expect(rows.count > 60)
    let stopLoss = try #require(rows.first { $0[0] == "vault.stop_loss" })
    #expect(stopLoss[1...2] == ["ratio", "0.05"])
    #expect(rows.contains { $0[0] == "auction.kappa_bps_per_s" && $0[2] == "5" })
  }

  /// A quantity says what it is counted in.
  @Test(arguments: commands)
  func everyQuantityHasAUnit(_ command: String) throws {
    let suffixes = ["-bps", "-s", "-ms", "-usd", "slot-spread"]
    for entry in try HelpTests.entries(command) where entry.takesValue {
      let option = entry.shape.split(separator: " ").last { $0.hasPrefix("--") } ?? ""
      guard suffixes.contains(where: { option.hasSuffix($0) }) else { continue }
      #expect(entry.text.contains("(in "), "\(command): \(entry)")
    }
  }

  @Test(arguments: commands)
  func helpIsReachedInThreeWays(_ command: String) throws {
    let place = try Workdir(withBook: false)
    let words = command.split(separator: " ").map(String.init)
    let long = try place.run(words + ["--help"])
    #expect(try place.run(words + ["-h"]).output == long.output)
    #expect(try place.run(["help"] + words).output == long.output)
    #expect(long.text.contains("Usage: breakwater \(command)"))
    #expect(long.diagnostics == "")
  }

  @Test func programListsEveryCommandAndTheExitCodes() throws {
    let text = try Workdir(withBook: false).run(["--help"]).text
    for command in HelpTests.commands where !command.contains(" ") {
      #expect(text.contains("\n  \(command) "), "\(command)")
    }
    for word in ["0 done", "64 usage", "65 bad data", "66 no such input", "74 input/output"] {
      #expect(text.contains(word), "\(word)")
    }
  }

  @Test func withoutACommandTheHelpIsAnError() throws {
    let place = try Workdir(withBook: false)
    let help = try place.run(["--help"]).text
    let outcome = try place.run([], expecting: 64)
    #expect(outcome.text == "")
    #expect(outcome.diagnostics == help)
  }

  @Test func versionIsOneLine() throws {
    let text = try Workdir(withBook: false).run(["--version"]).text
    #expect(text.wholeMatch(of: #/breakwater [0-9]+\.[0-9]+\.[0-9]+[^\n]*\n/#) != nil, "\(text)")
  }

  /// The commands that a help text lists.
  private static func below(_ command: String) throws -> [String] {
    let words = command.split(separator: " ").map(String.init)
    let help = try Workdir(withBook: false).run(words + ["--help"]).text
    return help.split(separator: "\n", omittingEmptySubsequences: false)
      .drop { $0 != "Commands:" }.dropFirst().prefix { !$0.isEmpty }
      .filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
      .map { String($0.dropFirst(2).prefix { $0 != " " }) }
  }

  /// One argument or option of a help text.
  struct Entry {
    /// What stands on the left, such as `-j, --threads N`.
    var shape: String
    /// The rest, with single spaces.
    var text: String

    var takesValue: Bool {
      shape.contains("--") && shape.split(separator: " ").last?.hasPrefix("--") == false
    }
  }

  /// The arguments and options of a help text.
  static func entries(_ command: String) throws -> [Entry] {
    let words = command.split(separator: " ").map(String.init)
    let help = try Workdir(withBook: false).run(words + ["--help"]).text
    var entries: [Entry] = []
    var isEntry = false
    for line in help.split(separator: "\n", omittingEmptySubsequences: false) {
      let indent = line.prefix { $0 == " " }.count
      let rest = line.dropFirst(indent)
      let isFirst =
        (indent == 2 || indent == 6) && rest.hasPrefix("-")
        || indent == 2 && rest.first?.isUppercase ?? false
      if isFirst {
        let end = rest.firstRange(of: "  ")?.lowerBound ?? rest.endIndex
        entries.append(Entry(shape: String(rest[..<end]), text: ""))
        isEntry = true
      }
      isEntry = isEntry && (isFirst || indent > 6)
      guard isEntry, let last = entries.last else { continue }
      let text = isFirst ? rest.dropFirst(last.shape.count) : rest
      let words = text.split(separator: " ").joined(separator: " ")
      entries[entries.count - 1].text = last.text.isEmpty ? words : last.text + " " + words
    }
    return entries
  }
}
