// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CommandLineKit
internal import Inputs
internal import Reports
internal import TextKit

/// `breakwater venues check`: everything that is wrong with venue files.
struct VenuesCheck: Command {
  static let name = "check"
  static let about = "Report every problem of a venue file, each with its place"
  static let details: String? = """
    Files are laid over the embedded venues in the order given, as --venues does. Problems go to
    standard output, one a line, and the status is 65 when there are any but warnings. Without
    problems each venue of the files is summed up in one line.
    Example:
      breakwater venues check venues.toml
    """

  @Argument("Venue files (TOML)")
  var files: [FilePath]
  @Flag("Write one JSON object instead of lines")
  var json = false

  mutating func run() throws(Failure) {
    let check = try VenueCheck(files.map(\.path))
    Diagnostics.warn(InputWarnings.cutOff(files.map(\.path)))
    try Output.standard(json ? VenuesCheck.json(check) : VenuesCheck.lines(check))
    guard check.errorCount > 0 else { return }
    let warnings = check.problems.count - check.errorCount
    throw Failure(
      .data,
      VenuesCheck.counted(check.errorCount, "problem")
        + (warnings > 0 ? ", \(VenuesCheck.counted(warnings, "warning"))" : "") + " in "
        + files.map(\.path).joined(separator: ", ")
    )
  }

  private static func counted(_ count: Int, _ word: String) -> String {
    "\(count) \(word)\(count == 1 ? "" : "s")"
  }

  private static func lines(_ check: VenueCheck) -> String {
    let venues = check.summaries.map { venue in
      "\(venue.venue): \(venue.kind), \(counted(venue.assetCount, "asset"))"
        + (venue.marginTableCount > 0
          ? ", \(counted(venue.marginTableCount, "margin table"))" : "")
        + ", liquidates \(venue.liquidatesAtEquality ? "at" : "beyond") the root"
        + ", close factor \(NumberText.shortest(venue.closeFactor))"
        + ", penalty \(NumberText.shortest(venue.penalty)), \(venue.liquidation)"
    }
    return (check.problems.map(\.text) + venues).map { $0 + "\n" }.joined()
  }

  private static func json(_ check: VenueCheck) -> String {
    let problems = check.problems.map { problem in
      JSONValue.object([
        ("severity", .text(problem.isWarning ? "warning" : "error")),
        ("file", .text(problem.file)),
        ("line", problem.line > 0 ? .integer(problem.line) : .null),
        ("column", problem.column > 0 ? .integer(problem.column) : .null),
        ("message", .text(problem.message)),
      ])
    }
    let venues = check.summaries.map { venue in
      JSONValue.object([
        ("venue", .text(venue.venue)),
        ("kind", .text(venue.kind)),
        ("assets", .integer(venue.assetCount)),
        ("margin_tables", .integer(venue.marginTableCount)),
        ("liquidates_at_equality", .flag(venue.liquidatesAtEquality)),
        ("close_factor", .number(venue.closeFactor)),
        ("penalty", .number(venue.penalty)),
        ("liquidation", .text(venue.liquidation)),
      ])
    }
    return JSONValue.object([("problems", .array(problems)), ("venues", .array(venues))]).text
  }
}
