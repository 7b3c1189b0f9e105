// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The kernels as the program runs them: on other CPUs, counted, and as they were compiled.
@Suite struct BenchKernelTests {
  /// What can run the tool on another CPU.
  private static func has(_ program: String) -> Bool {
    let found = try? Workdir(withBook: false).shell("command -v \(program) || true").text
    return found.map { !$0.isEmpty } ?? false
  }

  static let hasValgrind = has("valgrind")
  static let hasQEMU = has("qemu-x86_64")
  static let hasStrip = has("strip")

  /// The lines that do not depend on time: sums and clusters.
  private func sums(_ prefix: String, positions: Int = 30_011) throws -> [String] {
    let outcome = try Workdir(withBook: false).shell(
      "\(prefix) \"$BREAKWATER\" bench kernels --positions \(positions) --rounds 1 -j 2"
    )
    let lines = outcome.text.split(separator: "\n").map(String.init).filter {
      $0.hasPrefix("sum_") || $0.hasPrefix("whole_") || $0.hasPrefix("partial_")
    }
    #expect(lines.count == 11, "\(outcome.text) \(outcome.diagnostics)")
    return lines
  }

  @Test func `every level gives the same sums`() throws {
    let expected = try sums("BREAKWATER_ISA=base")
    #expect(try sums("") == expected)
  }

  #if arch(x86_64)
  @Test(.enabled(if: hasQEMU, "there is no qemu-x86_64"), arguments: ["Nehalem", "Haswell"])
  func `another CPU gives the same sums`(_ model: String) throws {
    let expected = try sums("BREAKWATER_ISA=base", positions: 5_003)
    #expect(try sums("qemu-x86_64 -cpu \(model)", positions: 5_003) == expected)
  }

  #if DEBUG
  private static let most = [("11priceColumn", 3, 120.0), ("4fuse", 6, 212.0)]
  #else
  private static let most = [("11priceColumn", 3, 76.0), ("4fuse", 6, 170.0)]
  #endif

  /// Instructions of SSE2 code for each row, measured and a tenth more; and no allocation.
  ///
  /// A regression shows here on a machine that is too busy to time anything. Without debug
  /// information, whose form valgrind may not know.
  @Test(
    .enabled(if: hasValgrind && hasStrip, "there is no valgrind or no strip"),
    arguments: most
  )
  func `a row takes no more instructions than it did`(
    _ name: String,
    _ passes: Int,
    _ most: Double
  ) throws {
    let rows = 40_000
    let outcome = try Workdir(withBook: false).shell(
      """
      strip --strip-debug -o tool "$BREAKWATER" && BREAKWATER_ISA=base \
        valgrind --tool=callgrind --callgrind-out-file=counts '--toggle-collect=*7Kernels\(name)*' \
        ./tool bench kernels --positions \(rows) --rounds 1 -j 1 >/dev/null &&
        sed -n 's/^summary: //p' counts &&
        grep -cE '^c?fn=.*(alloc|swift_)' counts || true
      """
    )
    let found = outcome.text.split(separator: "\n").compactMap { Double($0) }
    try #require(found.count == 2, "\(outcome.text) \(outcome.diagnostics)")
    let total = found[0]
    #expect(found[1] == 0, "calls of the runtime, such as allocations, inside the loop")
    let each = total / Double(passes * rows)
    #expect(each > 20 && each < most, "\(each) instructions a row")
  }
  #endif
}
