// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Reports
internal import Settings
internal import Sweeps
internal import TextKit

extension Comparison {
  /// What went in, in sentences; no sentence for what is the same.
  static func inputs(_ before: Manifest, _ after: Manifest) -> [String] {
    var lines: [String] = []
    func compare(_ what: String, _ a: String, _ b: String) {
      if a != b { lines.append("\(what): \(a) → \(b)") }
    }
    compare("breakwater", before.version, after.version)
    if !before.revision.isEmpty, !after.revision.isEmpty {
      compare("results revision", before.revision, after.revision)
    }
    let spec = changes(before.facts, after.facts)
    func isSaid(_ name: String) -> Bool { spec.contains { $0.hasPrefix("\(name):") } }
    if !isSaid("scenarios.seed") { compare("seed", String(before.seed), String(after.seed)) }
    if !isSaid("scenarios.generate") {
      compare("scenarios", String(before.scenarios), String(after.scenarios))
    }
    compare("accounts", String(before.accounts), String(after.accounts))
    if before.facts.isEmpty || after.facts.isEmpty {
      if before.spec.sha256 != after.spec.sha256 {
        lines.append("spec \(after.spec.name) changed; a manifest does not say in what")
      }
      compare("sample", text(before.sample), text(after.sample))
    } else {
      lines += spec
    }
    return lines + files(before.inputs, after.inputs)
  }

  private static func text(_ sample: GridSample?) -> String {
    sample.map { "\($0.count) cells, seed \($0.seed)" } ?? "none"
  }

  // MARK: - The spec

  /// What the later spec says otherwise, in the order of the earlier one, then what is new.
  private static func changes(
    _ before: [JournalHeader.Fact],
    _ after: [JournalHeader.Fact]
  ) -> [String] {
    func table(_ facts: [JournalHeader.Fact]) -> [String: String] {
      Dictionary(facts.map { ($0.name, $0.value) }) { first, _ in first }
    }
    let (old, new) = (table(before), table(after))
    let names = before.map(\.name) + after.map(\.name).filter { old[$0] == nil }
    return names.compactMap { name in
      let (a, b) = (old[name], new[name])
      guard a != b else { return nil }
      let unsaid = unsaid(name)
      return "\(name): \(a.map(short) ?? unsaid) → \(b.map(short) ?? unsaid)"
    }
  }

  /// The value of what a spec does not say.
  private static func unsaid(_ name: String) -> String {
    if name.hasPrefix("grid ") { return "not swept" }
    if name.hasPrefix("venues.") || name.hasPrefix("assets.") { return "as embedded" }
    let setting = "setting "
    guard name.hasPrefix(setting) else { return "none" }
    let key = String(name.dropFirst(setting.count))
    guard let found = try? Setting.named(key) else { return "as in the venue file" }
    return "\(found.text(of: found.defaultValue)) (default)"
  }

  /// A value without most of a digest.
  private static func short(_ value: String) -> String {
    let mark = "sha256 "
    let words = value.split(separator: mark, maxSplits: 1, omittingEmptySubsequences: false)
    return words.count == 2 ? "\(words[0])\(mark)\(words[1].prefix(8))…" : value
  }

  // MARK: - Files

  /// What became of the files; the same file is one of the same name, the same last part of it,
  /// the same bytes, or the only one left of a role.
  private static func files(_ before: [Manifest.File], _ after: [Manifest.File]) -> [String] {
    var rest = before
    var partners: [Int: Manifest.File] = [:]
    func pair(_ isSame: (Manifest.File, Manifest.File) -> Bool) {
      for (place, file) in after.enumerated() where partners[place] == nil {
        guard let found = rest.firstIndex(where: { isSame($0, file) }) else { continue }
        partners[place] = rest.remove(at: found)
      }
    }
    pair { $0.name == $1.name }
    pair { last($0) == last($1) }
    pair { !$0.sha256.isEmpty && $0.sha256 == $1.sha256 }
    let lone = after.enumerated().filter { partners[$0.offset] == nil }.map(\.element)
    let left = rest
    pair { old, new in
      new.role != nil && left.filter { $0.role == new.role }.count == 1
        && lone.filter { $0.role == new.role }.count == 1 && old.role == new.role
    }
    let lines =
      after.enumerated().compactMap { (place, file) in line(partners[place], file) }
      + rest.map { "input \($0.name) is gone" }
    if lines.isEmpty, before.map(\.sha256) != after.map(\.sha256) {
      return ["inputs: the same files in another order"]
    }
    return lines
  }

  private static func last(_ file: Manifest.File) -> Substring {
    file.name.split(separator: "/").last ?? ""
  }

  /// What happened to one file; nil for nothing.
  private static func line(_ old: Manifest.File?, _ file: Manifest.File) -> String? {
    guard let old else { return "input \(file.name) is new" }
    let name = last(old) == last(file) ? file.name : "\(old.name) → \(file.name)"
    if file.sha256.isEmpty || old.sha256.isEmpty {
      return "input \(name) has no digest, so it may have changed"
    }
    guard old.sha256 != file.sha256 else { return nil }
    let rows = old.rows.flatMap { a in
      file.rows.flatMap { b in a == b ? nil : ", rows \(a) → \(b)" }
    }
    return "input \(name) changed" + (rows ?? "")
  }
}
