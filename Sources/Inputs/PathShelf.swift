// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
package import Markets
internal import Numerics
package import TextKit

/// The path files of a sweep: all are read and checked at once, as many are kept as fit, and the
/// others are read again when their scenario runs.
package struct PathShelf: Sendable {
  /// A file that was read.
  private struct Entry: Sendable {
    let name: String
    let stepCount: Int
    /// Of times, assets and prices.
    let fingerprint: UInt64
    /// Nil when it has to be read again.
    let kept: PricePath?
  }

  /// Prices that are kept, 64 MiB; inputs that pass, such as pipes, are kept beyond that.
  private static let mostValues = 8 << 20

  private let entries: [Entry]
  private let assets: AssetTable
  private let options: PathOptions
  package let warnings: [String]

  package var count: Int { entries.count }
  package var stepCounts: [Int] { entries.map(\.stepCount) }

  /// Reads and checks every file.
  package init(
    _ files: [String],
    assets: AssetTable,
    options: PathOptions,
    mostValues: Int = mostValues
  ) throws(Failure) {
    var entries: [Entry] = []
    var warnings: [String] = []
    var room = mostValues
    for file in files {
      let (path, own) = try PathFile.read(file, assets: assets, options: options)
      warnings += own
      let isKept = path.values.count <= room || !PathShelf.isFile(file)
      if isKept { room -= path.values.count }
      entries.append(
        Entry(
          name: file,
          stepCount: path.stepCount,
          fingerprint: PathShelf.fingerprint(of: path),
          kept: isKept ? path : nil
        )
      )
    }
    self.entries = entries
    self.warnings = warnings
    self.assets = assets
    self.options = options
  }

  /// The path of a file, by its place.
  ///
  /// - Throws: a data failure when the file is not what it was.
  package func path(_ place: Int) throws(Failure) -> PricePath {
    let entry = entries[place]
    if let kept = entry.kept { return kept }
    let (path, _) = try PathFile.read(entry.name, assets: assets, options: options)
    guard PathShelf.fingerprint(of: path) == entry.fingerprint else {
      throw Failure(
        .data,
        "\(entry.name): found other prices than when the sweep began, expected an input that stays"
          + " as it is; run the sweep again"
      )
    }
    return path
  }

  private static func isFile(_ path: String) -> Bool {
    var facts = stat()
    return unsafe stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFREG
  }

  private static func fingerprint(of path: PricePath) -> UInt64 {
    var print = UInt64(path.assets.count)
    func mix(_ word: UInt64) { print = fmix64(print ^ word) }
    for asset in path.assets { mix(UInt64(asset)) }
    for time in path.times { mix(UInt64(bitPattern: time)) }
    for value in path.values { mix(value.bitPattern) }
    for source in path.sources { for value in source.values { mix(value.bitPattern) } }
    return print
  }
}
