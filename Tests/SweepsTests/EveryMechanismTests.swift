// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Cycles
import Foundation
import Liquidation
import Markets
import Settings
import TestSupport
import Testing

/// Random worlds in which every mechanism is on that is off by default: full waterfall, keepers,
/// queue, outages, penalties, oracle sources with faults and attacks, calls of the monitor,
/// funding, interest, stop-losses, reactive entry, event lots and cascades, all at once.
@Suite struct EveryMechanismTests {
  /// `BREAKWATER_CONSERVATION_WORLDS` says how many; few in debug builds.
  private static let count: UInt64 = {
    #if DEBUG
    let usual: UInt64 = 60
    #else
    let usual: UInt64 = 1_000
    #endif
    let given = ProcessInfo.processInfo.environment["BREAKWATER_CONSERVATION_WORLDS"]
    return given.flatMap { UInt64($0) } ?? usual
  }()

  /// What happened in some worlds.
  private final class Seen {
    var worlds = 0
    var effects: [StepEffect] = []
    var categories: Set<EventCategory> = []
    var kinds: [String: Int] = [:]
    var events: [String: Int] = [:]
    var deleveragings = 0
    /// Counterparties that stood at prices at which they were liquidatable already.
    var fallenBefore = 0
    var errors: [String] = []
  }

  @Test func `no micro-USD is made or lost, effects keep their order, deleveraging its rules`()
    throws
  {
    let seen = Seen()
    for seed in PropertySeeds.first(Self.count) {
      let world = try RandomWorld(seed: seed, everything: true, mostCells: 1, mostSteps: 120)
      let input = try WorldInput(
        book: world.book,
        catalogue: try TestCatalogue.read(world.venues),
        path: world.paths[0],
        confidenceRatios: world.confidenceRatios,
        slot0: world.slot0,
        seed: seed,
        scenario: 0
      )
      let settings = try WorldSettings(world.base)
      seen.effects = []
      let result = try ReferenceWorld.run(input, settings, keepsLog: true) { sight in
        switch sight {
        case .effect(let effect, _, let rows): look(effect, rows, input, seen)
        case .deleveraging(let part):
          do { try look(part, input, seen) } catch { seen.errors.append("\(error)") }
        }
      }
      #expect(result.ledgerImbalance == 0, "seed \(seed)")
      let steps = input.path.stepCount
      #expect(
        seen.effects == (0..<steps).flatMap { _ in StepEffect.allCases },
        "seed \(seed)"
      )
      #expect(seen.errors.isEmpty, "seed \(seed): \(seen.errors)")
      seen.errors = []
      seen.worlds += 1
      for row in result.log?.liquidations ?? [] { seen.kinds[row.kind.rawValue, default: 0] += 1 }
      for event in result.log?.liquidationEvents ?? [] {
        seen.events[event.kind.rawValue, default: 0] += 1
      }
    }
    print(
      "every mechanism: \(seen.worlds) worlds, \(seen.deleveragings) deleveragings"
        + " (\(seen.fallenBefore) of accounts that had fallen),"
        + " rows \(seen.kinds.sorted { $0 < $1 }),"
        + " events \(seen.events.sorted { $0 < $1 })"
    )
    if PropertySeeds.areAll {
      #expect(seen.deleveragings > 0)
      #expect(seen.categories.count >= EventCategory.allCases.count - 1, "\(seen.categories)")
    }
  }

  /// The rows of an effect are of its categories.
  private func look(
    _ effect: StepEffect,
    _ rows: EventLog,
    _ input: WorldInput,
    _ seen: Seen
  ) {
    seen.effects.append(effect)
    var found: Set<EventCategory> = []
    if !rows.cycles.isEmpty { found.insert(.vaultCycle) }
    if !rows.protection.isEmpty { found.insert(.protection) }
    if !rows.auctions.isEmpty { found.insert(.auction) }
    if !rows.liquidationEvents.isEmpty { found.insert(.liquidationEvent) }
    for row in rows.liquidations {
      found.insert(EventCategory(row, of: input.book.accounts[row.account]))
    }
    seen.categories.formUnion(found)
    let strange = found.subtracting(effect.categories)
    if !strange.isEmpty { seen.errors.append("\(effect) wrote \(strange)") }
  }

  /// One position of the other side became smaller, and nobody fell by it who stood before.
  private func look(_ part: Deleveraging, _ input: WorldInput, _ seen: Seen) throws {
    seen.deleveragings += 1
    var changed = 0
    for (old, new) in zip(part.before.legs, part.after.legs) where old.quantity != new.quantity {
      changed += 1
      if old.kind != .perp || old.asset != part.asset || old.quantity * part.bankruptQuantity >= 0 {
        seen.errors.append("took from the same side: \(old.quantity)")
      }
      if new.quantity * old.quantity < 0 || new.quantity.magnitude >= old.quantity.magnitude {
        seen.errors.append("not smaller: \(old.quantity), then \(new.quantity)")
      }
    }
    if changed != 1 || part.bankrupt == part.counterparty
      || part.before.venue != input.book.accounts[part.bankrupt].venue
    {
      seen.errors.append("not one position of another account of the venue: \(changed)")
    }
    if try stands(part.before, part, input) {
      if try !stands(part.after, part, input) {
        seen.errors.append("left liquidatable: \(input.book.accounts[part.counterparty].name)")
      }
    } else {
      seen.fallenBefore += 1
    }
  }

  /// Compiles an account anew and asks whether it stands, both by its roots and by its health.
  private func stands(
    _ account: Account,
    _ part: Deleveraging,
    _ input: WorldInput
  ) throws -> Bool {
    var snapshot = PriceSnapshot(input.catalogue.assets)
    for asset in input.assets {
      snapshot.set(
        asset,
        price: part.prices[asset],
        confidenceRatio: input.confidenceRatios[asset]
      )
    }
    let alone = try AffineBook(
      compiling: Book(accounts: [account]),
      catalogue: input.catalogue,
      snapshot: snapshot
    )
    let hasFallen = alone.isLiquidatable(
      account: 0,
      deposited: part.credit,
      prices: part.prices,
      confidences: part.confidences
    )
    let health = alone.health(
      of: 0,
      deposited: part.credit,
      prices: part.prices,
      confidences: part.confidences
    )
    let bound = 1e-9 * (1 + alone.notional(of: 0, prices: part.prices))
    return !hasFallen && health > -bound
  }
}
