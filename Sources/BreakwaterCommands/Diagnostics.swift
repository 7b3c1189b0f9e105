// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CommandLineKit
internal import Liquidation
internal import TextKit

/// Lines for people on standard error.
enum Diagnostics {
  static func warn(_ warnings: [String]) {
    for warning in warnings { Output.diagnostic("breakwater: warning: \(warning)") }
  }

  /// Rows by status in one line, such as `12 at_risk, 3 unreachable`.
  static func statusLine(_ counts: [LiquidationStatus: Int]) -> String {
    LiquidationStatus.allCases.map {
      "\(NumberText.grouped(counts[$0, default: 0])) \($0.rawValue)"
    }.joined(separator: ", ")
  }
}
