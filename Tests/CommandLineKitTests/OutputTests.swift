// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing
import TextKit

import CommandLineKit

struct OutputTests {
  @Test func `a full device is a failure of output`() {
    let descriptor = unsafe open("/dev/full", O_WRONLY)
    defer { close(descriptor) }
    #expect(
      throws: Failure(.inputOutput, "cannot write to standard output: No space left on device")
    ) {
      try Output.write([1, 2, 3], to: descriptor, named: "standard output")
    }
  }

  @Test func `a pipe without a reader is a closed output`() {
    Output.ignoreBrokenPipes()
    let (reader, writer) = pipe()
    close(reader)
    defer { close(writer) }
    #expect(throws: Failure.closedOutput) {
      try Output.write([1, 2, 3], to: writer, named: "standard output")
    }
  }

  @Test func `everything is written, also to a pipe that is full and does not block`() async throws
  {
    let (reader, writer) = pipe()
    _ = fcntl(writer, F_SETFL, O_NONBLOCK)
    let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let sum = Task.detached { OutputTests.drain(reader) }
    try Output.write(bytes, to: writer, named: "standard output")
    close(writer)
    #expect(await sum.value == bytes)
  }

  @Test func `nothing is written for no bytes`() throws {
    try Output.write([], to: -1, named: "standard output")
  }

  @Test func `a diagnostic ends in one line break`() {
    let (_, caught) = Output.catching {
      Output.diagnostic("one")
      Output.diagnostic("two\n")
    }
    #expect(String(decoding: caught.diagnostics, as: UTF8.self).hasSuffix("one\ntwo\n"))
  }

  private func pipe() -> (reader: Int32, writer: Int32) {
    var ends: [Int32] = [0, 0]
    _ = unsafe Glibc.pipe(&ends)
    return (ends[0], ends[1])
  }

  private static func drain(_ descriptor: Int32) -> [UInt8] {
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4_096)
    while true {
      usleep(50)
      let count = unsafe read(descriptor, &buffer, buffer.count)
      if count <= 0 { return all }
      all += buffer[..<count]
    }
  }
}
