// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The models of paths and the fit of a history, as a user calls them.
struct PathModelCommandTests {
  private static let generate = [
    "generate", "paths", "--price", "BTC=100", "--scenarios", "2", "--horizon-s", "40", "-q",
  ]

  /// Nine closes whose logarithms go up and down by the same amount.
  private static var history: String {
    let prices = [100, 101, 100, 101, 100, 99, 100, 101, 100]
    return prices.enumerated()
      .reduce("timestamp_ms,BTC\n") { $0 + "\($1.offset * 60_000),\($1.element)\n" }
  }

  @Test(arguments: [
    ["--model", "student_t", "--degrees", "3"], ["--model", "garch", "--garch-alpha", "0.05"],
    ["--model", "stress", "--stress", "flash", "--stress-scale", "0.5"],
    ["--model", "bootstrap", "--history", "history.csv", "--block-steps", "3"],
  ])
  func sameSeedSameBytes(_ model: [String]) throws {
    let place = try Workdir()
    try place.write("history.csv", PathModelCommandTests.history)
    for folder in ["one", "two"] {
      _ = try place.run(PathModelCommandTests.generate + model + ["-o", folder])
    }
    _ = try place.run(PathModelCommandTests.generate + model + ["-o", "three", "--seed", "2"])
    let one = try place.text("one/path-0002.csv")
    #expect(one.split(separator: "\n").count == 42)
    #expect(try place.text("two/path-0002.csv") == one)
    #expect(try place.text("three/path-0002.csv") != one)
    #expect(try place.text("one/path-0001.csv") != one)
  }

  @Test func aFitSaysWhatItFound() throws {
    let place = try Workdir()
    try place.write("history.csv", PathModelCommandTests.history)
    _ = try place.run(PathModelCommandTests.generate + ["--fit", "history.csv", "-o", "fitted"])
    let rows = try place.text("fitted/fit.csv").split(separator: "\n")
    #expect(
      rows.first
        == """
        asset,changes,drift,realised_volatility,volatility,jumps_per_day,jump_mean,jump_deviation,\
        degrees,garch_alpha,garch_beta,correlation_BTC
        """
    )
    let fields = try #require(rows.last).split(separator: ",")
    #expect(fields.count == 12 && fields[0] == "BTC" && fields[1] == "8" && fields[11] == "1")
    // Eight changes of about 1 % in eight minutes.
    let years = 8 * 60 / 31_557_600.0
    let volatility = try #require(Double(fields[3]))
    #expect((volatility / (8e-4 / years).squareRoot() - 1).magnitude < 0.01)
    #expect(fields[3] == fields[4] && fields[5] == "0")
    // Bars give the same as their closes.
    var bars = "timestamp_ms,asset,open,high,low,close\n"
    for row in PathModelCommandTests.history.split(separator: "\n").dropFirst() {
      let parts = row.split(separator: ",")
      bars += "\(parts[0]),BTC,\(parts[1]),120,80,\(parts[1])\n"
    }
    try place.write("bars.csv", bars)
    _ = try place.run(PathModelCommandTests.generate + ["--fit", "bars.csv", "-o", "barred"])
    #expect(try place.text("barred/fit.csv") == place.text("fitted/fit.csv"))
  }

  @Test func badCallsAreRefused() throws {
    let place = try Workdir()
    try place.write("history.csv", PathModelCommandTests.history)
    let missing = try place.run(
      PathModelCommandTests.generate + ["--model", "bootstrap", "-o", "x"],
      expecting: 64
    )
    #expect(missing.diagnostics.contains("--model bootstrap needs --history"))
    let idle = try place.run(
      PathModelCommandTests.generate + ["--history", "history.csv", "-o", "x"],
      expecting: 64
    )
    #expect(idle.diagnostics.contains("--history needs --model bootstrap"))
    let wild = try place.run(
      PathModelCommandTests.generate
        + ["--model", "garch", "--garch-alpha", "0.5", "--garch-beta", "0.5", "-o", "x"],
      expecting: 65
    )
    #expect(wild.diagnostics.contains("together below 1"))
    let strange = try place.run(
      ["generate", "paths", "--price", "ETH=5", "--fit", "history.csv", "-o", "x", "-q"],
      expecting: 65
    )
    #expect(strange.diagnostics.contains("no asset that has a start price"))
  }

  @Test func aSpecTakesEveryModel() throws {
    let place = try Workdir()
    let prices = try place.text("prices.csv")
    let symbols = prices.split(separator: "\n").dropFirst().map { $0.split(separator: ",")[0] }
    var history = "timestamp_ms," + symbols.joined(separator: ",") + "\n"
    for row in 0..<20 {
      let move = row % 3 == 0 ? 1.01 : 0.995
      history +=
        "\(row * 1000)," + symbols.map { _ in "\(0.5 * move)" }.joined(separator: ",") + "\n"
    }
    try place.write("history.csv", history)
    for model in [
      "model = \"student_t\"\ndegrees = 5", "model = \"garch\"\ngarch_beta = 0.8",
      "model = \"stress\"\nstress = \"october_2025\"",
      "model = \"bootstrap\"\nhistory = \"history.csv\"\nblock_steps = 4",
    ] {
      try place.write(
        "own.toml",
        """
        [inputs]
        book = "book.csv"
        prices = "prices.csv"
        [scenarios]
        generate = 2
        horizon_s = 60
        \(model)
        [output]
        folder = "out"

        """
      )
      _ = try place.run(["sweep", "own.toml", "-q", "--fresh"])
      #expect(try place.text("out/sweep.csv").split(separator: "\n").count == 2)
    }
  }
}
