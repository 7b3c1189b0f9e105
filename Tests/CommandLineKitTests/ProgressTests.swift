// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing

import CommandLineKit

/// A clock that a test moves.
private final class Clock: Sendable {
  let time = Mutex(0.0)
  func advance(_ seconds: Double) { time.withLock { $0 += seconds } }
  var now: Double { time.withLock { $0 } }
}

struct ProgressTests {
  /// Runs steps of a given time and returns what was shown.
  private func shown(
    style: Progress.Style,
    steps: Int,
    secondsEach: Double,
    total: Int?,
    columns: Int = 80
  ) -> String {
    let clock = Clock()
    let (_, caught) = Output.catching {
      let progress = Progress(
        "sweep",
        total: total,
        style: style,
        seconds: { clock.now },
        columns: { columns }
      )
      for _ in 0..<steps {
        clock.advance(secondsEach)
        progress.advance()
      }
      progress.finish()
      progress.finish()
    }
    return String(decoding: caught.diagnostics, as: UTF8.self)
  }

  @Test func `a quick run without a terminal says nothing`() {
    #expect(shown(style: .lines, steps: 100, secondsEach: 0.019, total: 100) == "")
  }

  @Test func `lines come after two seconds and then every ten`() {
    #expect(
      shown(style: .lines, steps: 15, secondsEach: 1, total: 15) == """
        sweep: 13 %, 2 of 15, 1.00/s, 13 s left
        sweep: 80 %, 12 of 15, 1.00/s, 3.0 s left
        sweep: 100 %, 15 of 15, 1.00/s, took 15 s

        """
    )
  }

  @Test func `a quiet run says nothing at all`() {
    #expect(shown(style: .silent, steps: 100, secondsEach: 1, total: 100) == "")
  }

  @Test func `a bar ends full and with a line break`() {
    let text = shown(style: .bar(colour: false), steps: 4, secondsEach: 1, total: 4)
    let last = text.split(separator: "\r").last ?? ""
    let bar = String(repeating: "█", count: 38)
    #expect(last == "\u{1B}[Ksweep \(bar)  100 %  4 of 4  1.00/s  took 4.0 s\n")
  }

  @Test(arguments: [
    (80, "sweep ████████░░░░░░░░░░░░░░░░░░░░░░░░░  25 %  250 of 1,000  83.3/s  9.0 s left"),
    (50, "sweep  25 %  250 of 1,000  83.3/s  9.0 s left"),
    (44, "sweep  25 %  250 of 1,000  83.3/s"), (30, "sweep  25 %  250 of 1,000"),
    (14, "sweep  25 %"), (8, "25 %"), (3, "25"),
  ])
  func `a narrow terminal loses the bar first, then the least important`(width: Int, line: String) {
    let text = ProgressText(label: "sweep", count: 250, total: 1_000, seconds: 3, isLast: false)
    #expect(text.bar(width: width, colour: false) == line)
  }

  @Test func `a total that is unknown gives a count without a bar`() {
    let text = shown(style: .bar(colour: true), steps: 2, secondsEach: 1, total: nil)
    #expect(text.hasSuffix("\r\u{1B}[Ksweep  2  1.00/s  took 2.0 s\n"))
  }

  @Test(arguments: 0...120)
  func `a bar never reaches the last column`(columns: Int) {
    for count in [0, 1, 500, 1_000, 2_000] {
      let text = ProgressText(
        label: "sweep",
        count: count,
        total: 1_000,
        seconds: 3,
        isLast: false
      )
      #expect(text.bar(width: columns, colour: false).count <= max(columns - 1, 0))
    }
  }

  @Test func `steps of many threads are all counted`() async {
    let clock = Clock()
    let progress = Progress(
      "x",
      total: nil,
      style: .silent,
      seconds: { clock.now },
      columns: { 80 }
    )
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask { for _ in 0..<10_000 { progress.advance() } }
      }
    }
    #expect(progress.count == 80_000)
  }

  @Test func `the clock is not read at every step of a quick loop`() {
    let reads = Mutex(0)
    let (_, _) = Output.catching {
      let progress = Progress(
        "x",
        total: nil,
        style: .lines,
        seconds: {
          reads.withLock {
            $0 += 1; return Double($0) * 0.001
          }
        },
        columns: { 80 }
      )
      for _ in 0..<100_000 { progress.advance() }
    }
    #expect(reads.withLock { $0 } < 5_000)
  }

  @Test(arguments: [
    (0, "0.00/s"), (0.254, "0.25/s"), (9.994, "9.99/s"), (9.996, "10.0/s"), (12.34, "12.3/s"),
    (99.96, "100/s"), (1_234.4, "1,234/s"), (.infinity, "-/s"), (.nan, "-/s"), (1e300, "-/s"),
  ])
  func `a rate has about three digits`(rate: Double, text: String) {
    #expect(ProgressText.rate(rate) == text)
  }

  @Test(arguments: [
    (0, "0.0 s"), (0.44, "0.4 s"), (9.96, "10 s"), (59.4, "59 s"), (59.6, "1 min 00 s"),
    (200, "3 min 20 s"), (7_500, "2 h 05 min"), (273_600, "3 d 4 h"), (-1, "0.0 s"),
    (.infinity, "very long"), (.nan, "very long"),
  ])
  func `a duration is told in two units at most`(seconds: Double, text: String) {
    #expect(ProgressText.duration(seconds) == text)
  }
}
