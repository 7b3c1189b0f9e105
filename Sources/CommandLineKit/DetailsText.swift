// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// What a command says below its options: sentences, which are filled, and lines as they are.
///
/// Lines that begin with a space are examples and lists. The others are text: each goes on in the
/// next one until a line ends a sentence or announces a list.
struct DetailsText {
  enum Block: Equatable {
    case text(String)
    case line(String)
  }

  private(set) var blocks: [Block] = []

  init(_ details: String) {
    for line in details.split(separator: "\n", omittingEmptySubsequences: false) {
      guard let first = line.first, first != " " else {
        blocks.append(.line(String(line)))
        continue
      }
      if case .text(let known) = blocks.last, !known.hasSuffix("."), !known.hasSuffix(":") {
        blocks[blocks.count - 1] = .text(known + " " + line)
      } else {
        blocks.append(.text(String(line)))
      }
    }
  }
}
