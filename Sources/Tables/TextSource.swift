// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
package import TextKit

/// The bytes of an input: a file, a gzip file, a pipe or standard input.
///
/// A plain file is mapped and its window is the whole file from the start. Anything else is read
/// in blocks: the window is what is at hand, and `advance(past:)` gives up its front for more.
@safe package struct TextSource: ~Copyable {
  /// The path as the user wrote it, or "standard input".
  package let name: String
  /// Nothing follows the bytes of the window.
  package private(set) var isComplete = false
  /// The bytes at hand, valid until the next call of `advance(past:)`.
  @unsafe package private(set) var window = unsafe UnsafeBufferPointer<UInt8>(start: nil, count: 0)

  /// The window is a file that is mapped.
  var isMapped: Bool { mapping != nil }

  /// The bytes are the text of a gzip stream.
  var isGzip: Bool { blocks?.isGzip == true }

  /// Bytes that were given up at the front.
  private(set) var passed = 0

  private let mapping: FileMapping?
  private let blocks: BlockReader?

  /// Opens a path, `-` being standard input, and makes the first bytes available.
  ///
  /// With `mapsFiles` a plain file is mapped rather than read in blocks.
  package init(path: String, mapsFiles: Bool = true) throws(Failure) {
    let shownName = path == "-" ? "standard input" : path
    let descriptor = try TextSource.open(path)
    let mapping = mapsFiles ? TextSource.map(descriptor, path: path) : nil
    let blocks =
      mapping == nil
      ? try BlockReader(descriptor, name: shownName, isGzip: path.hasSuffix(".gz")) : nil
    name = shownName
    self.mapping = mapping
    self.blocks = blocks
    refresh()
  }

  /// Takes bytes that someone else holds for the whole input.
  init(_ bytes: UnsafeBufferPointer<UInt8>, name: String) {
    self.name = name
    mapping = nil
    blocks = nil
    isComplete = true
    unsafe window = bytes
  }

  /// Drops the first bytes of the window and adds what follows it, if anything.
  ///
  /// At least as many bytes as were kept are added, unless the input ends; so a caller that looks
  /// again from the start whenever it needs more does linear work.
  package mutating func advance(past consumed: Int) throws(Failure) {
    guard !isComplete else {
      let gone = min(max(consumed, 0), unsafe window.count)
      unsafe window = UnsafeBufferPointer(rebasing: window[gone...])
      return
    }
    guard let blocks else { return }
    passed += consumed
    blocks.drop(consumed)
    defer { refresh() }
    try blocks.fill(atLeast: max(blocks.count, 1))
  }

  /// Reads a whole input into memory, such as a specification, up to a limit in bytes.
  package static func contents(of path: String, limit: Int) throws(Failure) -> [UInt8] {
    var source = try TextSource(path: path)
    var bytes: [UInt8] = []
    while true {
      guard unsafe bytes.count + source.window.count <= limit else {
        throw Failure(
          .data,
          "\(source.name): found more than \(NumberText.grouped(limit)) bytes, "
            + "expected a file that is smaller"
        )
      }
      unsafe bytes.append(contentsOf: source.window)
      if source.isComplete { return bytes }
      try unsafe source.advance(past: source.window.count)
    }
  }

  private mutating func refresh() {
    isComplete = blocks?.isComplete ?? true
    unsafe window = blocks?.bytes ?? mapping?.bytes ?? UnsafeBufferPointer(start: nil, count: 0)
  }

  private static func open(_ path: String) throws(Failure) -> Descriptor {
    if path == "-" || path == "/dev/stdin" { return Descriptor(0) }
    guard !path.utf8.contains(0) else {
      throw Failure(.missingInput, "\(Failure.shown(path)): the name holds a NUL byte; correct it")
    }
    if let opened = Descriptor.open(path, O_RDONLY) {
      guard opened.status?.isFolder == true else { return opened }
      throw Failure(.missingInput, "\(path): is a folder, expected a file; name a file inside it")
    }
    let code = errno
    throw Failure(
      .missingInput,
      code == ENOENT || code == ENOTDIR
        ? "\(path): no such file; check the path, or give '-' to read standard input"
        : "\(path): cannot be opened: \(systemText(code)); check the permissions of the file"
    )
  }

  /// Maps a plain file; nil where the bytes must be read, such as a pipe or a gzip file.
  private static func map(_ descriptor: Descriptor, path: String) -> FileMapping? {
    guard descriptor.number > 2, !path.hasSuffix(".gz"), let status = descriptor.status,
      status.isRegular, let whole = FileMapping(descriptor, count: status.size)
    else { return nil }
    return unsafe BlockReader.isGzip(whole.bytes) ? nil : whole
  }
}
