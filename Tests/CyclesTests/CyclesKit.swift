// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Clusters
import Cycles
import Markets
import Numerics
import Settings
import TestSupport
import TextKit

/// Whole USD in micro-USD.
func dollars(_ amount: Int64) -> Micro { amount * 1_000_000 }

/// What is missing when a fixture does not exist.
struct Missing: Error {
  let what: String

  init(_ what: String) { self.what = what }
}

/// One scenario of a small world.
func input(
  _ kit: WorldBook,
  _ accounts: [Account],
  _ path: PricePath,
  confidences: [String: Double] = [:],
  scenario: Int = 0
) throws -> WorldInput {
  var ratios = Array(repeating: 0.0, count: kit.catalogue.assets.count)
  for (symbol, ratio) in confidences { ratios[try kit.asset(symbol)] = ratio }
  return try WorldInput(
    book: kit.book(accounts),
    catalogue: kit.catalogue,
    path: path,
    confidenceRatios: ratios,
    slot0: 0,
    seed: 1,
    scenario: scenario
  )
}

/// Runs a small world with all events; clusters count from 0 USD so that small books matter.
func run(
  _ kit: WorldBook,
  _ accounts: [Account],
  _ path: PricePath,
  _ changes: [String: Double] = [:],
  confidences: [String: Double] = [:]
) throws -> (result: WorldResult, log: EventLog) {
  let settings = try WorldSettings(try worldSettings(changes))
  let result = try ReferenceWorld.run(
    input(kit, accounts, path, confidences: confidences),
    settings,
    keepsLog: true
  )
  guard let log = result.log else { throw Missing("a log") }
  return (result, log)
}

/// Settings that make every cluster deployable.
let anyCluster: [String: Double] = ["clusters.min_size_usd": 0, "clusters.min_confidence": 0]

/// The settings that the vault reads.
func vaultSettings(_ changes: [String: Double] = [:]) throws -> VaultSettings {
  try VaultSettings(SettingsView(try worldSettings(changes), for: .vault))
}

/// A lot with given amounts in whole USD, made of one that a world opened.
func lot(
  quantity: Double,
  open: Double,
  debt: Double,
  interest: Double = 0,
  fee: Double = 0,
  buffer: Double = 0,
  kappa: Double
) throws -> Lot {
  let kit = try WorldBook()
  let account = try kit.loan("a", deposit: ("SOL", 10), borrow: ("USDC", 900))
  let (_, log) = try run(kit, [account], kit.path([100]))
  guard var lot = log.auctions.first?.lot else { throw Missing("a lot") }
  lot.quantity = quantity
  lot.open = try micro(open)
  lot.debt = try micro(debt)
  lot.interest = try micro(interest)
  lot.fee = try micro(fee)
  lot.buffer = try micro(buffer)
  lot.kappaUSDPerSecond = kappa
  return lot
}

extension Dictionary where Key == String, Value == Double {
  /// Both, the right one winning.
  func with(_ other: [String: Double]) -> [String: Double] { merging(other) { $1 } }
}
