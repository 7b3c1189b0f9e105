// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// Points of many cells for a picture: one for each small rectangle that holds any.
struct CellCloud {
  /// Rows of the table, at most `columns · lines` of them.
  let rows: [Int]

  private static let columns = 90
  private static let lines = 60

  init(_ x: [Double], _ y: [Double]) {
    let known = x.indices.filter { !x[$0].isNaN && !y[$0].isNaN }
    guard let left = known.lazy.map({ x[$0] }).min(), let right = known.lazy.map({ x[$0] }).max(),
      let bottom = known.lazy.map({ y[$0] }).min(), let top = known.lazy.map({ y[$0] }).max()
    else {
      rows = []
      return
    }
    let (width, height) = (right - left, top - bottom)
    var first = Array(repeating: -1, count: CellCloud.columns * CellCloud.lines)
    for row in known {
      let column = CellCloud.step(x[row] - left, width, CellCloud.columns)
      let line = CellCloud.step(y[row] - bottom, height, CellCloud.lines)
      if first[line * CellCloud.columns + column] < 0 {
        first[line * CellCloud.columns + column] = row
      }
    }
    rows = first.filter { $0 >= 0 }
  }

  private static func step(_ distance: Double, _ width: Double, _ count: Int) -> Int {
    width > 0 ? min(count - 1, Int(distance / width * Double(count))) : 0
  }
}
