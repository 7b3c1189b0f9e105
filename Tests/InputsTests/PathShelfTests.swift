// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Inputs
import Markets
import TestSupport
import Testing
import TextKit

/// Path files that are read when their scenario runs.
struct PathShelfTests {
  private let folder = WorldFolder()
  private let text = "timestamp_ms,SOL,DOGE\n1000,100,1\n2000,99,1\n4000,,2\n"

  @Test func `what does not fit is read again, and is the same`() throws {
    let files = [
      folder.file("a.csv", text), folder.file("b.csv", text.replacing("99", with: "98")),
    ]
    let assets = try WorldBook().catalogue.assets
    for room in [0, 3, 1000] {
      let shelf = try PathShelf(files, assets: assets, options: PathOptions(), mostValues: room)
      #expect(shelf.count == 2 && shelf.stepCounts == [3, 3])
      #expect(shelf.warnings.count == 2)
      for (place, file) in files.enumerated() {
        let (expected, _) = try PathFile.read(file, assets: assets, options: PathOptions())
        let found = try shelf.path(place)
        #expect(found.name == expected.name && found.times == expected.times)
        #expect(found.values.map(\.bitPattern) == expected.values.map(\.bitPattern))
      }
    }
  }

  @Test func `a file that changes meanwhile is refused`() throws {
    let file = folder.file("a.csv", text)
    let assets = try WorldBook().catalogue.assets
    let kept = try PathShelf([file], assets: assets, options: PathOptions())
    let shelf = try PathShelf([file], assets: assets, options: PathOptions(), mostValues: 2)
    _ = folder.file("a.csv", text.replacing("99", with: "98"))
    #expect(try kept.path(0).values[1] == 99)
    let failure = #expect(throws: Failure.self) { try shelf.path(0) }
    let message = failure?.message ?? ""
    #expect(message.contains("a.csv: found other prices than when the sweep began"))
  }
}
