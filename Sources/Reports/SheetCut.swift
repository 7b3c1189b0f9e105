// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Tables
package import TextKit

/// A CSV report cut to what a spreadsheet holds: the first rows by a column, files of so many rows.
package struct SheetCut: Sendable {
  /// How rows are ranked.
  package enum Order: Sendable {
    /// Nearest to 0 first, empty ones last.
    case nearest
    /// Largest first, empty ones last.
    case largest
  }

  private let top: Int?
  private let splitRows: Int?
  private let column: String?
  private let order: Order

  /// * `top`: how many rows stay; nil for all, in their own order.
  /// * `splitRows`: rows of one file; nil for one file.
  /// * `column`: what rows are ranked by; nil for their place in the file.
  package init(top: Int?, splitRows: Int?, column: String?, order: Order = .nearest) {
    (self.top, self.splitRows, self.column, self.order) = (top, splitRows, column, order)
  }

  /// Cuts a file.
  ///
  /// - Returns: the names of the files that were written.
  package func cut(_ source: String, to path: String) throws(Failure) -> [String] {
    // None is asked for by name, so that columns keep their order.
    var reader = try CSVReader(path: source, required: [], keepsOthers: true)
    var writer = SheetWriter(path: path, columns: reader.columns, splitRows: splitRows)
    guard let top, let column else {
      var left = top ?? .max
      while left > 0, try reader.next() {
        try writer.add(reader.fields())
        left -= 1
      }
      return try writer.finish()
    }
    guard let ranking = reader.columns.firstIndex(of: column) else {
      throw Failure(.internalError, "\(source): found no column '\(column)'")
    }
    var kept: [Row] = []
    var waiting: [Row] = []
    var number = 0
    while try reader.next() {
      let key = reader.isEmpty(ranking) ? .infinity : rank(try reader.number(ranking))
      number += 1
      if kept.count == top, let last = kept.last, last.key <= key { continue }
      waiting.append(Row(key: key, number: number, fields: try reader.fields()))
      if waiting.count >= max(1024, top) { SheetCut.merge(&kept, &waiting, top) }
    }
    SheetCut.merge(&kept, &waiting, top)
    for row in kept { try writer.add(row.fields) }
    return try writer.finish()
  }

  private struct Row {
    let key: Double
    let number: Int
    let fields: [String]
  }

  /// A number of which less is better.
  private func rank(_ value: Double) -> Double {
    switch order {
    case .nearest: value.magnitude
    case .largest: -value
    }
  }

  private static func merge(_ kept: inout [Row], _ waiting: inout [Row], _ top: Int) {
    kept = Array(
      (kept + waiting).sorted { ($0.key, $0.number) < ($1.key, $1.number) }.prefix(top)
    )
    waiting.removeAll(keepingCapacity: true)
  }
}

/// Files of at most so many rows, each with the header, named `x.csv`, `x-2.csv` and so on.
private struct SheetWriter {
  let path: String
  let columns: [String]
  let splitRows: Int?
  private var table = CSVBuilder()
  private var names: [String] = []

  init(path: String, columns: [String], splitRows: Int?) {
    (self.path, self.columns, self.splitRows) = (path, columns, splitRows)
    begin()
  }

  mutating func add(_ fields: [String]) throws(Failure) {
    if let splitRows, table.rowCount > splitRows {
      try write()
      begin()
    }
    for field in fields { table.text(field, guardsFormulas: false) }
    table.endRow()
  }

  mutating func finish() throws(Failure) -> [String] {
    try write()
    return names
  }

  private mutating func begin() {
    table.removeAll()
    table.row(columns)
  }

  private mutating func write() throws(Failure) {
    let name = names.isEmpty ? path : SheetWriter.name(path, names.count + 1)
    var file = try OutputFile(path: name)
    try file.write(table.bytes)
    try file.commit()
    names.append(name)
  }

  /// The name of a further file: the number stands before the ending.
  private static func name(_ path: String, _ number: Int) -> String {
    let slash = path.lastIndex(of: "/") ?? path.startIndex
    guard let dot = path.lastIndex(of: "."), dot > slash else { return "\(path)-\(number)" }
    return "\(path[..<dot])-\(number)\(path[dot...])"
  }
}

extension CSVReader {
  /// All fields of the record as text.
  fileprivate func fields() throws(Failure) -> [String] {
    var fields: [String] = []
    for column in columns.indices { fields.append(isEmpty(column) ? "" : try text(column)) }
    return fields
  }
}
