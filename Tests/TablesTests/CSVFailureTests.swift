// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Tables
internal import Testing
internal import TextKit

struct CSVFailureTests {
  @Test(arguments: [
    ("", "data t.csv: found an empty file, expected a header line with columns a, b"),
    ("\n\r\n", "data t.csv: found an empty file, expected a header line with columns a, b"),
    ("\u{FEFF}", "data t.csv: found an empty file, expected a header line with columns a, b"),
    (
      "a,bb\n",
      "data t.csv:1: column 'b': found a header with 'a', 'bb', expected this column too; "
        + "did you mean 'bb'?"
    ),
    (
      "\na,quantity\n",
      "data t.csv:2: column 'b': found a header with 'a', 'quantity', expected this column too; "
        + "add it to the header"
    ),
    (
      "a,b,a\n",
      "data t.csv:1: column 'a': expected each column once, found it twice in the header; "
        + "remove or rename one of the two"
    ),
    (
      "a,b\n1,2\n3\n",
      "data t.csv:3: column 'b': found a record with 1 field, expected 2 fields as in the header; "
        + "add the missing fields, also when they are empty"
    ),
    (
      "a,b\n1,2,3\n",
      "data t.csv:2: found a record with 3 fields, expected 2 fields as in the header; "
        + "quote text that holds a comma"
    ),
    (
      "a,b\n1,2\n\"x\ny\",\"never\nclosed\n",
      "data t.csv:4: found a quote that is never closed before '\"never', expected a closing "
        + "quote; double each quote that belongs to the text"
    ),
    (
      "a,b\n\"x\"y,2\n",
      "data t.csv:2: found 'y,2' after a closing quote, expected a comma or the end of the line; "
        + "double each quote that belongs to the text"
    ),
    (
      "a,b\nx\"y\",2\n",
      "data t.csv:2: found '\"y\",2', a quote inside a field without quotes, expected it to be "
        + "quoted; quote the whole field and double the quotes inside it"
    ),
    (
      "a,b\r1,2\r3,4\r",
      "data t.csv:1: found a carriage return without a line feed, expected lines that end with "
        + "LF or CR LF; convert the line ends"
    ),
    (
      "a,b\n\"1\n2\",\u{0}\n",
      "data t.csv:3: column 'b': found '\u{FFFD}', expected text in UTF-8 without NUL bytes; "
        + "save the file as UTF-8"
    ),
  ])
  func `a bad form is named with its place`(text: String, expected: String) {
    #expect(complaint(text, ["a", "b"]) == expected)
  }

  @Test func `text that is not UTF-8 is refused where it is read`() {
    #expect(
      complaint([97, 10, 0xC3, 0x28, 10], ["a"])
        == "data t.csv:2: column 'a': found '\u{FFFD}(', expected text in UTF-8 without NUL bytes; "
        + "save the file as UTF-8"
    )
  }

  @Test func `a header that is not text is refused`() {
    let advice =
      "expected a header line with columns a; this is not text in UTF-8; "
      + "save the file as CSV in UTF-8"
    #expect(
      complaint([0x50, 0x4B, 3, 4, 0, 10, 34], ["a"])
        == "data t.csv:1: found 'PK\u{FFFD}\u{FFFD}\u{FFFD}', \(advice)"
    )
    #expect(
      complaint([0xFF, 0xFE, 97, 0, 10, 0], ["a"])
        == "data t.csv:1: found '\u{FFFD}\u{FFFD}a\u{FFFD}', \(advice)"
    )
    #expect(complaint([97, 44, 0xC3, 10], ["a"]) == "data t.csv:1: found 'a,\u{FFFD}', \(advice)")
  }

  @Test func `a header of many columns is cut in the message`() {
    let names = (1...50).map { "c\($0)" }.joined(separator: ",")
    #expect(
      complaint(names + "\n", ["zzzzzzz"]).hasSuffix(
        "'c40' and 10 more, expected this column too; add it to the header"
      )
    )
  }

  @Test(arguments: ["nan", "inf", "0x1p3", "1,5", "1 ", " 1", "1e", "abc", "", "1e400", "--1", "."])
  func `what is not a finite number is refused`(text: String) throws {
    let folder = TestFolder()
    let path = folder.file("a.csv", "n,x\n\"\(text)\",1\n")
    var reader = try CSVReader(path: path, required: ["n"])
    #expect(try reader.next())
    #expect(
      message { () throws(Failure) -> Double in try reader.number(0) }
        == "\(path):2: column 'n': found '\(text)', expected a finite number; "
        + "write it as 1234.5 or 1e-9, without spaces, units or thousands separators"
    )
  }

  @Test func `what is not a whole number or a flag is refused`() throws {
    let folder = TestFolder()
    let path = folder.file("a.csv", "n\n9223372036854775808\n")
    var reader = try CSVReader(path: path, required: ["n"], optional: ["m"])
    #expect(try reader.next())
    #expect(
      message { () throws(Failure) -> Int64 in try reader.integer(0) }
        == "\(path):2: column 'n': found '9223372036854775808', expected a whole number; "
        + "write digits only, between -9223372036854775808 and 9223372036854775807"
    )
    #expect(
      message { () throws(Failure) -> Bool in try reader.flag(0) }
        == "\(path):2: column 'n': found '9223372036854775808', expected 0 or 1; "
        + "write 1 for yes and 0 for no"
    )
    #expect(
      message { () throws(Failure) -> Bool in try reader.flag(1) }
        == "\(path):2: column 'm': expected 0 or 1, found no such column; "
        + "write 1 for yes and 0 for no"
    )
  }

  @Test func `nothing follows a failure`() throws {
    let folder = TestFolder()
    var reader = try CSVReader(path: folder.file("a.csv", "a\n1,2\n3\n"), required: ["a"])
    #expect(message { () throws(Failure) -> Bool in try reader.next() } != "no failure")
    #expect(try !reader.next())
  }

  @Test func `no bytes crash the reader`() {
    var generator = Generator(state: 5)
    let alphabet: [UInt8] = [10, 13, 34, 34, 44, 44, 48, 49, 97, 0, 0xC3, 0xFF, 32]
    let folder = TestFolder()
    for round in 0..<4000 {
      var bytes = round % 2 == 0 ? Array("a,b\n".utf8) : []
      for _ in 0..<Int.random(in: 0...40, using: &generator) {
        bytes.append(alphabet[Int.random(in: 0..<alphabet.count, using: &generator)])
      }
      let path = folder.file("a.csv", bytes)
      let mapped = message { () throws(Failure) -> [[String]] in try rows(path, ["a"]) }
      let read = message { () throws(Failure) -> [[String]] in
        try rows(path, ["a"], mapsFiles: false)
      }
      #expect(mapped == read)
    }
  }
}

/// The message of a failure, and the value where there is none.
func message<R>(_ body: () throws(Failure) -> R) -> String {
  do throws(Failure) {
    return "no failure: \(try body())"
  } catch {
    return error.message
  }
}
