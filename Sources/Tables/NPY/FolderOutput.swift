// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
package import TextKit

/// A folder of files that appears complete or not at all.
///
/// The files are written in a folder beside it, `.NAME.PID.partial`, which `commit()` renames.
/// A folder of that name is replaced if all that it holds are files as those of the new one;
/// otherwise it is refused before any work is done. Without `commit()`, and after a signal, what
/// was written is removed.
package struct FolderOutput: ~Copyable {
  /// The path as the user wrote it.
  package let path: String
  private let final: String
  private let partial: String
  private var entries: [Int?] = []
  private var names: [String] = []
  private var isOpen = true
  /// The folder itself, locked while it is written.
  private let held: Descriptor?

  /// Makes the folder beside the path.
  ///
  /// * `isOurs`: tells whether a file of a folder that is there already may be replaced.
  /// - Throws: an input-output failure when something else is there or nothing can be written.
  package init(path: String, replacing isOurs: (String) -> Bool) throws(Failure) {
    var final = path
    while final.utf8.count > 1, final.hasSuffix("/") { final.removeLast() }
    guard !final.isEmpty, final != "-", !final.utf8.contains(0), final != "/" else {
      throw OutputTarget.refused(Failure.shown(path), "expected the name of a folder")
    }
    let slash = final.utf8.lastIndex(of: UInt8(ascii: "/"))
    let parent = slash.map { String(final[...$0]) } ?? ""
    let name = String(final[(slash.map { final.utf8.index(after: $0) } ?? final.startIndex)...])
    guard !name.isEmpty, name != ".", name != ".." else {
      throw OutputTarget.refused(path, "this names no folder of its own")
    }
    if let status = FileStatus.of(final) {
      guard status.isFolder else {
        throw OutputTarget.refused(path, "it is a file; name a folder")
      }
      if let other = FolderOutput.contents(of: final).first(where: { !isOurs($0) }) {
        throw OutputTarget.refused(
          path,
          "the folder is there and holds '\(Failure.shown(other))'; name another one"
        )
      }
    }
    AbandonedFiles.remove(name, in: parent)
    let partial = parent + ".\(name).\(getpid()).partial"
    FolderOutput.remove(partial)
    guard unsafe mkdir(partial, 0o777) == 0 else {
      throw OutputTarget.refused(path, systemText(errno))
    }
    entries = [PartialFiles.add(partial)]
    held = Descriptor.open(partial, O_RDONLY)
    if let held { AbandonedFiles.lock(held) }
    self.path = path
    self.final = final
    self.partial = partial
  }

  deinit { if isOpen { discard() } }

  /// The place where a file of the folder is to be written now.
  package mutating func place(of name: String) -> String {
    let path = partial + "/" + name
    entries.append(PartialFiles.add(path))
    names.append(name)
    return path
  }

  /// Writes a small file as a whole.
  package mutating func write(_ name: String, _ bytes: [UInt8]) throws(Failure) {
    let path = place(of: name)
    guard let made = Descriptor.open(path, O_WRONLY | O_CREAT | O_EXCL) else {
      throw OutputTarget.refused(path, systemText(errno))
    }
    let code = unsafe bytes.withUnsafeBytes { (raw: UnsafeRawBufferPointer) -> Int32 in
      unsafe made.write(raw)
    }
    guard code == 0, fsync(made.number) == 0 else {
      throw OutputTarget.refused(path, systemText(code == 0 ? errno : code))
    }
  }

  /// Gives the folder its name; all its files must be complete.
  package mutating func commit() throws(Failure) {
    let old = partial + ".old"
    let isThere = FileStatus.of(final) != nil
    if isThere {
      FolderOutput.remove(old)
      guard unsafe rename(final, old) == 0 else {
        throw OutputTarget.refused(path, systemText(errno))
      }
    }
    guard unsafe rename(partial, final) == 0 else {
      let code = errno
      if isThere { _ = unsafe rename(old, final) }
      throw OutputTarget.refused(path, systemText(code))
    }
    isOpen = false
    for entry in entries { PartialFiles.remove(entry) }
    FolderOutput.remove(old)
  }

  private func discard() {
    FolderOutput.remove(partial)
    for entry in entries { PartialFiles.remove(entry) }
  }

  /// Removes a folder of plain files.
  static func remove(_ folder: String) {
    for name in contents(of: folder) { unsafe unlink(folder + "/" + name) }
    unsafe rmdir(folder)
  }

  /// The names in a folder but `.` and `..`, sorted; none where there is no folder.
  package static func contents(of folder: String) -> [String] {
    guard let stream = unsafe opendir(folder) else { return [] }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
          unsafe String(cString: $0)
        }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Whether a path leads to a folder.
  package static func isFolder(_ path: String) -> Bool { FileStatus.of(path)?.isFolder == true }
}
