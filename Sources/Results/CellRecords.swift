// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Tables
internal import TextKit

/// Some rows of `sweep.csv` with all their columns.
struct CellRecords {
  enum Value {
    case text(String)
    /// Nil where the cell is empty.
    case number(Double?)
  }

  let columns: [String]
  private(set) var rows: [Int: [Value]] = [:]

  init(path: String, rows wanted: [Int]) throws(Failure) {
    // Read in blocks: of a file that is mapped every page that was read counts as memory.
    let source = try TextSource(path: path, mapsFiles: false)
    var reader = try CSVReader(source: source, required: ["cell_id"], keepsOthers: true)
    columns = reader.columns
    let places = columns.indices
    var next = wanted.sorted()[...]
    var row = 0
    while let coming = next.first, try reader.next() {
      if row == coming {
        next = next.dropFirst()
        var values = [Value.text(try reader.text(0))]
        for place in places.dropFirst() {
          values.append(.number(reader.isEmpty(place) ? nil : try reader.number(place)))
        }
        rows[row] = values
      }
      row += 1
    }
  }
}
