// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Markets
import Testing
import TextKit

@Suite struct PricePathTests {
  private func refusal(_ times: [Int64], _ values: [Double], assets: [Int] = [0]) -> String? {
    do throws(Failure) {
      _ = try PricePath(name: "path.csv", times: times, assets: assets, values: values)
      return nil
    } catch {
      return error.message
    }
  }

  @Test func `a path without steps is refused`() {
    #expect(refusal([], []) == "path.csv: found 'no rows', expected at least one step")
  }

  @Test(arguments: [[0, 0], [5, 4], [0, 10, 10], [1 << 52, -(1 << 52)]] as [[Int64]])
  func `time that does not rise is refused`(_ times: [Int64]) throws {
    let message = try #require(refusal(times, times.map { _ in 1 }))
    #expect(message.hasPrefix("path.csv: column 'timestamp_ms': found "))
    #expect(message.hasSuffix("sort the rows and remove repeated times"))
  }

  @Test(arguments: [
    (0.0, "0"), (-1, "-1"), (.infinity, "inf"), (.nan, "an empty cell"),
  ])
  func `a price of the first row that is not above 0 is refused`(
    _ price: Double,
    _ shown: String
  ) {
    #expect(
      refusal([0, 1], [price, 1])
        == "path.csv: found '\(shown)', expected a price above 0 for every asset in the first row;"
        + " begin the path where every asset has a price"
    )
  }

  @Test func `a later gap is kept and a later price that is not above 0 is refused`() throws {
    #expect(
      refusal([0, 1], [1, 0]) == "path.csv: found '0', expected a price above 0, at most 1e15"
    )
    let path = try PricePath(name: "p", times: [0, 1], assets: [4, 7], values: [1, 2, .nan, 3])
    #expect(path.value(step: 1, column: 0).isNaN)
    #expect(path.value(step: 1, column: 1) == 3)
    #expect(path.stepCount == 2)
  }

  @Test(arguments: [Int64.max, .min, 1 << 52 + 1, -(1 << 52) - 1])
  func `times whose differences might not fit are refused`(_ time: Int64) {
    #expect(
      refusal([time], [1])
        == "path.csv: column 'timestamp_ms': found '\(time)', expected UTC milliseconds since 1970,"
        + " at most 4503599627370496"
    )
  }

  @Test func `prices above 1e15 are refused, that one is not`() {
    #expect(refusal([0, 1], [1e15, 1e15]) == nil)
    #expect(refusal([0, 1], [1, (1e15).nextUp]) != nil)
    #expect(refusal([0], [(1e15).nextUp]) != nil)
  }

  @Test func `one step is a path`() {
    #expect(refusal([7], [1]) == nil)
    #expect(refusal([-7, 7], [1, 2]) == nil)
  }
}
