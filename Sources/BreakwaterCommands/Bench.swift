// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CommandLineKit

/// `breakwater bench`: measures parts of the tool on synthetic data in memory.
struct Bench: Command {
  static let name = "bench"
  static let about = "Measure parts of the tool on synthetic data in memory"
  static let details: String? = nil
  static let subcommands: [any Command.Type] = [BenchKernels.self]
}
