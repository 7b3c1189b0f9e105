// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Liquidation
internal import TextKit

extension ReferenceWorld {
  /// Closes an account as its owner wants it: at the mark, without penalty.
  mutating func closeForOwner(
    _ account: Int,
    _ event: ProtectionRecord.Event,
    time: Int64
  ) throws(Failure) {
    protection.release(account, deposited: accounts.deposited[account])
    accounts.noteFall(of: account, input.affine, oracle)
    let (_, returned, _) = try liquidations.closeAtMark(
      account,
      isForced: false,
      time: time,
      input,
      &accounts,
      oracle,
      &ledger
    )
    accounts.isClosedByOwner[account] = true
    accounts.isStopped[account] = event == .stopLoss
    protectionReturned += Int128(returned)
    protection.close(
      account,
      for: event,
      returned: returned,
      time: time,
      input,
      accounts,
      oracle,
      &log
    )
  }
}
