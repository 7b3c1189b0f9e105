// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Markets
import Testing

/// The published cases of oracles, and of seed 4's clock.
enum OracleCases {
  static func evaluate(
    _ venue: String,
    _ kind: String,
    _ output: String,
    _ inputs: CaseInputs
  ) throws -> CaseValue? {
    switch (venue, kind) {
    case ("pyth", "oracle_aggregation"): return try pyth(output, inputs)
    case ("chainlink", "oracle_aggregation"):
      if inputs.has("old", "old_answer") {
        return .flag(
          ChainlinkReport.isDeviation(
            from: try inputs.number("old", "old_answer"),
            to: try inputs.number("new", "new_answer"),
            alphaPPB: try #require(inputs.number(like: "alpha"))
          )
        )
      }
      return CaseValue(ChainlinkReport.answer(try inputs.numbers("observations")))
    case ("hyperliquid", "oracle_aggregation"): return try mark(output, inputs)
    case ("cusp", "auction_price"), ("cusp", "auction_start"): return try clock(output, inputs)
    default: return nil
    }
  }

  private static func pyth(_ output: String, _ inputs: CaseInputs) throws -> CaseValue? {
    let publishers = try inputs.records("publishers").map {
      (
        price: Int64(try $0.whole("price")),
        confidence: Int64(try $0.whole("conf", "confidence"))
      )
    }
    let found = PythAggregate(publishers)
    return CaseValue(output.contains("conf") ? found?.confidence : found?.price)
  }

  private static func mark(_ output: String, _ inputs: CaseInputs) throws -> CaseValue? {
    guard case .list(let list)? = inputs.values["cex"] else { return nil }
    var exchanges: [(value: Double, weight: Double)] = []
    for entry in list {
      guard case .list(let pair) = entry, pair.count == 2 else { return nil }
      exchanges.append(
        (
          try #require(pair[0].written.flatMap(Double.init)),
          try #require(pair[1].written.flatMap(Double.init))
        )
      )
    }
    guard let weighted = HyperliquidMark.weightedMedian(exchanges) else { return .nothing }
    guard output.contains("mark") else { return .number(weighted) }
    return .number(
      HyperliquidMark.mark(
        oracle: try inputs.number("oracle"),
        basis: try inputs.number("ema_basis"),
        book: HyperliquidMark.median(
          try inputs.number("bid"),
          try inputs.number("ask"),
          try inputs.number("last")
        ),
        exchanges: weighted
      )
    )
  }

  /// `max(reserve, Q · P − kappa · tau)`, reserve `D + I + f + b`.
  private static func clock(_ output: String, _ inputs: CaseInputs) throws -> CaseValue? {
    let open = try inputs.number("Q_liq") * (try inputs.number("P_mark"))
    let reserve =
      try inputs.number("D") + inputs.number("I") + inputs.number("f_liq") + inputs.number("b")
    if output.contains("res") { return .number(reserve) }
    let tau = try inputs.number("tau", orElse: 0)
    return .number(max(reserve, open - (try inputs.number("kappa", orElse: 0)) * tau))
  }
}

extension VenueCaseRows {
  private static let publishers = """
    {"publishers": [{"price": 100, "conf": 10}, {"price": 200, "conf": 20},
    {"price": 300, "conf": 30}
    """

  static let oracles: [VenueCaseRow] = [
    VenueCaseRow(
      "ORA-00b",
      "pyth",
      "oracle_aggregation",
      "aggregate_conf",
      "10",
      "exact",
      #"{"publishers": [{"price": 100, "conf": 10}]}"#
    ),
    VenueCaseRow(
      "ORA-01a",
      "pyth",
      "oracle_aggregation",
      "aggregate_price",
      "145",
      "exact",
      #"{"publishers": [{"price": 100, "conf": 10}, {"price": 200, "conf": 20}]}"#
    ),
    VenueCaseRow(
      "ORA-02a",
      "pyth",
      "oracle_aggregation",
      "aggregate_price",
      "200",
      "exact",
      publishers + "]}"
    ),
    VenueCaseRow(
      "ORA-03a",
      "pyth",
      "oracle_aggregation",
      "aggregate_price",
      "245",
      "exact",
      publishers + #", {"price": 400, "conf": 40}]}"#
    ),
    VenueCaseRow(
      "ORA-07",
      "pyth",
      "oracle_aggregation",
      "aggregate_price",
      "101",
      "exact",
      """
      {"publishers": [{"price": 100, "conf": 1}, {"price": 101, "conf": 1},
      {"price": 102, "conf": 1}, {"price": 99, "conf": 1}, {"price": 1000, "conf": 1}]}
      """
    ),
    VenueCaseRow(
      "ORA-10",
      "chainlink",
      "oracle_aggregation",
      "answer",
      "3",
      "exact",
      #"{"observations": ["1", "2", "3", "4"]}"#
    ),
    VenueCaseRow(
      "HL-49",
      "hyperliquid",
      "oracle_aggregation",
      "mark_price",
      "100.3",
      "exact",
      """
      {"oracle": "100", "ema_basis": "0.4", "bid": "100.1", "ask": "100.3", "last": "100.2",
      "cex": [["100.25", 3], ["100.3", 2], ["100.35", 2], ["90", 1], ["110", 1]]}
      """
    ),
  ]

  static let clocks: [VenueCaseRow] =
    [("AUC-00", "0", "1000"), ("AUC-02", "1800", "500"), ("AUC-05", "4000", "0")].map {
      VenueCaseRow(
        $0.0,
        "maker",
        "auction_price",
        "price",
        $0.2,
        "exact",
        #"{"top": "1000", "tau": 3600, "elapsed": "# + $0.1 + "}"
      )
    }
    + [("AUC-50", "0", "1500"), ("AUC-52", "60", "1200")].map {
      VenueCaseRow(
        $0.0,
        "cusp",
        "auction_price",
        "auction_price",
        $0.2,
        "exact",
        """
        {"Q_liq": "10", "P_mark": "150", "kappa": "5", "D": "1100", "I": "20", "f_liq": "15",
        "b": "65", "tau": "
        """ + $0.1 + #""}"#
      )
    } + [
      VenueCaseRow(
        "AUC-10",
        "maker",
        "auction_price",
        "price_ray",
        "2735783211953807380973706855",
        "exact",
        """
        {"top_ray": 5000000000000000000000000000, "cut_ray": 990000000000000000000000000,
        "step": 1, "elapsed": 60}
        """
      )
    ]
}
