// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

extension Setting {
  /// Every setting with unit, default, bounds and the stages that read it (SEMANTICS, "Settings").
  package static let all: [Setting] =
    oracleAndClusters + vault + vaultEntry + market + protection + monitor + accounts
    + liquidationAndAuction + selling + oracleSources + waterfall + keepers + simulation + cascade
    + report
}
