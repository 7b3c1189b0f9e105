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

  /// The venues of some files over the defaults.
  package static func catalogue(_ paths: [String]) throws(Failure) -> VenueCatalogue {
    try VenueCatalogue(document(paths))
  }
}
