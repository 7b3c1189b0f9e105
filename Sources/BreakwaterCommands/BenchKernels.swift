// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Clusters
internal import CommandLineKit
internal import Glibc
internal import Liquidation
internal import Numerics
internal import Settings
internal import Tables
internal import TextKit

/// `breakwater bench kernels`: how fast isolated perps are priced and clustered, and what memory
/// can.
struct BenchKernels: Command {
  static let name = "kernels"
  static let about = "Measure prices and clusters of isolated perps beside the limit of memory"
  static let details: String? = """
    Makes positions of eight assets with six margin tiers in memory. Every round runs everything
    once, one after the other, so that a busy machine slows all alike; medians are printed. The
    limit is that of a loop that moves the same bytes in the same round: the streaming triad for
    prices, reading for the others. BREAKWATER_ISA=base, v3 or v4 picks the vector instructions.
    Example:
      breakwater bench kernels --positions 10000000 -j 2
    """

  @Option("How many positions", bound: .within(1...1_000_000_000))
  var positions = 10_000_000
  @Option("Rounds of which the median is taken", bound: .within(1...1000))
  var rounds = 7
  @Option("Seed of the positions")
  var seed: UInt64 = 1
  @Option(
    "Threads; everything is measured with one, too; 0 means one for each core",
    short: "j",
    environment: "BREAKWATER_THREADS",
    bound: .within(0...1024)
  )
  var threads = 0
  @Option("Table to write as CSV; none by default", short: "o", valueName: "FILE")
  var output: FilePath?
  @Option("Folder for the positions as .npy columns; nothing is measured", valueName: "FOLDER")
  var data: FolderPath?

  mutating func run() throws(Failure) {
    let most = Parallel.threads(threads)
    let made = try BenchPositions(count: positions, seed: seed, threads: most)
    if let data { return try made.write(to: data.path) }
    let bench = try KernelBench(made, level: try VectorLevel.chosen())
    var results: [KernelBench.Result] = []
    for count in most > 1 ? [1, most] : [1] {
      results += try bench.measure(rounds: rounds, threads: count)
    }
    var table = TextTable([
      .text("kernel"), .number("threads"), .number("M rows/s"), .number("best"),
      .number("bytes/row"),
      .number("GB/s"), .number("of the limit"), .text("limit"),
    ])
    var csv = CSVBuilder()
    csv.row([
      "kernel", "threads", "seconds", "best_seconds", "rows", "bytes_per_row", "share_of_limit",
    ])
    for result in results {
      let speed = Double(positions) / result.seconds
      table.add([
        result.name, String(result.threads), BenchKernels.shown(speed / 1e6),
        BenchKernels.shown(Double(positions) / result.best / 1e6),
        String(result.bytes), BenchKernels.shown(speed * Double(result.bytes) / 1e9),
        result.share.map { BenchKernels.shown($0) } ?? "", result.limit ?? "",
      ])
      csv.row([
        result.name, String(result.threads), NumberText.shortest(result.seconds),
        NumberText.shortest(result.best), String(positions), String(result.bytes),
        result.share.map { NumberText.shortest($0) } ?? "",
      ])
    }
    try Output.standard(table.text())
    let sums = try bench.checksums(threads: most)
    for (name, value) in sums {
      try Output.standard("\(name) \(value)\n")
      csv.row([name, "", value, "", "", "", ""])
    }
    try Output.standard("level \(try VectorLevel.chosen().rawValue)\n")
    try Output.standard("peak_memory_mb \(BenchKernels.peakMegabytes)\n")
    if let output {
      var file = try OutputFile(path: output.path)
      try file.write(csv.bytes)
      try file.commit()
    }
  }

  private static func shown(_ value: Double) -> String {
    NumberText.shortest(DecimalRounding.significant(value, digits: 4))
  }

  /// The most memory that the process held so far.
  private static var peakMegabytes: Int {
    var usage = rusage()
    guard unsafe getrusage(0, &usage) == 0 else { return 0 }
    return usage.ru_maxrss / 1024
  }
}

/// The loops that are measured, over columns of their own.
struct KernelBench {
  struct Result {
    var name: String
    var threads: Int
    var bytes: Int
    var seconds: Double
    var best: Double
    /// Speed in bytes by that of the limit in the same round, median.
    var share: Double?
    var limit: String?
  }

  private struct Loop {
    var name: String
    var bytes: Int
    var limit: String?
    var body: (Int) throws(Failure) -> Void
  }

  private let made: BenchPositions
  private let level: VectorLevel
  private let prices: HugeColumn
  private let settings: ClusterSettings
  private var assets: [Int] { Array(BenchPositions.symbols.indices) }

  init(_ made: BenchPositions, level: VectorLevel) throws(Failure) {
    (self.made, self.level) = (made, level)
    prices = HugeColumn(count: made.whole.quantity.count)
    prices.clear(0..<prices.count)
    settings = try ClusterSettings(SettingsView(Settings(), for: .clusters))
  }

  /// Median times of all loops, run in turn.
  func measure(rounds: Int, threads: Int) throws(Failure) -> [Result] {
    let loops = loops
    var seconds = Array(repeating: [Double](), count: loops.count)
    for round in 0...rounds {
      for (index, loop) in loops.enumerated() {
        let start = ContinuousClock.now
        try loop.body(threads)
        // The first round touches memory and fills caches.
        if round > 0 { seconds[index].append((ContinuousClock.now - start) / .seconds(1)) }
      }
    }
    return loops.indices.map { index in
      let loop = loops[index]
      let limit = loop.limit.flatMap { name in loops.firstIndex { $0.name == name } }
      let share = limit.map { other in
        KernelBench.median(
          seconds[index].indices.map { round in
            (Double(loop.bytes) / seconds[index][round])
              / (Double(loops[other].bytes) / seconds[other][round])
          }
        )
      }
      return Result(
        name: loop.name,
        threads: threads,
        bytes: loop.bytes,
        seconds: KernelBench.median(seconds[index]),
        best: seconds[index].min() ?? 0,
        share: share,
        limit: loop.limit
      )
    }
  }

  private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

  private var loops: [Loop] {
    [
      Loop(name: "memory read", bytes: 16) { (threads) throws(Failure) in
        try memory(.read, threads)
      },
      Loop(name: "memory copy", bytes: 16) { (threads) throws(Failure) in
        try memory(.copy, threads)
      },
      Loop(name: "memory triad", bytes: 24) { (threads) throws(Failure) in
        try memory(.triad, threads)
      },
      Loop(name: "memory streaming triad", bytes: 24) { (threads) throws(Failure) in
        try memory(.streamingTriad, threads)
      },
      Loop(name: "price", bytes: 24, limit: "memory streaming triad") {
        (threads) throws(Failure) in
        try made.whole.price(into: prices, level: level, threads: threads)
      },
      Loop(name: "cluster", bytes: 16, limit: "memory read") { (threads) throws(Failure) in
        _ = try ClusterBuilder.ofPriced(
          made.whole,
          prices: prices,
          settings: settings,
          assets: assets,
          level: level,
          threads: threads
        )
      },
      Loop(name: "price and cluster", bytes: 16, limit: "memory read") {
        (threads) throws(Failure) in
        _ = try fused(made.whole, threads)
      },
      Loop(name: "price and cluster with partial closes", bytes: 16, limit: "memory read") {
        (threads) throws(Failure) in
        _ = try fused(made.split, threads)
      },
    ]
  }

  private func fused(
    _ columns: IsolatedColumns,
    _ threads: Int
  ) throws(Failure) -> ClusterBuilder.ColumnResult {
    try ClusterBuilder.of(
      columns,
      settings: settings,
      assets: assets,
      level: level,
      threads: threads
    )
  }

  /// One of the loops that only move bytes, in parts as large as the kernels'.
  private func memory(_ loop: VectorLevel.MemoryLoop, _ threads: Int) throws(Failure) {
    let count = prices.count
    let chunk = IsolatedColumns.chunk
    let (first, second) = (made.whole.quantity, made.whole.constant)
    try Parallel.forEach((count + chunk - 1) / chunk, threads: threads) {
      (index: Int) throws(Failure) in
      let place = index * chunk
      let rows = min(chunk, count - place)
      _ = unsafe level.run(
        loop,
        first.start + place,
        second.start + place,
        to: prices.start + place,
        count: rows
      )
      if loop == .read {
        _ = unsafe level.run(
          loop,
          second.start + place,
          first.start + place,
          to: prices.start + place,
          count: rows
        )
      }
    }
  }

  /// What everybody's results are compared by.
  func checksums(threads: Int) throws(Failure) -> [(String, String)] {
    try made.whole.price(into: prices, level: level, threads: threads)
    var sum = 0.0
    for run in made.whole.runs {
      var part = 0.0
      for place in run.first..<run.first + run.count {
        let price = unsafe prices.start[place]
        part += price > 0 ? price : 0
      }
      sum += part
    }
    var sums = [("sum_of_prices", NumberText.shortest(sum))]
    for (name, columns) in [("whole", made.whole), ("partial", made.split)] {
      let found = try fused(columns, threads)
      var builder = found.builder
      let clusters = builder.finish(
        order: assets,
        spots: BenchPositions.prices,
        deviations: assets.map { _ in 0 }
      )
      let total = clusters.reduce(Int128(0)) { $0 + $1.forcedSize }
      let rungs = clusters.reduce(0) { $0 + $1.positions }
      sums.append(("\(name)_at_risk", String(found.counts[.atRisk] ?? 0)))
      sums.append(("\(name)_forced_usd", NumberText.money(total)))
      sums.append(("\(name)_rungs", String(rungs)))
      sums.append(("\(name)_clusters", String(clusters.count)))
      sums.append(("\(name)_outside", String(builder.outsideGrid)))
    }
    return sums
  }
}
