// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Inputs
import Sweeps
import TestSupport
import Testing
import TextKit

/// Zip groups, conditions and samples as a spec says them.
@Suite struct SweepGridTests {
  private static let inputs = """
    [inputs]
    book = "book.csv"
    paths = ["crash.csv"]

    """

  private func read(_ text: String, sample: GridSample? = nil) throws -> SweepSpec {
    let folder = WorldFolder()
    return try SweepSpec.read(
      folder.file("sweep.toml", SweepGridTests.inputs + text),
      sample: sample
    )
  }

  private func refusal(_ text: String) -> String {
    let folder = WorldFolder()
    let path = folder.file("sweep.toml", SweepGridTests.inputs + text)
    return complaint(folder) { _ = try SweepSpec.read(path) }
  }

  private static let shaped = """
    [settings]
    protection.poll_s = 20
    [grid]
    vault.recover_bps = { from = 50, to = 150, steps = 3 }
    venues.kamino.assets.SOL.liquidation_threshold = [0.7, 0.75]
    where = [
      "vault.timeout_s >= 30 * protection.poll_s",
      "venues.kamino.assets.SOL.liquidation_threshold > 0.7 or vault.recover_bps < 100",
    ]
    [[zip]]
    vault.timeout_s = [300, 600, 900]
    vault.stop_loss = [0.02, 0.05, 0.05]
    [[zip]]
    auction.fee_bps = { from = 50, to = 100, steps = 2 }
    auction.gas_usd = [1, 2]

    """

  @Test func `zip groups and conditions shape the grid`() throws {
    let grid = try read(SweepGridTests.shaped).grid
    #expect(
      grid.axes.map(\.name) == [
        "auction.fee_bps", "auction.gas_usd", "vault.recover_bps", "vault.stop_loss",
        "vault.timeout_s", "venues.kamino.assets.SOL.liquidation_threshold",
      ]
    )
    #expect(grid.dimensions.map(\.axes) == [[0, 1], [2], [3, 4], [5]])
    var expected: [[Double]] = []
    for (fee, gas) in [(50.0, 1.0), (100, 2)] {
      for recover in [50.0, 100, 150] {
        for (stop, timeout) in [(0.05, 600.0), (0.05, 900)] {
          for threshold in [0.7, 0.75] where threshold > 0.7 || recover < 100 {
            expected.append([fee, gas, recover, stop, timeout, threshold])
          }
        }
      }
    }
    #expect((0..<grid.count).map { grid.cell($0).values } == expected)
  }

  @Test func `a sample is drawn by the spec, or by who reads it`() throws {
    let spec = try read(SweepGridTests.shaped + "[sample]\ncells = 40\nseed = 9\n")
    #expect(spec.sample == GridSample(count: 40, seed: 9))
    #expect(spec.grid.pointCount <= 40)
    #expect(spec.grid.dimensions.count == 1)
    for index in 0..<spec.grid.count {
      let values = spec.grid.cell(index).values
      #expect(values[2] >= 50 && values[2] <= 150)
      #expect(values[4] >= 600)
    }
    #expect(try read(SweepGridTests.shaped + "[sample]\ncells = 4").sample?.seed == 1)
    let other = GridSample(count: 10, seed: 2)
    let drawn = try read(SweepGridTests.shaped + "[sample]\ncells = 40\n", sample: other)
    #expect(drawn.sample == other)
    #expect(drawn.grid.pointCount <= 10)
  }

  @Test(arguments: [
    (
      "[[zip]]\nvault.timeout_s = [1, 2]\nvault.stop_loss = [0.1]",
      "sweep.toml:4: zip: found 2 values of vault.timeout_s and 1 of vault.stop_loss, expected"
        + " equally many"
    ),
    (
      "[[zip]]\nvault.timeout_s = [1, 2]",
      "sweep.toml:4: zip: found vault.timeout_s alone, expected at least two settings that move"
        + " together"
    ),
    ("[[zip]]", "sweep.toml:4: zip: found no settings, expected at least two that move together"),
    (
      "[grid]\nvault.timeout_s = [1, 2]\n[[zip]]\nvault.timeout_s = [1, 2]\nvault.fee_bps = [1, 2]",
      "sweep.toml:7: zip[0].vault.timeout_s: is swept at sweep.toml:5 too, expected once, on its"
        + " own or in one zip"
    ),
    (
      "[[zip]]\nvault.timeout_s = [1, 2, 1]\nvault.fee_bps = [1, 2, 1]",
      "sweep.toml:4: zip: rows 1 and 3 of vault.timeout_s, vault.fee_bps are equal, expected"
        + " different ones"
    ),
    (
      "[grid]\nwhere = \"vault.timeout_s > \"",
      "sweep.toml:5: grid.where: position 19: found the end, expected a number, a setting or '('"
    ),
    (
      "[grid]\nwhere = [\"1 < 2\",\n  \"vault.timeout > 2\"]",
      "sweep.toml:6: grid.where: position 1: unknown setting 'vault.timeout'; did you mean"
        + " 'vault.timeout_s'?"
    ),
  ])
  func `what cannot be is refused with its line`(text: String, message: String) {
    #expect(refusal(text) == message)
  }

  @Test(arguments: [
    ("[grid]\nwhere = 5", "sweep.toml:5: grid.where: found 5, expected text"),
    (
      "[grid]\nwhere = \"venues.kamino.assets.SOL.factor > 2\"",
      "sweep.toml:5: unknown setting 'venues.kamino.assets.SOL.factor'"
    ),
    ("[sample]\ncells = 0", "sweep.toml:5: sample.cells: found 0, expected"),
    ("[sample]\ncell = 5", "sweep.toml:5: unknown key 'sample.cell'; did you mean 'cells'?"),
    ("[sample]\ncells = 5", "found no axis to draw samples of"),
    ("[zip]\nvault.timeout_s = [1]", "sweep.toml:4: zip: found a table, expected an array"),
    ("zip = 5", "sweep.toml:4: unknown key 'inputs.zip'"),
  ])
  func `what cannot be read is refused with its place`(text: String, start: String) {
    let message = refusal(text)
    #expect(message.hasPrefix(start), "\(message)")
  }
}
