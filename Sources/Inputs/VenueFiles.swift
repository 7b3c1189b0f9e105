// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import Configuration
package import Markets
internal import Tables
package import TextKit

/// Venue files over the embedded defaults.
package enum VenueFiles {
  /// The embedded document with what some files replace or add.
  package static func document(_ paths: [String]) throws(Failure) -> ConfigValue {
    var document = try ConfigValue.parseTOML(
      Array(DefaultVenues.text.utf8),
      file: "embedded venues"
    )
    for path in paths {
      let text = try TextSource.contents(of: path, limit: ConfigValue.mostBytes)
      document = laying(try ConfigValue.parseTOML(text, file: path), over: document)
    }
    return document
  }

  /// A document with what a venue file replaces or adds.
  static func laying(_ file: ConfigValue, over document: ConfigValue) -> ConfigValue {
    document.merging(file, replacing: isReplaced)
  }

  /// Whether a file's table stands for the whole of what was there.
  ///
  /// An asset, a margin table, and a venue that becomes another kind do; the rest is added to.
  private static func isReplaced(_ base: ConfigValue, _ override: ConfigValue) -> Bool {
    let path = override.path.split(separator: ".")
    if path.count >= 2, path[path.count - 2] == "assets" || path[path.count - 2] == "margin_tables"
    {
      return true
    }
    guard path.count == 2, path[0] == "venues", let before = try? ConfigTable(base),
      let after = try? ConfigTable(override), let kind = after["kind"]
    else { return false }
    return before["kind"]?.kind != kind.kind
  }

  /// Leaves that a departure list names; files that change more have their digests.
  private static let mostDepartures = 1000

  /// What a document says otherwise than the embedded one: dotted path and value, `none` for what
  /// is gone; in the order of the paths.
  static func departures(
    of document: ConfigValue
  ) throws(Failure) -> [(path: String, value: String)] {
    func leaves(_ value: ConfigValue) throws(Failure) -> [String: String] {
      let leaves = try ConfigTable(value).flattened().map { ($0.key, $0.value.written) }
      return Dictionary(leaves) { first, _ in first }
    }
    let (old, new) = (try leaves(VenueFiles.document([])), try leaves(document))
    let paths = Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }
    guard paths.count <= mostDepartures else { return [] }
    return paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { path in
      (path, new[path] ?? "none")
    }
  }

  /// The venues of some files over the defaults.
  package static func catalogue(_ paths: [String]) throws(Failure) -> VenueCatalogue {
    try VenueCatalogue(document(paths))
  }
}
