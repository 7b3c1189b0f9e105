// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Tables
internal import Testing
internal import TextKit

struct RoundTripTests {
  struct Row: Equatable {
    var text: String
    var number: Double
    var maybe: Double?
    var whole: Int64
    var flag: Bool
  }

  func randomRow(_ generator: inout Generator) -> Row {
    let letters = Array("ab=+-@,\"\n\r\t'é日 ")
    var text = ""
    for _ in 0..<Int.random(in: 0...8, using: &generator) {
      text.append(letters[Int.random(in: 0..<letters.count, using: &generator)])
    }
    var number = Double(bitPattern: generator.next())
    if !number.isFinite { number = 0.25 }
    return Row(
      text: text,
      number: number,
      maybe: Bool.random(using: &generator)
        ? Double(Int64.random(in: -(1 << 40)...1 << 40, using: &generator)) / 1e4 : nil,
      whole: Int64(bitPattern: generator.next()),
      flag: Bool.random(using: &generator)
    )
  }

  /// What a reader sees of a text: formulas have been made harmless.
  func harmless(_ text: String) -> String {
    guard let first = text.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first) else {
      return text
    }
    return "'" + text
  }

  @Test(arguments: 0..<20)
  func `what is built is read back`(seed: Int) throws {
    var generator = Generator(state: UInt64(seed))
    let written = (0..<500).map { _ in randomRow(&generator) }
    var builder = CSVBuilder()
    builder.row(["flag", "text", "number", "maybe", "whole"])
    for row in written {
      builder.flag(row.flag)
      builder.text(row.text)
      builder.number(row.number)
      builder.number(row.maybe)
      builder.integer(row.whole)
      builder.endRow()
    }
    let folder = TestFolder()
    for path in [
      folder.file("a.csv", builder.bytes),
      folder.file("b.csv.gz", gzip(builder.bytes)),
    ] {
      var reader = try CSVReader(
        path: path,
        required: ["text", "number", "maybe", "whole", "flag"]
      )
      for row in written {
        #expect(try reader.next())
        let found = Row(
          text: try reader.text(0),
          number: try reader.number(1),
          maybe: reader.isEmpty(2) ? nil : try reader.number(2),
          whole: try reader.integer(3),
          flag: try reader.flag(4)
        )
        var expected = row
        expected.text = harmless(row.text)
        #expect(found == expected)
        #expect(found.number.bitPattern == row.number.bitPattern)
      }
      #expect(try !reader.next())
    }
  }
}
