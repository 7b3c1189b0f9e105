// swift-tools-version: 6.2
// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

/// Settings of every Swift target: warnings are errors, unsafe code is marked where it stands.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InferIsolatedConformances"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

/// Hot loops are optimised in debug builds too, so that the tests meet real sizes.
let fast: [SwiftSetting] = strict + [.unsafeFlags(["-O"], .when(configuration: .debug))]

/// Tests whose own code computes little are not optimised, which takes minutes in release builds.
let plain: [SwiftSetting] = strict + [.unsafeFlags(["-Onone"], .when(configuration: .release))]

/// The levels of vector instructions that kernels are compiled for, besides the base of the CPU.
///
/// The sources are the same: `KernelsV3` and `KernelsV4` are links to `Kernels`.
#if arch(x86_64)
let levels: [(name: String, flags: [String])] = [
  ("KernelsV3", ["-Xcc", "-march=x86-64-v3"]),
  ("KernelsV4", ["-Xcc", "-march=x86-64-v4", "-Xcc", "-mprefer-vector-width=512"]),
]
#else
let levels: [(name: String, flags: [String])] = []
#endif
let levelNames: [Target.Dependency] = levels.map { .byName(name: $0.name) }
let levelTargets: [Target] = levels.map { level in
  let settings = fast + [.unsafeFlags(level.flags)]
  return .target(name: level.name, dependencies: ["CSIMD"], swiftSettings: settings)
}
let liquidationNeeds: [Target.Dependency] =
  ["TextKit", "Numerics", "Markets", "CSIMD", "Kernels"] + levelNames

extension Target {
  /// A library of the package, with the tests of the same name.
  static func module(
    _ name: String,
    dependsOn dependencies: [Dependency] = [],
    settings: [SwiftSetting] = fast,
    testsDependOn testDependencies: [Dependency] = [],
    testSettings: [SwiftSetting] = strict,
    excludedFromTests: [String] = []
  ) -> [Target] {
    [
      .target(name: name, dependencies: dependencies, swiftSettings: settings),
      .testTarget(
        name: "\(name)Tests",
        dependencies: [.byName(name: name), "TestSupport"] + dependencies + testDependencies,
        exclude: excludedFromTests,
        swiftSettings: testSettings
      ),
    ]
  }
}

let package = Package(
  name: "breakwater",
  products: [.executable(name: "breakwater", targets: ["breakwater"])],
  targets: [
    // Foreign code
    [
      .systemLibrary(
        name: "CJansson",
        pkgConfig: "jansson",
        providers: [.apt(["libjansson-dev"])]
      ),
      .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
      .systemLibrary(
        name: "CSQLite",
        pkgConfig: "sqlite3",
        providers: [.apt(["libsqlite3-dev"])]
      ),
      .systemLibrary(
        name: "CXLSXWriter",
        providers: [.apt(["libxlsxwriter-dev"])]
      ),
      .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
      .target(name: "CommandLineShim"),
      .target(name: "ConfigShim"),
      .target(name: "CSIMD"),
      .target(name: "COpenBLAS", linkerSettings: [.linkedLibrary("dl")]),
      .target(name: "CDuckDB", linkerSettings: [.linkedLibrary("dl")]),
    ],
    // Mechanism: knows nothing of finance
    Target.module("TextKit"),
    Target.module("Numerics", dependsOn: ["TextKit", "COpenBLAS"]),
    Target.module(
      "Tables",
      dependsOn: ["TextKit", "CZlib", "CDuckDB", "CSIMD", "Kernels"] + levelNames
    ),
    Target.module("Configuration", dependsOn: ["TextKit", "ConfigShim", "CJansson"]),
    Target.module("CommandLineKit", dependsOn: ["TextKit", "CommandLineShim"], settings: strict),
    Target.module("Processes", dependsOn: ["TextKit"], settings: strict),
    Target.module("Pages", dependsOn: ["TextKit", "Processes"], settings: strict),
    Target.module("Workbooks", dependsOn: ["TextKit", "CXLSXWriter"], settings: strict),
    Target.module("Kernels", dependsOn: ["CSIMD"], testsDependOn: levelNames),
    levelTargets,
    // Domain: knows nothing of files or terminals
    Target.module("Settings", dependsOn: ["TextKit"]),
    Target.module("Markets", dependsOn: ["TextKit", "Numerics", "Configuration"]),
    Target.module("Liquidation", dependsOn: liquidationNeeds, testsDependOn: ["Cycles"]),
    Target.module(
      "Clusters",
      dependsOn: ["TextKit", "Numerics", "CSIMD", "Markets", "Liquidation", "Settings"]
    ),
    Target.module(
      "Cycles",
      dependsOn: ["TextKit", "Numerics", "Markets", "Liquidation", "Settings", "Clusters"],
      testsDependOn: ["Tables"],
      testSettings: plain
    ),
    Target.module(
      "Sweeps",
      dependsOn: ["TextKit", "Numerics", "Markets", "Settings", "Cycles"]
    ),
    // Tool
    Target.module(
      "Inputs",
      dependsOn: [
        "TextKit", "Numerics", "Tables", "Configuration", "Markets", "Settings", "Sweeps",
      ],
      settings: strict
    ),
    Target.module(
      "Reports",
      dependsOn: [
        "TextKit", "Numerics", "Tables", "Configuration", "CSodium", "CSQLite", "Markets",
        "Liquidation", "Clusters", "Cycles", "Sweeps",
      ],
      settings: strict,
      testsDependOn: ["Inputs"]
    ),
    Target.module(
      "Results",
      dependsOn: ["TextKit", "Tables", "Settings", "Sweeps", "Reports", "Pages", "Workbooks"]
    ),
    Target.module(
      "BreakwaterCommands",
      dependsOn: [
        "TextKit", "Numerics", "Tables", "Configuration", "CommandLineKit", "Processes", "Pages",
        "Workbooks", "Markets", "Liquidation", "Settings", "Clusters", "Cycles", "Sweeps", "Inputs",
        "Reports", "Results",
      ],
      settings: strict,
      testSettings: plain,
      excludedFromTests: ["Golden"]
    ),
    [
      .executableTarget(
        name: "breakwater",
        dependencies: ["BreakwaterCommands", "Numerics"],
        swiftSettings: strict
      ),
      .target(
        name: "TestSupport",
        dependencies: [
          "TextKit", "Numerics", "Configuration", "Markets", "Liquidation", "Clusters", "Settings",
        ],
        path: "Tests/TestSupport",
        swiftSettings: strict
      ),
      .testTarget(name: "RepositoryTests", swiftSettings: strict),
    ],
  ].flatMap { $0 },
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)

// Fuzz targets, for scripts/fuzz alone: libFuzzer has the only `main`.
if Context.environment["BREAKWATER_FUZZ"] != nil {
  package.products = [.executable(name: "fuzz", targets: ["FuzzTargets"])]
  package.targets.removeAll {
    $0.type == .test || $0.name == "breakwater" || $0.name == "TestSupport"
  }
  package.targets.append(
    .executableTarget(
      name: "FuzzTargets",
      dependencies: [
        "TextKit", "Numerics", "Configuration", "CommandLineKit", "Markets", "Settings", "Sweeps",
        "Inputs", "Reports", "BreakwaterCommands",
      ],
      path: "Tests/fuzz/FuzzTargets",
      swiftSettings: strict
    )
  )
}
