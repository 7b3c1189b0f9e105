// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Configuration
internal import Markets
internal import Tables
package import TextKit

/// Finds everything that is wrong with venue files, not only the first thing.
///
/// Each asset, margin table and venue is read by itself with the rules that every command uses; a
/// key that is refused is taken out and the rest is read again. Beside what commands refuse there
/// are warnings about what is allowed but surely not meant.
package struct VenueCheck {
  /// One thing that is wrong, or looks wrong.
  package struct Problem: Sendable, Hashable {
    package var isWarning: Bool
    package var file: String
    /// From 1, 0 where there is none.
    package var line: Int
    package var column: Int
    /// Path of the key and what is wrong with it: found, expected, what to do.
    package var message: String

    /// `file:line:column: message`.
    package var text: String {
      let place = line > 0 ? "\(file):\(line)" + (column > 0 ? ":\(column)" : "") : file
      return "\(place): \(isWarning ? "warning: " : "")\(message)"
    }
  }

  /// What one venue of the files amounts to.
  package struct Summary: Sendable {
    package var venue: String
    package var kind: String
    package var assetCount: Int
    package var marginTableCount: Int
    package var liquidatesAtEquality: Bool
    package var closeFactor: Double
    package var liquidation: String
    package var penalty: Double
  }

  /// Problems after which no known name is looked for that is near an unknown one.
  static let mostSuggested = 20
  private let files: Set<String>
  /// In the order of the files, then of their lines.
  package private(set) var problems: [Problem] = []
  private var known: Set<Problem> = []
  /// Venues that the files name, in the order of the catalogue; none while there are errors.
  package private(set) var summaries: [Summary] = []

  /// The number of problems that commands refuse.
  package var errorCount: Int { problems.count { !$0.isWarning } }

  /// Checks files laid over the embedded venues.
  ///
  /// - Throws: a failure only where a file cannot be read at all.
  package init(_ paths: [String]) throws(Failure) {
    files = Set(paths)
    var document = try VenueFiles.document([])
    for path in paths {
      let text = try TextSource.contents(of: path, limit: ConfigValue.mostBytes)
      do throws(Failure) {
        document = VenueFiles.laying(try ConfigValue.parseTOML(text, file: path), over: document)
      } catch {
        add(error, near: ConfigValue(.boolean(false), file: path))
      }
    }
    check(document)
    if errorCount == 0 {
      do throws(Failure) {
        let catalogue = try VenueCatalogue(document)
        summaries = try VenueCheck.summaries(of: document, catalogue, in: files)
      } catch {
        add(error, near: document)
      }
    }
    sort(paths)
  }

  private mutating func check(_ document: ConfigValue) {
    guard let root = try? ConfigTable(document) else { return }
    collect(document) { (value: ConfigValue) throws(Failure) in
      try ConfigTable(value).only(["venues", "assets"])
    }
    let venues = table(root, "venues")
    let assets = table(root, "assets")
    var symbols = Set(assets?.keys ?? [])
    for venue in venues?.entries ?? [] {
      guard let table = try? ConfigTable(venue.value) else { continue }
      symbols.formUnion((try? table.optionalTable("assets"))??.keys ?? [])
    }
    if let assets { checkAssets(assets, listed: symbols) }
    for venue in venues?.entries ?? [] { checkVenue(venue.key, venue.value) }
  }

  /// A table of the document, or a problem when it is something else.
  private mutating func table(_ parent: ConfigTable, _ key: String) -> ConfigTable? {
    do throws(Failure) {
      return try parent.optionalTable(key)
    } catch {
      add(error, near: parent[key] ?? parent.value)
      return nil
    }
  }

  /// Every asset with those it is priced from.
  private mutating func checkAssets(_ assets: ConfigTable, listed: Set<String>) {
    var places: [String: Int] = [:]
    for (place, entry) in assets.entries.enumerated() { places[entry.key] = place }
    let sorted = listed.sorted()
    for (place, entry) in assets.entries.enumerated() {
      let source = entry.value.text("priced_from")
      let further = source.flatMap { assets[$0]?.text("priced_from") }
      let needed = Set([source, further].compactMap { $0.flatMap { places[$0] } } + [place])
      collect(entry.value) { (value: ConfigValue) throws(Failure) in
        let kept = needed.sorted().map { other in
          other == place ? ConfigEntry(entry.key, value) : assets.entries[other]
        }
        let root = assets.value.with(
          .table([
            ConfigEntry("assets", assets.value.with(.table(kept)))
          ])
        )
        _ = try VenueCatalogue(root)
      }
      if let source, !listed.contains(source), let value = entry.value.member("priced_from") {
        warn(
          value,
          "found '\(Failure.shown(source))', expected an asset that a venue lists"
            + (problems.count < VenueCheck.mostSuggested
              ? suggestion(for: source, among: sorted) : "")
        )
      }
    }
  }
}

// MARK: - Collecting

extension VenueCheck {
  /// Reads a table again and again, each time without the key that was refused.
  ///
  /// A large table is read so often that time stays near its size; what is left after that is
  /// found when the keys named so far are mended.
  /// - Returns: whether nothing was refused.
  @discardableResult
  mutating func collect(
    _ value: ConfigValue,
    _ read: (ConfigValue) throws(Failure) -> Void
  ) -> Bool {
    guard case .table(var entries) = value.kind else {
      add(value.failure(expected: "a table"), near: value)
      return false
    }
    var isClean = true
    for _ in 0..<min(100, max(5, 20_000 / value.valueCount)) {
      do throws(Failure) {
        try read(value.with(.table(entries)))
        return isClean
      } catch {
        let found = Problem(error, near: value)
        // A key that was taken out may be missed now.
        if !isClean && found.message.contains("found no key") { return false }
        isClean = false
        guard let index = entries.firstIndex(where: { found.concerns($0.value) }) else {
          add(error, near: value)
          return false
        }
        add(error, near: found.deepest(in: entries[index].value))
        entries.remove(at: index)
      }
    }
    add(value.failure("found many problems, expected fewer; the rest was not read"), near: value)
    return false
  }

  /// Adds a failure; one that was found before is not repeated.
  mutating func add(_ failure: Failure, near value: ConfigValue) {
    let problem = Problem(failure, near: value)
    if known.insert(problem).inserted { problems.append(problem) }
  }

  /// Adds a warning about a value of the files that are checked.
  mutating func warn(_ value: ConfigValue, _ message: String) {
    guard files.contains(value.file) else { return }
    var problem = Problem(value.failure(message), near: value)
    problem.isWarning = true
    if known.insert(problem).inserted { problems.append(problem) }
  }

  private mutating func sort(_ files: [String]) {
    func key(_ problem: Problem) -> (Int, Int, Int) {
      (files.firstIndex(of: problem.file) ?? files.count, problem.line, problem.column)
    }
    problems = problems.enumerated().sorted {
      let (a, b) = (key($0.element), key($1.element))
      return a == b ? $0.offset < $1.offset : a < b
    }.map(\.element)
  }
}

extension VenueCheck.Problem {
  /// Takes a message apart that begins with `file:line:`; the column is that of a value at hand.
  fileprivate init(_ failure: Failure, near value: ConfigValue) {
    let prefix = value.file + ":"
    (isWarning, file, line, column) = (false, value.file, 0, 0)
    guard failure.message.hasPrefix(prefix) else {
      message = failure.message
      return
    }
    var rest = failure.message.dropFirst(prefix.count)
    func number() -> Int? {
      let digits = rest.prefix { $0.isWholeNumber }
      guard let number = Int(digits), rest.dropFirst(digits.count).first == ":" else { return nil }
      rest = rest.dropFirst(digits.count + 1)
      return number
    }
    line = number() ?? 0
    column = number() ?? 0
    if column == 0 && line == value.line { column = value.column }
    message = String(rest.drop { $0 == " " })
  }

  /// The value that the message is about, in one that it concerns.
  fileprivate func deepest(in value: ConfigValue) -> ConfigValue {
    let below: [ConfigValue]
    switch value.kind {
    case .table(let entries): below = entries.map(\.value)
    case .array(let elements): below = elements
    default: return value
    }
    return below.first(where: concerns).map(deepest) ?? value
  }

  /// Whether the message is about a value or what is below it.
  fileprivate func concerns(_ value: ConfigValue) -> Bool {
    if message.hasPrefix("unknown key '\(value.path)'") { return true }
    guard message.hasPrefix(value.path) else { return false }
    return ":.[".contains(message.dropFirst(value.path.count).first ?? " ")
  }
}

extension ConfigValue {
  /// The value of a key, nil where this is no table or has no such key.
  func member(_ key: String) -> ConfigValue? {
    guard case .table(let entries) = kind else { return nil }
    return entries.first { $0.key == key }?.value
  }

  /// How many values it is made of, itself included.
  fileprivate var valueCount: Int {
    switch kind {
    case .table(let entries): entries.reduce(1) { $0 + $1.value.valueCount }
    case .array(let elements): elements.reduce(1) { $0 + $1.valueCount }
    default: 1
    }
  }

  /// The text of a key, nil where there is none.
  func text(_ key: String) -> String? {
    guard case .string(let text)? = member(key)?.kind else { return nil }
    return text
  }

  /// The number of a key, nil where there is none.
  func number(of key: String) -> Double? {
    guard let value = member(key) else { return nil }
    return try? value.number()
  }
}
