// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The files of a good folder of columns, with their bytes.
private let columns: [(name: String, bytes: [UInt8])] = {
  Fuzz.write(
    "rows.csv",
    """
    account,venue,asset,leg,quantity,entry_price,collateral_usd,max_leverage,protected,\
    margin_mode,observed_slot,liquidation_threshold
    a,hyperliquid,BTC,perp,2.5,60000,12000,,1,,299999000,
    b,hyperliquid,ETH,perp,-40,3000,13507.88,20,0,isolated,,
    c,marginfi,SOL,deposit,8000,,0,,0,,299999700,
    c,marginfi,USDC,borrow,900000,,0,,0,,299999700,
    d,kamino,SOL,deposit,9000,,0,,1,,299999700,0.8

    """.utf8
  )
  Fuzz.run(["convert", "rows.csv", "columns", "-q"])
  let all = [
    "account", "asset", "collateral_usd", "entry_price", "leg", "liquidation_threshold",
    "margin_mode", "max_leverage", "observed_slot", "protected", "quantity", "venue",
    "account_ends", "account_names",
  ]
  return (all.map { $0 + ".npy" } + ["codes.json"]).compactMap { name in
    Fuzz.read("columns/" + name).map { (name, $0) }
  }
}()

/// One file of a folder of columns: the first byte says which, the rest is the file.
@Sendable func fuzzNumpy(_ input: [UInt8]) {
  guard let choice = input.first else { return }
  let (name, bytes) = columns[Int(choice) % columns.count]
  Fuzz.write("columns/" + name, input.dropFirst())
  Fuzz.book("columns", of: input)
  Fuzz.write("columns/" + name, bytes)
}
