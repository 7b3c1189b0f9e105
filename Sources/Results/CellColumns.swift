// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

package import TextKit
internal import Tables

/// `sweep.csv` by columns: what was swept, and the metrics that are asked for.
///
/// Columns are known by their names alone: those with a dot were swept, `cell_id` names the row,
/// all others are metrics.
package struct CellColumns: Sendable {
  /// What was swept, in the order of the file.
  package private(set) var axes: [SweptAxis] = []
  /// Names of all metrics, in the order of the file.
  package private(set) var metrics: [String] = []
  /// How many cells there are.
  package private(set) var count = 0
  private var kept: [String: [Double]] = [:]
  private var ids = IDColumn()

  /// More numbers than this are not kept, but for the columns that pictures need.
  private static let mostNumbers = 20_000_000

  /// Reads the file once, in pieces.
  ///
  /// * `rows`: how many there are, as the manifest says; decides whether all metrics are kept.
  /// * `needed`: metrics to keep in any case.
  package init(path: String, rows: Int, needed: [String]) throws(Failure) {
    // Read in blocks: of a file that is mapped every page that was read counts as memory.
    let source = try TextSource(path: path, mapsFiles: false)
    var reader = try CSVReader(source: source, required: ["cell_id"], keepsOthers: true)
    let names = reader.columns
    let swept = names.indices.filter { names[$0].contains(".") }
    metrics = names.dropFirst().filter { !$0.contains(".") }
    let wanted = Set(needed)
    let keepsAll = metrics.count * rows <= CellColumns.mostNumbers
    let places = names.indices.dropFirst().filter { place in
      !names[place].contains(".") && (keepsAll || wanted.contains(names[place]))
    }
    var values = Array(repeating: [Double](), count: places.count)
    var positions = Array(repeating: [Double](), count: swept.count)
    for index in values.indices { values[index].reserveCapacity(rows) }
    for index in positions.indices { positions[index].reserveCapacity(rows) }
    while try reader.next() {
      ids.append(try reader.text(0))
      for (index, place) in swept.enumerated() {
        positions[index].append(try reader.number(place, default: .nan))
      }
      for (index, place) in places.enumerated() {
        values[index].append(try reader.number(place, default: .nan))
      }
      count += 1
    }
    for (index, place) in swept.enumerated() {
      axes.append(SweptAxis(name: names[place], values: positions[index]))
      positions[index] = []
    }
    for (index, place) in places.enumerated() { kept[names[place]] = values[index] }
  }

  /// The numbers of a metric by row, NaN where the cell is empty; nil when it was not kept.
  package func values(_ name: String) -> [Double]? { kept[name] }

  /// The number of a metric in a row; nil where there is none.
  package func value(_ name: String, row: Int) -> Double? {
    guard let value = kept[name]?[row], !value.isNaN else { return nil }
    return value
  }

  /// The id of a row.
  package func id(_ row: Int) -> String { ids[row] }

  /// The row of an id.
  package func row(of id: String) -> Int? { ids.first(id) }

  /// Swept values of a row alone, such as `0.05, 1800`; the id where nothing was swept.
  package func place(row: Int) -> String {
    axes.isEmpty
      ? id(row) : axes.map { NumberText.shortest($0.value(row: row)) }.joined(separator: ", ")
  }

  /// Swept values of a row as text, such as `vault.stop_loss = 0.05`.
  package func settings(row: Int) -> String {
    axes.map { "\($0.name) = \(NumberText.shortest($0.value(row: row)))" }.joined(separator: ", ")
  }
}

/// Ids of all rows, side by side.
private struct IDColumn: Sendable {
  private var bytes: [UInt8] = []
  private var ends: [Int] = []

  mutating func append(_ id: String) {
    bytes.append(contentsOf: id.utf8)
    ends.append(bytes.count)
  }

  subscript(row: Int) -> String {
    String(decoding: bytes[(row > 0 ? ends[row - 1] : 0)..<ends[row]], as: UTF8.self)
  }

  func first(_ id: String) -> Int? {
    let wanted = Array(id.utf8)
    var start = 0
    for (row, end) in ends.enumerated() {
      if end - start == wanted.count, bytes[start..<end].elementsEqual(wanted) { return row }
      start = end
    }
    return nil
  }
}
