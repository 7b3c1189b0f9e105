// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Inputs
import Markets
import TestSupport
import TextKit

/// The message of what a call throws, without the folder; or what it was that it did instead.
func complaint(_ folder: WorldFolder, _ call: () throws -> Void) -> String {
  do {
    try call()
    return "no failure"
  } catch let failure as Failure {
    let message = folder.short(failure.message)
    return failure.kind == .data ? message : "\(failure.kind): \(message)"
  } catch {
    return "an error of another type: \(error)"
  }
}

/// A text whose last line has its end.
func whole(_ text: String) -> String { text.hasSuffix("\n") ? text : text + "\n" }

/// A book of some text.
func readBook(_ text: String) throws -> (book: Book, warnings: [String]) {
  let folder = WorldFolder()
  let path = folder.file("book.csv", whole(text))
  let (book, warnings) = try BookFile.read(path, catalogue: WorldVenues.catalogue())
  return (book, warnings.map(folder.short))
}

/// Why a book of some text is refused.
func bookComplaint(_ text: String) -> String {
  let folder = WorldFolder()
  let path = folder.file("book.csv", text)
  return complaint(folder) { _ = try BookFile.read(path, catalogue: WorldVenues.catalogue()) }
}

/// A path of some text.
func readPath(
  _ text: String,
  _ options: PathOptions = PathOptions()
) throws -> (path: PricePath, warnings: [String]) {
  let folder = WorldFolder()
  let path = folder.file("path.csv", whole(text))
  let (made, warnings) = try PathFile.read(
    path,
    assets: WorldVenues.catalogue().assets,
    options: options
  )
  return (made, warnings.map(folder.short))
}

/// Why a path of some text is refused.
func pathComplaint(_ text: String, _ options: PathOptions = PathOptions()) -> String {
  let folder = WorldFolder()
  let path = folder.file("path.csv", text)
  return complaint(folder) {
    _ = try PathFile.read(path, assets: WorldVenues.catalogue().assets, options: options)
  }
}
