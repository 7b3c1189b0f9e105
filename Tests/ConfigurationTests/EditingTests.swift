// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Configuration
import Testing
import TextKit

@Suite struct EditingTests {
  private let venues = """
    [venues.drift]
    kind = "perp_sized"
    [venues.drift.assets]
    SOL = { maintenance_ratio = 0.05, imf_factor = 0.0002 }
    BTC = { maintenance_ratio = 0.0333 }
    [venues.hl.tables.BTC]
    tiers = [{ lower_usd = 0, max_leverage = 40 }, { lower_usd = 150, max_leverage = 20 }]
    """

  @Test func `settings and grids come out flat and in the order of the source`() throws {
    let root = try table(
      """
      vault.stop_loss = [0.02, 0.03]
      protection.trigger = { from = 0.01, to = 0.1, steps = 16 }
      vault.timeout_s = 300
      [auction]
      kappa = { base = 1 }
      "a.b" = true
      """
    )
    let leaves = root.flattened { value in
      guard case .table(let entries) = value.kind else { return false }
      return entries.contains { $0.key == "from" }
    }
    #expect(
      leaves.map(\.key) == [
        "vault.stop_loss", "protection.trigger", "vault.timeout_s", "auction.kappa.base",
        "auction.\"a.b\"",
      ]
    )
    #expect(
      leaves.map(\.value.shown) == ["an array of 2", "a table", "300", "1", "true"]
    )
    for leaf in leaves { #expect(try root.value.value(at: leaf.key) == leaf.value) }
    #expect(root.flattened().count == 7)
  }

  @Test func `an override wins, deep in tables, and its new keys follow`() throws {
    let base = try parsed("a = 1\nt = { x = 1, y = [1, 2], z = 3 }\nb = 2\n", file: "base.toml")
    let over = try parsed("c = 9\n[t]\nz = { q = 1 }\ny = [3]\nw = 4\n", file: "mine.toml")
    let merged = try ConfigTable(base.merging(over))
    #expect(merged.keys == ["a", "t", "b", "c"])
    let inner = try merged.table("t")
    #expect(inner.keys == ["x", "y", "z", "w"])
    #expect(try inner.numbers("y") == [3])
    #expect(try inner.table("z").integer("q") == 1)
    #expect(inner["x"]?.place == "base.toml:2")
    #expect(inner["w"]?.place == "mine.toml:5")
    #expect(inner.value.place == "mine.toml:2")
    #expect(merged.flattened().map(\.key) == ["a", "t.x", "t.y", "t.z.q", "t.w", "b", "c"])
  }

  @Test func `merging with nothing changes nothing but the place of the root`() throws {
    let base = try parsed(venues, file: "base.toml")
    #expect(base.merging(try parsed("", file: "mine.toml")).kind == base.kind)
    #expect(try parsed("").merging(base) == base)
  }

  @Test func `a number is replaced where it stands`() throws {
    let base = try parsed(venues, file: "venues.toml")
    let path = "venues.drift.assets.SOL.maintenance_ratio"
    let changed = try base.replacing(path: path, withNumber: 0.07)
    #expect(try changed.value(at: path).number() == 0.07)
    #expect(try changed.value(at: path).place == "venues.toml:4")
    let flat = try ConfigTable(base).flattened()
    let other = try ConfigTable(changed).flattened()
    #expect(flat.map(\.key) == other.map(\.key))
    #expect(zip(flat, other).count { $0.value != $1.value } == 1)
    let tier = "venues.hl.tables.BTC.tiers[1].max_leverage"
    #expect(try base.replacing(path: tier, withNumber: 25).value(at: tier).integer() == 25)
    #expect(try base.replacing(path: tier, withNumber: 2.5).value(at: tier).number() == 2.5)
  }

  @Test(arguments: [
    (
      "venues.drift.assets.SOL.maintenance_rato",
      "unknown setting 'venues.drift.assets.SOL.maintenance_rato'; "
        + "did you mean 'maintenance_ratio'?"
    ),
    ("venues.drif.kind", "unknown setting 'venues.drif.kind'; did you mean 'drift'?"),
    ("nothing.like.it", "unknown setting 'nothing.like.it'"),
    (
      "venues.drift.kind",
      "'venues.drift.kind': found the text 'perp_sized', "
        + "expected a number there"
    ),
    (
      "venues.drift.kind.x",
      "unknown setting 'venues.drift.kind.x'; "
        + "'venues.drift.kind' is the text 'perp_sized'"
    ),
    ("venues.drift", "'venues.drift': found a table, expected a number there"),
    (
      "venues.hl.tables.BTC.tiers[2].lower_usd",
      "unknown setting 'venues.hl.tables.BTC.tiers[2].lower_usd'; "
        + "'venues.hl.tables.BTC.tiers' is an array of 2"
    ),
    ("", "found the path '', expected one like 'a.b.c'"),
    ("venues..kind", "found the path 'venues..kind', expected one like 'a.b.c'"),
    ("venues.", "found the path 'venues.', expected one like 'a.b.c'"),
    ("a[x]", "found the path 'a[x]', expected one like 'a.b.c'"),
    ("\"a", "found the path '\"a', expected one like 'a.b.c'"),
  ])
  func `a path that leads to no number is refused`(path: String, expected: String) throws {
    let base = try parsed(venues, file: "venues.toml")
    #expect(message { _ = try base.replacing(path: path, withNumber: 1) } == expected)
    let name = try parsed("\n\nx = 1").value(at: "x")
    #expect(
      message { _ = try base.replacing(path: path, withNumber: 1, namedBy: name) }
        == "sweep.toml:3: " + expected
    )
  }

  @Test func `only a finite number replaces another`() throws {
    let base = try parsed("a = 1")
    #expect(
      message { _ = try base.replacing(path: "a", withNumber: .infinity) }
        == "'a': found inf, expected a finite number"
    )
  }
}
