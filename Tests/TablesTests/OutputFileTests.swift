// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Tables
internal import Testing
internal import TextKit

struct OutputFileTests {
  let folder = TestFolder()

  func refusal(_ path: String, _ text: String = "") -> String {
    do throws(Failure) {
      var file = try OutputFile(path: path)
      try file.write(text)
      try file.commit()
      return "no failure"
    } catch {
      return "\(error.kind) " + replaced(error.message, folder.path, "F")
    }
  }

  @Test func `an old file stays until commit`() throws {
    let path = folder.file("a.csv", "old")
    chmod600(path)
    var file = try OutputFile(path: path)
    try file.write("new ")
    try file.write([UInt8](repeating: 120, count: 1 << 17))
    try file.write("!")
    #expect(contents(path) == "old")
    #expect(folder.names == [".a.csv.\(getpid()).partial", "a.csv"])
    try file.commit()
    try file.commit()
    #expect(contents(path) == "new " + String(repeating: "x", count: 1 << 17) + "!")
    #expect(folder.names == ["a.csv"])
    #expect(mode(path) == 0o600)
  }

  func chmod600(_ path: String) { _ = unsafe chmod(path, 0o600) }

  func mode(_ path: String) -> mode_t {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
  }

  @Test func `without commit nothing is left`() throws {
    do {
      var file = try OutputFile(path: "\(folder.path)/a.csv")
      try file.write("x")
      try file.flush()
      #expect(folder.names.count == 1)
    }
    #expect(folder.names == [])
  }

  @Test func `an output is written once at a time`() throws {
    let path = "\(folder.path)/a.csv"
    let file = try OutputFile(path: path)
    #expect(
      refusal(path)
        == "inputOutput cannot write F/a.csv: it is being written already; "
        + "give each output its own name"
    )
    _ = consume file
    #expect(refusal(path) == "no failure")
  }

  @Test func `what a killed process left is replaced`() throws {
    _ = folder.file(".a.csv.\(getpid()).partial", "rest")
    #expect(refusal("\(folder.path)/a.csv", "x") == "no failure")
    #expect(folder.names == ["a.csv"])
    #expect(contents("\(folder.path)/a.csv") == "x")
  }

  @Test func `bad names are refused`() {
    #expect(
      refusal("\(folder.path)/none/a.csv")
        == "inputOutput cannot write F/none/a.csv: the folder 'F/none' does not exist; "
        + "create it first"
    )
    #expect(
      refusal(folder.path) == "inputOutput cannot write F: it is a folder; name a file inside it"
    )
    #expect(
      refusal("") == "inputOutput cannot write : this names no file; give the name of a file"
    )
    #expect(
      refusal("a\0b")
        == "inputOutput cannot write a\u{FFFD}b: the name holds a NUL byte; give another name"
    )
    #expect(refusal("\(folder.path)/" + String(repeating: "n", count: 255)) == "no failure")
  }

  @Test func `a full device is named`() {
    #expect(
      refusal("/dev/full", "x") == "inputOutput cannot write /dev/full: No space left on device"
    )
    #expect(refusal("/dev/null", "x") == "no failure")
  }

  @Test func `a failed write cannot be committed`() throws {
    var file = try OutputFile(path: "/dev/full")
    #expect(
      message { () throws(Failure) -> Int in
        try file.write([UInt8](repeating: 1, count: 1 << 17))
        return 0
      } == "cannot write /dev/full: No space left on device"
    )
    #expect(
      message { () throws(Failure) -> Int in
        try file.commit()
        return 0
      } == "cannot write /dev/full: No space left on device"
    )
  }

  @Test func `a link is kept and its file replaced`() {
    let path = folder.file("a.csv", "old")
    unsafe symlink("a.csv", "\(folder.path)/link")
    #expect(refusal("\(folder.path)/link", "new") == "no failure")
    #expect(contents(path) == "new")
    #expect(folder.names == ["a.csv", "link"])
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
  func `a signal removes partial files and ends the process`(number: Int32) async {
    let path = folder.file("a.csv", "old")
    await #expect(processExitsWith: .signal(number)) {
      [path = path as String, number = number as Int32] in
      var file = try OutputFile(path: path)
      var other = try OutputFile(path: path + "2")
      try file.write("new")
      try file.flush()
      try other.write("new")
      // The thread of a test blocks signals, the process does not.
      kill(getpid(), number)
      sleep(20)
      try file.commit()
    }
    #expect(folder.names == ["a.csv"])
    #expect(contents(path) == "old")
  }

  @Test func `an ignored signal stays ignored`() async {
    let path = "\(folder.path)/a.csv"
    await #expect(processExitsWith: .success) { [path = path as String] in
      signal(SIGHUP, SIG_IGN)
      var file = try OutputFile(path: path)
      kill(getpid(), SIGHUP)
      try file.write("new")
      try file.commit()
      exit(EXIT_SUCCESS)
    }
    #expect(contents(path) == "new")
  }

  @Test func `standard output is written, and its closed pipe is known`() async {
    let path = "\(folder.path)/out"
    await #expect(processExitsWith: .success) { [path = path as String] in
      let number = unsafe open(path, O_WRONLY | O_CREAT, 0o600)
      dup2(number, 1)
      var file = try OutputFile(path: "-")
      try file.write("text")
      try file.commit()
      var ends: [Int32] = [0, 0]
      unsafe pipe(&ends)
      close(ends[0])
      dup2(ends[1], 1)
      var closed = try OutputFile(path: "-")
      try closed.write("text")
      do throws(Failure) {
        try closed.commit()
      } catch {
        exit(error == Failure.closedOutput ? EXIT_SUCCESS : EXIT_FAILURE)
      }
      exit(EXIT_FAILURE)
    }
    #expect(contents(path) == "text")
  }

  @Test func `folders are made with those above them`() throws {
    let deep = "\(folder.path)/x/y//z/"
    try OutputFolder.create(deep)
    try OutputFolder.create(deep)
    #expect(refusal(deep + "f", "1") == "no failure")
    let file = folder.file("file", "")
    #expect(
      message { () throws(Failure) -> Int in
        try OutputFolder.create(file + "/x")
        return 0
      } == "cannot create folder \(file)/x: '\(file)' is a file; "
        + "choose another name or move the file away"
    )
    #expect(
      message { () throws(Failure) -> Int in
        try OutputFolder.create("/proc/none")
        return 0
      } == "cannot create folder /proc/none: No such file or directory"
    )
    #expect(
      message { () throws(Failure) -> Int in
        try OutputFolder.create("")
        return 0
      } == "cannot create a folder: its name is empty; give a name"
    )
    unsafe unlink(deep + "f")
    for made in ["/x/y/z", "/x/y", "/x"] { unsafe rmdir(folder.path + made) }
  }
}
