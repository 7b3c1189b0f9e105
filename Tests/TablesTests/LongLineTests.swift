// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Tables
internal import Testing
internal import TextKit

@Suite(.serialized) struct LongLineTests {
  let folder = TestFolder()
  let limit = 1 << 20

  /// The most memory that this process ever held, in KiB.
  var peak: Int {
    var usage = rusage()
    _ = unsafe getrusage(0, &usage)
    return Int(usage.ru_maxrss)
  }

  func refusal(_ line: Int) -> String {
    "a.csv:\(line): found a line that goes on after 1,048,576 bytes, expected shorter ones; "
      + "check that this is a CSV file with line ends"
  }

  @Test func `a line of a mebibyte is read and a longer one refused`() throws {
    for (extra, isGood) in [(0, true), (1, false)] {
      for end in ["", "\n", "\r\n", "\r\na\r\n"] {
        let text = "a\n" + String(repeating: "x", count: limit + extra) + end
        let path = folder.file("a.csv", text)
        for mapsFiles in [true, false] {
          let found = message { () throws(Failure) -> Int in
            try rows(path, ["a"], mapsFiles: mapsFiles)[0][0].utf8.count
          }
          let expected = isGood ? "no failure: \(limit)" : "\(folder.path)/\(refusal(2))"
          #expect(found == expected)
        }
      }
    }
  }

  @Test func `a line of a gibibyte is refused early in a file`() throws {
    let path = folder.file("a.csv", "a\n1\n")
    unsafe truncate(path, 1 << 30)
    for mapsFiles in [true, false] {
      let found = message { () throws(Failure) -> [[String]] in
        try rows(path, ["a"], mapsFiles: mapsFiles)
      }
      #expect(found == "\(folder.path)/\(refusal(3))")
    }
  }

  @Test func `a line of a quarter gibibyte is refused early inside gzip`() throws {
    let long = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 26)
    let member = gzip(long, level: 1)
    let path = folder.file("a.csv", gzip(Array("a\n".utf8)) + member + member + member + member)
    let before = peak
    let found = message { () throws(Failure) -> [[String]] in try rows(path, ["a"]) }
    #expect(found == "\(folder.path)/\(refusal(2))")
    #expect(peak - before < 64 << 10)
  }

  @Test func `a quote that is not closed within a mebibyte is refused early`() throws {
    let text = "a\n\"" + String(repeating: "x\n", count: limit)
    let found = complaint(text, ["a"])
    #expect(
      found
        == "data t.csv:2: found a quote that is not closed within 1,048,576 bytes before '\"x', "
        + "expected a closing quote; double each quote that belongs to the text"
    )
  }

  @Test func `a header of a hundred thousand columns is read`() throws {
    let names = (0..<100_000).map { "c\($0)" }
    let path = folder.file(
      "a.csv",
      names.joined(separator: ",") + "\n" + names.joined(separator: ",") + "\n"
    )
    for mapsFiles in [true, false] {
      let all = try rows(path, ["c7"], keepsOthers: true, mapsFiles: mapsFiles)
      #expect(all.count == 1 && all[0].count == 100_000 && all[0][0] == "c7")
    }
  }
}
