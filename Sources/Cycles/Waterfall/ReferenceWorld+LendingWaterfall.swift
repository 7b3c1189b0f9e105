// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import TextKit

extension ReferenceWorld {
  /// One step of a lending account that is liquidatable.
  mutating func defend(lender account: Int, time: Int64) throws(Failure) {
    try defendAtOnce(account, time: time)
  }
}
