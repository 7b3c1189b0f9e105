// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// The path of a file, as the user wrote it; whether it exists is found out by opening it.
package struct FilePath: ArgumentValue, Equatable {
  /// The path; never empty.
  package let path: String

  /// Makes the path of a file.
  package init(_ path: String) { self.path = path }

  /// Stands for the path in the help.
  package static var valueName: String { "FILE" }
  /// Any path but the empty one.
  package static var expectation: String { "the path of a file" }
  /// Shells complete names of files.
  package static var completion: ValueCompletion { .files }
  /// Takes any word but the empty one.
  package init?(argument: String) {
    guard !argument.isEmpty else { return nil }
    path = argument
  }
  /// The path itself.
  package var argumentText: String { path }
}

/// The path of a folder, as the user wrote it; whether it exists is found out by opening it.
package struct FolderPath: ArgumentValue, Equatable {
  /// The path; never empty.
  package let path: String

  /// Makes the path of a folder.
  package init(_ path: String) { self.path = path }

  /// Stands for the path in the help.
  package static var valueName: String { "FOLDER" }
  /// Any path but the empty one.
  package static var expectation: String { "the path of a folder" }
  /// Shells complete names of folders.
  package static var completion: ValueCompletion { .folders }
  /// Takes any word but the empty one.
  package init?(argument: String) {
    guard !argument.isEmpty else { return nil }
    path = argument
  }
  /// The path itself.
  package var argumentText: String { path }
}
