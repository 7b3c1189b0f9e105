// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import TextKit

/// A table that is read strictly: every key is known, every value is what it should be.
///
///     let grid = try ConfigTable(value)
///     try grid.only(["from", "to", "steps", "scale"])
///     let steps = try grid.integer("steps", in: 1...4096)
///     let scale = try grid.choice("scale", among: ["linear", "log"], default: "linear")
package struct ConfigTable: Sendable {
  /// The table itself.
  package let value: ConfigValue
  /// The keys with their values, in the order of the source.
  package let entries: [ConfigEntry]
  private let positions: [String: Int]

  /// Takes a value as a table, or throws.
  package init(_ value: ConfigValue) throws(Failure) {
    guard case .table(let entries) = value.kind else { throw value.failure(expected: "a table") }
    self.value = value
    self.entries = entries
    var positions: [String: Int] = [:]
    for (position, entry) in entries.enumerated() where positions[entry.key] == nil {
      positions[entry.key] = position
    }
    self.positions = positions
  }

  /// The keys in the order of the source.
  package var keys: [String] { entries.map(\.key) }

  /// The value of a key, or nil.
  package subscript(key: String) -> ConfigValue? {
    positions[key].map { entries[$0].value }
  }

  /// Refuses every key that is not named.
  ///
  ///     sweep.toml:9: unknown key 'grid.stop_los'; did you mean 'stop_loss'?
  ///
  /// At most twelve known keys are listed after it.
  package func only(_ known: [String]) throws(Failure) {
    let allowed = Set(known)
    guard let entry = entries.first(where: { !allowed.contains($0.key) }) else { return }
    let near = suggestion(for: entry.key, among: known)
    var text = "unknown key '\(ConfigPath.shown(entry.value.path))'" + near
    if !known.isEmpty && known.count <= 12 {
      text += (near.isEmpty ? "; " : " ") + "known keys: " + known.joined(separator: ", ")
    }
    throw Failure(.data, "\(entry.value.place): \(text)")
  }

  /// The value of a key that has to be there.
  ///
  /// The failure says what was `expected` of it.
  package func required(_ key: String, expected: String) throws(Failure) -> ConfigValue {
    guard let found = self[key] else {
      throw value.failure("found no key '\(key)', expected \(expected)")
    }
    return found
  }

  /// Makes the failure of a rule that the value of a key breaks: `file:line: path: message`.
  ///
  /// Where the key does not exist the table's own place is given.
  package func failure(at key: String, _ message: String) -> Failure {
    if let found = self[key] { return found.failure(message) }
    let path = ConfigPath.joined(value.path, key: key)
    return Failure(.data, "\(value.place): \(ConfigPath.shown(path)): \(message)")
  }
}

// MARK: - Flattening

extension ConfigTable {
  /// The values below the table by their dotted names, such as `vault.stop_loss`.
  ///
  /// Tables are opened, however they were written; arrays and scalars are leaves. Names are
  /// relative to this table and can be used as paths.
  ///
  /// - Parameter isLeaf: decides of every table below this one whether it is a leaf itself.
  /// - Returns: the leaves in the order of the source, or in the order of the tree where they come
  ///   from several files.
  package func flattened(
    stoppingAt isLeaf: (ConfigValue) -> Bool = { _ in false }
  ) -> [ConfigEntry] {
    var leaves: [ConfigEntry] = []
    collect(entries, under: "", isLeaf, into: &leaves)
    guard leaves.allSatisfy({ $0.value.file == value.file }) else { return leaves }
    return leaves.sorted {
      ($0.value.line, $0.value.column) < ($1.value.line, $1.value.column)
    }
  }

  private func collect(
    _ entries: [ConfigEntry],
    under path: String,
    _ isLeaf: (ConfigValue) -> Bool,
    into leaves: inout [ConfigEntry]
  ) {
    for entry in entries {
      let name = ConfigPath.joined(path, key: entry.key)
      if case .table(let below) = entry.value.kind, !isLeaf(entry.value) {
        collect(below, under: name, isLeaf, into: &leaves)
      } else {
        leaves.append(ConfigEntry(name, entry.value))
      }
    }
  }
}
