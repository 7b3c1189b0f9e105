// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CDuckDB
internal import Glibc
internal import Synchronization
package import TextKit

/// DuckDB's shared library, looked for when it is first needed; the program does without it.
///
/// In this order: the path in `BREAKWATER_DUCKDB`, `libduckdb.so` where the system looks for
/// libraries, the extension module of the `duckdb` package of `python3`. The module exports the C
/// API too; it needs the symbols of libpython, whose interpreter is never started.
package enum DuckDBLibrary {
  /// The library that was loaded.
  package struct Found: Sendable {
    package var path: String
    package var version: String
  }

  private static let outcome = Mutex<Result<Found, Failure>?>(nil)

  /// Loads the library once.
  ///
  /// - Throws: a missing-input failure with the one command that helps.
  package static func load() throws(Failure) -> Found {
    let result = outcome.withLock { (known: inout Result<Found, Failure>?) in
      if let known { return known }
      let made = Result { () throws(Failure) -> Found in try search() }
      known = made
      return made
    }
    return try result.get()
  }

  private static func search() throws(Failure) -> Found {
    if let given = variable("BREAKWATER_DUCKDB") {
      if let problem = open(given, helpers: helpers(for: given)) {
        throw Failure(
          .missingInput,
          "BREAKWATER_DUCKDB: found '\(Failure.shown(given))', expected a shared library of DuckDB:"
            + " \(problem)"
        )
      }
      return found(given)
    }
    if open("libduckdb.so", helpers: []) == nil { return found("libduckdb.so") }
    guard let module = pythonModule() else {
      throw Failure(
        .missingInput,
        "found no DuckDB, which reads queries and Parquet; run 'pip install duckdb', or set"
          + " BREAKWATER_DUCKDB to the path of libduckdb.so"
      )
    }
    if let problem = open(module.path, helpers: module.helpers) {
      throw Failure(
        .missingInput,
        "found DuckDB in \(module.path), expected one that can be loaded (\(problem)); install"
          + " \(module.helpers.last ?? "libpython"), or set BREAKWATER_DUCKDB to the path of"
          + " libduckdb.so"
      )
    }
    return found(module.path)
  }

  private static func found(_ path: String) -> Found {
    guard let version = unsafe cduckdb_version() else { return Found(path: path, version: "") }
    return unsafe Found(path: path, version: String(cString: version))
  }

  /// Loads a library, by itself or after the first helper with which that works.
  ///
  /// - Returns: why it cannot be loaded, nil when it was.
  private static func open(_ path: String, helpers: [String]) -> String? {
    var problem = load(path, helper: nil)
    for helper in helpers where problem != nil { problem = load(path, helper: helper) }
    return problem
  }

  private static func load(_ path: String, helper: String?) -> String? {
    let message: UnsafeMutablePointer<CChar>?
    if let helper {
      unsafe message = cduckdb_load(path, helper)
    } else {
      unsafe message = cduckdb_load(path, nil)
    }
    guard let message = unsafe message else { return nil }
    defer { unsafe free(message) }
    return unsafe Failure.shown(String(cString: message))
  }

  // MARK: - Python

  /// The library of the interpreter that an extension module was built for, by its name:
  /// `_duckdb.cpython-311-x86_64-linux-gnu.so` needs `libpython3.11.so.1.0`.
  private static func helpers(for module: String) -> [String] {
    guard let mark = module.firstRange(of: "cpython-3") else { return [] }
    let minor = module[mark.upperBound...].prefix { $0.isNumber }
    return minor.isEmpty ? [] : ["libpython3.\(minor).so.1.0"]
  }

  private static let question = """
    import glob, importlib.util as u, os, sys, sysconfig as s
    m, d = u.find_spec('_duckdb'), u.find_spec('duckdb')
    p = [m.origin] if m else glob.glob(d.submodule_search_locations[0] + '/duckdb*.so') if d else []
    sys.stdout.write((p[0] if p else '') + chr(10))
    f = os.path.join(s.get_config_var('LIBDIR') or '', s.get_config_var('INSTSONAME') or '')
    sys.stdout.write(f + chr(10))
    """

  /// Asks python3 where its duckdb package lies.
  private static func pythonModule() -> (path: String, helpers: [String])? {
    let command = "python3 -I -c \"\(question)\" 2>/dev/null </dev/null"
    guard let stream = unsafe popen(command, "re") else { return nil }
    var answer: [UInt8] = []
    while true {
      let code = unsafe fgetc(stream)
      if code < 0 || answer.count > 1 << 16 { break }
      answer.append(UInt8(truncatingIfNeeded: code))
    }
    guard unsafe pclose(stream) == 0 else { return nil }
    let lines = String(decoding: answer, as: UTF8.self).split(
      separator: "\n",
      omittingEmptySubsequences: false
    ).map(String.init)
    guard let path = lines.first, !path.isEmpty else { return nil }
    let stated = lines.dropFirst().first.map { $0.contains(".so") ? [$0] : [] } ?? []
    return (path, stated + helpers(for: path))
  }

  private static func variable(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    let text = unsafe String(cString: value)
    return text.isEmpty ? nil : text
  }
}
