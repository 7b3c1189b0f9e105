// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import Glibc
internal import Tables
internal import Testing
internal import TextKit

struct TextSourceTests {
  let folder = TestFolder()

  func refusal(_ path: String) -> String {
    do throws(Failure) {
      return "no failure, \(try TextSource.contents(of: path, limit: 1 << 28).count) bytes"
    } catch {
      return "\(error.kind) " + replaced(error.message, folder.path + "/", "")
    }
  }

  @Test func `what cannot be opened is a missing input`() {
    #expect(
      refusal("\(folder.path)/none.csv")
        == "missingInput none.csv: no such file; check the path, or give '-' to read standard input"
    )
    #expect(
      refusal(folder.file("f", "x") + "/y")
        == "missingInput f/y: no such file; check the path, or give '-' to read standard input"
    )
    #expect(
      refusal(folder.path)
        == "missingInput \(folder.path): is a folder, expected a file; name a file inside it"
    )
    #expect(refusal("a\0b") == "missingInput a\u{FFFD}b: the name holds a NUL byte; correct it")
    let long = "\(folder.path)/" + String(repeating: "x", count: 300)
    #expect(
      refusal(long).hasSuffix(
        ": cannot be opened: File name too long; check the permissions of the file"
      )
    )
  }

  @Test func `a read error is an input error`() {
    #expect(
      refusal("/proc/self/mem") == "inputOutput cannot read /proc/self/mem: Input/output error"
    )
  }

  @Test func `empty files and files without a known size are read`() {
    #expect(contents(folder.file("empty", "")) == "")
    #expect(contents("/dev/null") == "")
    #expect(contents("/proc/self/comm")?.isEmpty == false)
  }

  @Test func `gzip is known by name or by its first bytes, in several members`() {
    let text = Array("hello\nworld\n".utf8)
    #expect(contents(folder.file("a.gz", gzip(text))) == "hello\nworld\n")
    #expect(
      contents(folder.file("plain", gzip(text) + gzip([]) + gzip(text)))
        == "hello\nworld\nhello\nworld\n"
    )
    #expect(contents(folder.file("padded", gzip(text) + [0, 0, 0])) == "hello\nworld\n")
    #expect(contents(folder.file("one", [0x1f])) == "\u{1f}")
  }

  @Test func `a damaged gzip stream is refused`() {
    let advice = "; copy or compress the file again"
    let text = Array("hello\nworld\n".utf8)
    var packed = gzip(text)
    #expect(
      refusal(folder.file("a.gz", packed + [1, 2]))
        == "data a.gz: the gzip stream is damaged (other bytes follow its end)\(advice)"
    )
    packed[packed.count - 6] ^= 1
    #expect(
      refusal(folder.file("a.gz", packed))
        == "data a.gz: the gzip stream is damaged (incorrect data check)\(advice)"
    )
    #expect(
      refusal(folder.file("a.gz", text))
        == "data a.gz: the gzip stream is damaged (incorrect header check)\(advice)"
    )
  }

  @Test(arguments: 0..<16)
  func `a gzip stream that ends early is refused`(sixteenth: Int) {
    var generator = Generator(state: 3)
    var text = Array("a\n".utf8)
    for _ in 0..<60_000 {
      text += Array("\(UInt32.random(in: 0...99_999, using: &generator))\n".utf8)
    }
    let whole = gzip(text)
    let cut = Array(whole[..<(whole.count * sixteenth / 16)])
    #expect(
      complaint(cut, ["a"], name: "t.gz")
        == "data t.gz: the gzip stream ends early, expected its check sum and length; "
        + "copy or compress the file again"
    )
  }

  @Test func `more than the limit is refused`() {
    let path = folder.file("a", "12345")
    #expect(
      throws: Failure(
        .data,
        "\(path): found more than 4 bytes, expected a file that is smaller"
      )
    ) { try TextSource.contents(of: path, limit: 4) }
  }

  @Test func `a pipe is read in blocks`() throws {
    let path = "\(folder.path)/pipe"
    #expect(unsafe mkfifo(path, 0o600) == 0)
    let text = "a,b\n" + String(repeating: "1,2\n", count: 100_000)
    DispatchQueue.global().async { writeFile(path, Array(text.utf8)) }
    var reader = try CSVReader(path: path, required: ["a", "b"])
    var sum = 0.0
    while try reader.next() { sum += try reader.number(0) + reader.number(1) }
    #expect(sum == 300_000)
  }

  @Test func `standard input is read under both names`() async {
    let path = folder.file("a.csv", gzip(Array("a\n1\n2\n".utf8)))
    for name in ["-", "/dev/stdin"] {
      await #expect(processExitsWith: .success) { [path = path as String, name = name as String] in
        let number = unsafe open(path, O_RDONLY)
        dup2(number, 0)
        let found = try rows(name, ["a"])
        exit(found == [["1"], ["2"]] ? EXIT_SUCCESS : EXIT_FAILURE)
      }
    }
  }

  @Test func `failures of standard input call it so`() async {
    await #expect(processExitsWith: .success) {
      let number = unsafe open("/dev/null", O_RDONLY)
      dup2(number, 0)
      let found = message { () throws(Failure) -> [[String]] in try rows("-", ["a"]) }
      let expected = "standard input: found an empty file, expected a header line with columns a"
      exit(found == expected ? EXIT_SUCCESS : EXIT_FAILURE)
    }
  }
}
