// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Words as a POSIX shell reads them.
enum ShellText {
  /// A word with quotes where they are needed.
  static func quoted(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy { (code: UInt8) -> Bool in
      switch code {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: "_-./,:=@%+".utf8.contains(code)
      }
    }
    if isPlain && !word.isEmpty { return word }
    return "'"
      + word.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "'\\''") + "'"
  }

  /// A command line of the tool.
  static func command(_ words: [String]) -> String {
    (["breakwater"] + words).map(quoted).joined(separator: " ")
  }
}
