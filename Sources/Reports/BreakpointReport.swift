// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Cycles
package import Sweeps
package import Tables

/// `breakpoints.csv`: the exit levels of one cell at which its outcome changes.
package enum BreakpointReport {
  /// A file of the levels of a cell, in the order given.
  package static func table(_ breakpoints: [ExitBreakpoint], of cellID: String) -> CSVBuilder {
    var table = CSVBuilder()
    table.row(["cell_id", "axis", "level", "scenarios"])
    for breakpoint in breakpoints {
      table.text(cellID)
      table.text(breakpoint.axis.rawValue)
      table.number(breakpoint.level)
      table.integer(breakpoint.scenarios)
      table.endRow()
    }
    return table
  }
}
