// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// A sweep that is stopped, by whatever, loses nothing that was finished and writes nothing wrong.
@Suite(.serialized) struct ResumeTests {
  private static let resultNames =
    (["sweep.csv", "frontier.csv", "robustness.csv", "manifest.json"]
    + GoldenTests.events).sorted()

  @Test func twentyFiveKillsLeaveNoTrace() throws {
    let place = try Workdir()
    try place.writeSpec("mid.toml", steps: 1_500, details: "none")
    let start = ContinuousClock.now
    try place.run(["sweep", "mid.toml", "-q", "-o", "whole", "-j", "1"])
    // So many attempts that a sweep needs several, however busy the machine is.
    let longest = max(20_000, Int((ContinuousClock.now - start) / .microseconds(1)) / 4)
    var random = SplitMix64(seed: 25)
    var kills = 0
    var units: [Int] = []
    for attempt in 0..<200 where kills < 25 {
      let running = try place.started(["sweep", "mid.toml", "-o", "cut", "--resume", "-j", "1"])
      usleep(UInt32(random.whole(1_000, longest)))
      kill(running.process.processIdentifier, SIGKILL)
      let outcome = try running.wait()
      if outcome.status == -SIGKILL { kills += 1 } else { #expect(outcome.status == 0) }
      if let done = outcome.diagnostics.firstMatch(of: #/, (\d+) of 64 units/#) {
        units.append(try #require(Int(done.1)))
      }
      // A sweep that got finished is run once more from the beginning.
      if outcome.status == 0 { try place.shell("rm -r cut") }
      #expect(attempt < 199)
    }
    #expect(kills == 25)
    #expect(Set(units).count > 2, "\(units)")
    try place.run(["sweep", "mid.toml", "-o", "cut", "--resume", "-q"])
    #expect(try place.results("cut") == place.results("whole"))
    #expect(place.contents("cut") == ResumeTests.resultNames)
  }

  /// Killed as soon as the first new file appears, while files are being written and renamed.
  @Test func killsWhileFilesAreRenamed() throws {
    let place = try Workdir()
    try place.writeSpec("some.toml", steps: 150, details: "best 4")
    try place.run(["sweep", "some.toml", "-q", "-o", "whole"])
    let expected = try place.results("whole")
    var random = SplitMix64(seed: 7)
    var kills = 0
    for _ in 0..<12 {
      let running = try place.started(["sweep", "some.toml", "-o", "cut", "--resume"])
      for _ in 0..<5000 {
        if place.contents("cut").contains(where: { $0.hasSuffix(".partial") || $0 == "sweep.csv" })
        {
          break
        }
        usleep(200)
      }
      usleep(UInt32(random.whole(0, 4000)))
      kill(running.process.processIdentifier, SIGKILL)
      if try running.wait().status == -SIGKILL { kills += 1 }
      // Whatever is there under its name is complete.
      for (name, text) in expected where name != "manifest.json" {
        if let found = try? place.text("cut/" + name) { #expect(found == text, "\(name)") }
      }
      try place.run(["sweep", "some.toml", "-o", "cut", "--resume", "-q"])
      #expect(try place.results("cut") == expected)
      #expect(place.contents("cut") == ResumeTests.resultNames)
      try place.shell("rm -r cut")
    }
    #expect(kills > 3)
  }

  @Test func unfinishedSweepAsksWhatToDo() throws {
    let place = try Workdir()
    try place.writeSpec("mid.toml", steps: 600)
    let running = try place.started(["sweep", "mid.toml", "-o", "my results"])
    try place.waitForJournal("my results/journal.sqlite")
    kill(running.process.processIdentifier, SIGINT)
    let stopped = try running.wait()
    #expect(stopped.status == -SIGINT)
    let command = "breakwater sweep mid.toml -o 'my results' --resume"
    #expect(stopped.diagnostics.contains("units are done and kept; go on with\n  \(command)\n"))
    #expect(place.contents("my results") == ["journal.sqlite"])
    let refused = try place.run(["sweep", "mid.toml", "-o", "my results"], expecting: 65)
    #expect(refused.diagnostics.contains("found an unfinished run of this sweep"))
    #expect(refused.diagnostics.contains("go on with\n  \(command)\nor throw it away with --fresh"))
    let both = try place.run(["sweep", "mid.toml", "--resume", "--fresh"], expecting: 64)
    #expect(both.diagnostics.contains("exclude each other"))
    // Another spec, or another input, is refused by the name of what changed.
    let spec = try place.text("mid.toml")
    try place.write("mid.toml", spec.replacingOccurrences(of: "2020", with: "2021"))
    let changed = try place.run(
      ["sweep", "mid.toml", "-o", "my results", "--resume"],
      expecting: 65
    )
    #expect(changed.diagnostics.contains("(seed: was 2020, is now 2021"), "\(changed)")
    try place.write("mid.toml", spec.replacingOccurrences(of: "500_000", with: "400_000"))
    let setting = try place.run(
      ["sweep", "mid.toml", "-o", "my results", "--resume"],
      expecting: 65
    )
    #expect(setting.diagnostics.contains("setting vault.deploy_usd: was 500000, is now 400000"))
    try place.write("mid.toml", spec)
    let path = try place.text("dip.csv")
    try place.write("dip.csv", path + "\n")
    let input = try place.run(["sweep", "mid.toml", "-o", "my results", "--resume"], expecting: 65)
    #expect(input.diagnostics.contains("input 4 (dip.csv): was sha256 "), "\(input)")
    try place.write("dip.csv", path)
    // Comments do not matter.
    try place.write("mid.toml", "# a comment\n" + spec)
    let resumed = try place.run(["sweep", "mid.toml", "-o", "my results", "--resume"])
    #expect(resumed.diagnostics.contains("units done; going on"))
    try place.run(["sweep", "mid.toml", "-o", "whole", "-q"])
    #expect(try place.results("my results") == place.results("whole"))
  }

  @Test func finishedSweepIsNotRunAgain() throws {
    let place = try Workdir()
    try place.run(["sweep", "spec.toml", "-q"])
    let first = try place.text("results/manifest.json")
    for more in [[], ["--resume"]] {
      let again = try place.run(["sweep", "spec.toml"] + more)
      #expect(again.text == "")
      #expect(again.diagnostics.contains("results: this sweep is finished, nothing to do"))
      #expect(try place.text("results/manifest.json") == first)
    }
    #expect(try place.run(["sweep", "spec.toml", "--fresh"]).text.contains("Files: results/"))
    // A result that was changed is made again, and so is one of another spec.
    let good = try place.results("results")
    try place.write("results/cycles.csv", "broken")
    #expect(try place.run(["sweep", "spec.toml"]).text.contains("Files: results/"))
    #expect(try place.results("results") == good)
    try place.write("spec.toml", place.text("spec.toml") + "# another\n")
    #expect(try place.run(["sweep", "spec.toml"]).text.contains("Files: results/"))
  }

  @Test func secondSignalEndsAtOnce() throws {
    let place = try Workdir()
    // One unit takes seconds.
    try place.writeSpec("long.toml", steps: 200_000)
    let running = try place.started(["sweep", "long.toml", "-o", "cut"])
    try place.waitForJournal("cut/journal.sqlite", logBytes: 0)
    usleep(300_000)
    kill(running.process.processIdentifier, SIGTERM)
    usleep(100_000)
    #expect(running.process.isRunning)
    kill(running.process.processIdentifier, SIGINT)
    let outcome = try running.wait(seconds: 2)
    #expect(outcome.status == -SIGINT)
    #expect(outcome.diagnostics.contains("once more ends at once"))
    // Nothing was finished, so nothing has to be decided.
    try place.write("long.toml", place.text("spec.toml"))
    try place.run(["sweep", "long.toml", "-o", "cut", "-q"])
    #expect(place.contents("cut") == ResumeTests.resultNames)
  }

  @Test func secondRunIntoOneFolderIsRefused() throws {
    let place = try Workdir()
    try place.writeSpec("long.toml", steps: 20_000)
    let running = try place.started(["sweep", "long.toml", "-o", "one"])
    try place.waitForJournal("one/journal.sqlite", logBytes: 0)
    let second = try place.run(["sweep", "spec.toml", "-o", "one", "--fresh"], expecting: 74)
    let process = running.process.processIdentifier
    #expect(second.diagnostics.contains("one/journal.lock: process \(process) on "))
    #expect(second.diagnostics.contains("is writing into this folder"))
    kill(process, SIGKILL)
    _ = try running.wait()
    try place.run(["sweep", "spec.toml", "-o", "one", "--fresh", "-q"])
  }

  @Test func damagedJournalIsRefused() throws {
    let place = try Workdir()
    try place.writeSpec("mid.toml", steps: 600)
    let running = try place.started(["sweep", "mid.toml", "-o", "cut"])
    try place.waitForJournal("cut/journal.sqlite", logBytes: 50_000)
    kill(running.process.processIdentifier, SIGTERM)
    #expect(try running.wait().status == -SIGTERM)
    let good = try place.bytes("cut/journal.sqlite")
    var flipped = good
    flipped[good.count - 100] ^= 4
    for bad in [flipped, good.prefix(good.count / 2), good.prefix(100), Data()] {
      try place.write("cut/journal.sqlite", bad)
      for more in [[], ["--resume"]] {
        let refused = try place.run(["sweep", "mid.toml", "-o", "cut"] + more, expecting: 65)
        #expect(refused.diagnostics.contains("cut/journal.sqlite: this file is damaged"))
        #expect(refused.diagnostics.contains("--fresh"))
      }
      #expect(place.contents("cut").filter { $0.hasSuffix(".csv") }.isEmpty)
    }
    try place.write("cut/journal.sqlite", good)
    try place.run(["sweep", "mid.toml", "-o", "cut", "--resume", "-q"])
    try place.run(["sweep", "mid.toml", "-o", "whole", "-q"])
    #expect(try place.results("cut") == place.results("whole"))
  }

  /// A limit on the size of files stands for a disk that is full.
  @Test func fullDiskLosesNothing() throws {
    let place = try Workdir()
    try place.writeSpec("mid.toml", steps: 600)
    let call = "\"$BREAKWATER\" sweep mid.toml -q -o cut"
    let full = try place.shell("ulimit -f 64; \(call)", expecting: 74)
    #expect(full.diagnostics.contains("cut/journal.sqlite: "), "\(full)")
    #expect(full.diagnostics.contains("units are done and kept: then go on with\n"), "\(full)")
    #expect(place.contents("cut").filter { $0.hasSuffix(".csv") }.isEmpty)
    try place.run(["sweep", "mid.toml", "-o", "cut", "--resume", "-q"])
    try place.run(["sweep", "mid.toml", "-o", "whole", "-q"])
    #expect(try place.results("cut") == place.results("whole"))
  }

  @Test func smallDiskThatIsFullLosesNothing() throws {
    let place = try Workdir()
    try place.writeSpec("mid.toml", steps: 600)
    // A file system of its own needs rights that a container may not have.
    let outcome = try place.shell(
      """
      mkdir -p cut
      unshare -rm bash -c '
        mount -t tmpfs -o size=128k none cut || exit 7
        "$BREAKWATER" sweep mid.toml -q -o cut; [ $? = 74 ] || exit 1
        ls -A cut > left.txt
        mount -o remount,size=1300k none cut || exit 2
        "$BREAKWATER" sweep mid.toml -q -o cut --resume; [ $? = 74 ] || exit 4
        ls -A cut >> left.txt
        mount -o remount,size=16m none cut || exit 2
        "$BREAKWATER" sweep mid.toml -q -o cut --resume || exit 3
        cp -r cut copy
      ' 2> said.txt || [ $? = 7 ] || [ ! -e left.txt ]
      """
    )
    guard place.names.contains("left.txt") else { return }
    #expect(outcome.status == 0)
    #expect(try place.text("said.txt").contains("journal.sqlite: the disk is full"))
    #expect(try !place.text("left.txt").contains(".csv"))
    try place.run(["sweep", "mid.toml", "-o", "whole", "-q"])
    #expect(try place.results("copy") == place.results("whole"))
  }

  @Test func folderThatMayNotBeWrittenIsRefused() throws {
    let place = try Workdir()
    // The superuser may write everywhere.
    let outcome = try place.shell(
      """
      mkdir closed && chmod 555 closed
      if [ "$(id -u)" = 0 ]; then
        chmod 755 . ..
        setpriv --reuid=65534 --clear-groups "$BREAKWATER" sweep spec.toml -o closed
      else
        "$BREAKWATER" sweep spec.toml -o closed
      fi
      """,
      expecting: 74
    )
    #expect(outcome.diagnostics.contains("cannot write closed/journal.lock: Permission denied"))
    #expect(place.contents("closed").isEmpty)
  }

  /// What cannot be read twice cannot be compared later either.
  @Test func sweepOfAPipeBeginsAnew() throws {
    let place = try Workdir()
    try place.write(
      "pipe.toml",
      place.text("spec.toml").replacingOccurrences(of: "\"book.csv\"", with: "\"-\"")
    )
    for _ in 0..<2 {
      let call = "\"$BREAKWATER\" sweep pipe.toml -o piped < book.csv"
      #expect(try place.shell(call).text.contains("Files: piped/"))
    }
    let shard = try place.shell(
      "\"$BREAKWATER\" sweep pipe.toml -o piped --shard 1/2 < book.csv",
      expecting: 65
    )
    #expect(shard.diagnostics.contains("write it into a file first"))
  }
}
