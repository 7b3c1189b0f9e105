// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Tables
import TestSupport
import Testing
import TextKit

/// A `.npy` file with some header text, written apart from the code under test.
private func npy(_ header: String, _ data: [UInt8], version: UInt8 = 1) -> [UInt8] {
  let text = Array(header.utf8)
  let count = text.count
  let length = (0..<(version == 1 ? 2 : 4)).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
  return [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, version, 0] + length + text + data
}

private func header(_ type: String, _ count: Int) -> String {
  "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(count),), }\n"
}

private func little(_ value: UInt64, _ count: Int) -> [UInt8] {
  (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
}

@Suite struct NPYTests {
  /// Types with values and their bytes.
  static let samples: [(type: String, values: [Double], bytes: [UInt8])] = [
    ("<f8", [1.5, -0.1], little((1.5).bitPattern, 8) + little((-0.1).bitPattern, 8)),
    ("<f4", [0.25], little(UInt64(Float(0.25).bitPattern), 4)),
    ("<i8", [-2, 9], little(UInt64(bitPattern: -2), 8) + little(9, 8)),
    ("<i4", [-70_000], little(UInt64(bitPattern: -70_000), 4)),
    ("<i2", [-300, 7], little(UInt64(bitPattern: -300), 2) + little(7, 2)),
    ("|i1", [-1, 127], [255, 127]),
    ("|u1", [255, 0], [255, 0]),
    ("|b1", [1, 0, 1], [1, 0, 1]),
  ]

  @Test(arguments: samples.indices) func `every type is read`(index: Int) throws {
    let (type, values, bytes) = NPYTests.samples[index]
    let folder = TestFolder()
    for version: UInt8 in 1...3 {
      // An odd length of the header leaves the numbers at odd addresses.
      for padding in ["", " ", "   \n"] {
        let text = header(type, values.count) + padding
        let path = folder.file("a.npy", npy(text, bytes, version: version))
        let array = try NPYArray(path: path)
        #expect(array.type.rawValue == type)
        #expect(array.count == values.count)
        var numbers: [Double] = []
        array.numbers(0..<values.count, into: &numbers)
        #expect(numbers == values)
        var whole: [Int64] = []
        array.integers(1..<10, into: &whole)
        #expect(whole == values.dropFirst().map { Int64($0) })
        array.forget(0..<values.count)
        array.numbers(0..<1, into: &numbers)
        #expect(numbers == [values[0]])
      }
    }
  }

  @Test func `a header may be written in other ways`() throws {
    let folder = TestFolder()
    for text in [
      #"{"shape":(1,),"fortran_order":True,"descr":"|u1"}"#,
      "{'fortran_order': False, 'descr': '|u1', 'shape': (1,)}",
    ] {
      let array = try NPYArray(path: folder.file("a.npy", npy(text, [7])))
      #expect(array.bytes(0..<1) == [7])
    }
    let empty = try NPYArray(path: folder.file("a.npy", npy(header("<f8", 0), [])))
    #expect(empty.count == 0)
  }

  /// Files that are not columns, with a part of what is said.
  static let bad: [(bytes: [UInt8], message: String)] = [
    (Array("account,venue\n".utf8), "found no .npy file (its first bytes are others)"),
    ([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 4, 0, 0, 0, 0, 0], "found version 4.0, expected .npy"),
    ([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59], "found 6 bytes, expected .npy version"),
    (Array(npy(header("<f8", 1), []).dropLast(9)), "found a file that ends within its header"),
    (npy(header("<f8", 2), little(0, 8)), "found 8 bytes after the header, expected 16 for 2"),
    (npy(header("<f8", 1), little(0, 8) + [1]), "found 9 bytes after the header, expected 8"),
    (npy(header(">f8", 0), []), "big-endian numbers are not read, save array.astype('<f8')"),
    (npy(header("<U4", 0), []), "found values of type '<U4', expected one of <f8, <f4"),
    (npy(header("|S4", 0), []), "save text as int codes with its words in codes.json"),
    (npy(header("<u8", 0), []), "found values of type '<u8', expected one of"),
    (
      npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3)}", []),
      "found 2 dimensions (2, 3), expected one"
    ),
    (
      npy("{'descr': '<f8', 'fortran_order': False, 'shape': ()}", little(0, 8)),
      "found 0 dimensions (), expected one"
    ),
    (npy("{'descr': [('a', '<f8')], 'shape': (0,)}", []), "columns of several fields are not read"),
    (
      npy("{'descr': '<f8', 'shape': (0,)}", []), "expected the keys descr, fortran_order and shape"
    ),
    (npy("{'descr': '<f8', 'descr': '<f8'}", []), "each once"),
    (npy("{'fortran_order': Yes}", []), "found 'Yes}' in the header at byte 18, expected True or"),
    (npy("{'shape': (x,)}", []), "expected a number of values"),
    (npy("{'shape': (99999999999999999999,)}", []), "expected a number of values"),
    (npy("{'shape': (9999999999999999,)}", []), "expected a number of values"),
    (npy("{'shape': (-1,)}", []), "expected a number of values"),
    (npy("  ", []), "found '' in the header at byte 2, expected '{'"),
    (npy("{'descr", []), "expected a text in quotes"),
    (npy(header("<f8", 0) + "x", []), "expected nothing after the dictionary"),
    ([], "found no bytes, expected a .npy file"),
  ]

  @Test(arguments: bad.indices) func `a bad file is refused with what is wrong`(index: Int) {
    let (bytes, message) = NPYTests.bad[index]
    let folder = TestFolder()
    let path = folder.file("a.npy", bytes)
    let failure = #expect(throws: Failure.self) { try NPYArray(path: path) }
    #expect(failure?.kind == .data)
    #expect(failure?.message.hasPrefix(path + ": ") == true)
    #expect(failure?.message.contains(message) == true, "\(failure?.message ?? "")")
  }

  @Test func `a missing file is a missing input`() {
    let failure = #expect(throws: Failure.self) { try NPYArray(path: "/nowhere/a.npy") }
    #expect(failure?.kind == .missingInput)
  }

  @Test func `no damage to a header ends the program`() {
    var dice = SplitMix64(seed: 3)
    let good = npy(header("<i2", 3), [1, 0, 2, 0, 3, 0])
    let folder = TestFolder()
    for _ in 0..<500 {
      var bytes = good
      for _ in 0...dice.whole(0, 3) {
        bytes[dice.whole(0, bytes.count - 1)] = UInt8(truncatingIfNeeded: dice.next())
      }
      if dice.once(in: 3) { bytes.removeLast(dice.whole(1, bytes.count)) }
      if let array = try? NPYArray(path: folder.file("a.npy", bytes)) {
        var values: [Double] = []
        array.numbers(0..<array.count, into: &values)
        #expect(values.count == array.count)
      }
    }
  }

  @Test(arguments: NPYType.allCases) func `what is written is read`(type: NPYType) throws {
    let folder = TestFolder()
    let path = folder.path + "/a.npy"
    var dice = SplitMix64(seed: 11)
    let writer = try NPYWriter(path: path, type: type)
    var values: [Double] = []
    for _ in 0..<70_000 {
      let value = type.isWhole ? Double(dice.whole(0, 1)) : dice.number(-1e6, 1e6)
      values.append(type == .float32 ? Double(Float(value)) : value)
      try writer.add(value)
    }
    try writer.finish()
    let array = try NPYArray(path: path)
    var found: [Double] = []
    array.numbers(0..<array.count, into: &found)
    #expect(found == values)
    // As NumPy wants it: the numbers begin at a multiple of 64.
    let bytes = try TextSource.contents(of: path, limit: 1 << 24)
    #expect(bytes.count == 128 + 70_000 * type.size)
  }
}

@Suite struct FolderOutputTests {
  @Test func `a folder appears when it is complete, and a folder of ours is replaced`() throws {
    let folder = TestFolder()
    let path = folder.path + "/out"
    for text in ["one", "two"] {
      var output = try FolderOutput(path: path + "/") { $0.hasSuffix(".npy") }
      try output.write("a.npy", Array(text.utf8))
      let partial = ".out.\(getpid()).partial"
      #expect(folder.names == (text == "one" ? [partial] : [partial, "out"]))
      try output.commit()
      #expect(folder.names == ["out"])
      #expect(contents(path + "/a.npy") == text)
    }
    do {
      var output = try FolderOutput(path: path) { $0.hasSuffix(".npy") }
      try output.write("b.npy", [])
    }
    #expect(folder.names == ["out"])
    #expect(FolderOutput.contents(of: path) == ["a.npy"])
    let failure = #expect(throws: Failure.self) {
      _ = try FolderOutput(path: path) { $0.hasSuffix(".json") }
    }
    #expect(failure?.message.contains("holds 'a.npy'; name another one") == true)
    unsafe unlink(path + "/a.npy")
    unsafe rmdir(path)
  }

  @Test func `a path that is no folder is refused`() {
    let folder = TestFolder()
    let file = folder.file("a", "x")
    for (path, message) in [
      (file, "it is a file; name a folder"), ("-", "expected the name of a folder"),
      ("", "expected the name of a folder"), ("/", "expected the name of a folder"),
      (folder.path + "/..", "this names no folder of its own"),
      ("/nowhere/out", "No such file or directory"),
    ] {
      let failure = #expect(throws: Failure.self) {
        _ = try FolderOutput(path: path) { _ in true }
      }
      #expect(failure?.kind == .inputOutput)
      #expect(failure?.message.contains(message) == true, "\(failure?.message ?? "")")
    }
  }
}
