// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Tables
internal import Testing
internal import TextKit

struct CSVFormTests {
  let folder = TestFolder()

  @Test func `columns are found by name in any order`() throws {
    let path = folder.file("a.csv", "b,x,a\n2,9,1\n")
    var reader = try CSVReader(path: path, required: ["a"], optional: ["b", "c"])
    #expect(reader.unknownColumns == ["x"])
    #expect(reader.columns == ["a", "b", "c"])
    #expect(reader.has(0) && reader.has(1) && !reader.has(2))
    #expect(try reader.next())
    #expect(reader.line == 2)
    #expect(try reader.number(0) == 1 && reader.number(1) == 2)
    #expect(reader.isEmpty(2) == true)
    #expect(try reader.number(2, default: 7) == 7)
    #expect(try !reader.next())
    #expect(try !reader.next())
  }

  @Test func `other columns are addressed on demand`() throws {
    let path = folder.file("a.csv", "BTC,timestamp_ms,ETH\n1,2,3\n")
    #expect(try rows(path, ["timestamp_ms"], keepsOthers: true) == [["2", "1", "3"]])
  }

  @Test(arguments: [
    ("a,b\n1,2\n", [["1", "2"]]),
    ("a,b\r\n1,2\r\n3,4", [["1", "2"], ["3", "4"]]),
    ("\u{FEFF}a,b\n1,2", [["1", "2"]]),
    ("\n\na,b\n\n1,2\n\r\n\n", [["1", "2"]]),
    ("a,b\n\"1\",\"2\"\n", [["1", "2"]]),
    ("a,b\n\"x,y\",\"p\"\"q\"\n", [["x,y", "p\"q"]]),
    ("a,b\n\"\"\"\",\"\"\n", [["\"", ""]]),
    ("a,b\n\"l1\nl2\r\nl3\",z\n", [["l1\nl2\r\nl3", "z"]]),
    ("\"a\",\"b\"\r\n,\r\n", [["", ""]]),
    ("a,b\n1,", [["1", ""]]),
    ("a,b\n1,\r", [["1", ""]]),
    ("a,b\n1,\"2\"", [["1", "2"]]),
    ("a,b\nné,日本\n", [["né", "日本"]]),
    ("a,b\n", []),
    ("a,b", []),
  ])
  func `RFC 4180 is read, mapped or in blocks`(text: String, expected: [[String]]) throws {
    let path = folder.file("a.csv", text)
    #expect(try rows(path, ["a", "b"]) == expected)
    #expect(try rows(path, ["a", "b"], mapsFiles: false) == expected)
    let packed = folder.file("a.csv.gz", gzip(Array(text.utf8)))
    #expect(try rows(packed, ["a", "b"]) == expected)
  }

  @Test func `one column with an empty text keeps its rows when quoted`() throws {
    #expect(try rows(folder.file("a.csv", "a\n\"\"\n\nx\n"), ["a"]) == [[""], ["x"]])
  }

  @Test func `lines are physical lines`() throws {
    let path = folder.file("a.csv", "a,b\n\"1\n2\",x\n\n3,y\n")
    var reader = try CSVReader(path: path, required: ["a", "b"])
    #expect(try reader.next())
    #expect(reader.line == 2)
    #expect(
      reader.failure(1, expected: "z").message == "\(path):3: column 'b': found 'x', expected z"
    )
    #expect(try reader.next())
    #expect(reader.line == 5)
    #expect(reader.failure(expected: "order").message == "\(path):5: expected order")
  }

  @Test func `bytes are lent without a string`() throws {
    let path = folder.file("a.csv", "a\nabc\n\"d\"\"e\"\n")
    var reader = try CSVReader(path: path, required: ["a"])
    #expect(reader.withBytes(0) { $0.count } == 0)
    #expect(try reader.next())
    #expect(reader.withBytes(0) { $0.count == 3 && $0[0] == 97 })
    #expect(try reader.next())
    #expect(reader.withBytes(0) { $0.count == 3 && $0[1] == 34 })
    #expect(try !reader.next())
    #expect(reader.isEmpty(0) == true)
  }

  @Test func `whole numbers and flags are read`() throws {
    let path = folder.file("a.csv", "i,f,g\n-9223372036854775808,1,\n9223372036854775807,0,1\n")
    var reader = try CSVReader(path: path, required: ["i", "f"], optional: ["g", "h"])
    #expect(try reader.next())
    #expect(try reader.integer(0) == .min)
    #expect(try reader.flag(1))
    #expect(try !reader.flag(2, default: false))
    #expect(try reader.flag(3, default: true))
    #expect(try reader.integer(3, default: 5) == 5)
    #expect(try reader.next())
    #expect(try reader.integer(0) == .max)
    #expect(try !reader.flag(1))
    #expect(try reader.flag(2, default: false))
  }

  @Test(arguments: [1, 2, 3, 7, 64, 65, 66, 4096])
  func `records that straddle blocks are whole`(width: Int) throws {
    var text = "a,b\n"
    var expected: [[String]] = []
    var generator = Generator(state: UInt64(width))
    while text.utf8.count < 600_000 {
      let left = String(repeating: "l", count: Int.random(in: 0...width, using: &generator))
      let right = String(repeating: "\"\n", count: Int.random(in: 0...width, using: &generator))
      text += "\(left),\"\(replaced(right, "\"", "\"\""))\"\r\n"
      expected.append([left, right])
    }
    let path = folder.file("a.csv", text)
    #expect(try rows(path, ["a", "b"], mapsFiles: false) == expected)
    #expect(try rows(path, ["a", "b"]) == expected)
  }
}
