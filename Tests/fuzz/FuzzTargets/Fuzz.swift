// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import BreakwaterCommands
internal import CommandLineKit
internal import Glibc
internal import Inputs
internal import Markets
internal import Numerics
internal import TextKit

/// What libFuzzer calls: one input for the target that `BREAKWATER_FUZZ_TARGET` names.
///
/// The working directory is the target's own; inputs are written there because readers take paths.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  let target = Fuzz.target
  let before = Fuzz.seconds
  target(input)
  // The processor's time, as a busy machine would make any input slow.
  let taken = Fuzz.seconds - before
  if taken > Fuzz.mostSeconds { fatalError("took \(taken) s") }
  return 0
}

/// What the targets share.
enum Fuzz {
  /// The targets by the names that `scripts/fuzz` knows.
  private static let targets: [String: @Sendable ([UInt8]) -> Void] = [
    "book": fuzzBook, "bars": fuzzBars, "prices": fuzzPrices, "npy": fuzzNumpy,
    "venues": fuzzVenues, "spec": fuzzSpec, "journal": fuzzJournal, "part": fuzzPart,
    "hyperliquid": fuzzHyperliquid, "options": fuzzOptions,
  ]

  static let target: @Sendable ([UInt8]) -> Void = {
    let name = unsafe getenv("BREAKWATER_FUZZ_TARGET").map { unsafe String(cString: $0) } ?? ""
    guard let target = targets[name] else {
      fatalError("BREAKWATER_FUZZ_TARGET: '\(name)', expected one of \(targets.keys.sorted())")
    }
    return target
  }()

  /// The longest that an input of 1 MB may take.
  static let mostSeconds = 1.0

  /// The processor's time of this process.
  static var seconds: Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// One input in so many, the same whenever it comes: for what takes long.
  static func chooses(_ input: [UInt8], oneIn count: UInt64) -> Bool {
    fnv1a64(input) % count == 0
  }

  /// Venues without files.
  static let catalogue = sure { () throws(Failure) in try VenueFiles.catalogue([]) }

  /// Writes a file of the working directory.
  @discardableResult
  static func write(_ name: String, _ bytes: some Collection<UInt8>) -> String {
    let file = unsafe open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    let bytes = Array(bytes)
    var done = 0
    while file >= 0, done < bytes.count {
      let more = unsafe bytes.withUnsafeBytes { raw in
        unsafe Glibc.write(
          file,
          UnsafeRawBufferPointer(rebasing: raw[done...]).baseAddress,
          raw.count - done
        )
      }
      if more <= 0 { break }
      done += more
    }
    guard file >= 0, done == bytes.count else { fatalError("cannot write \(name)") }
    close(file)
    return name
  }

  /// The bytes of a file of the working directory, nil where there is none.
  static func read(_ name: String) -> [UInt8]? {
    let file = unsafe open(name, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe Glibc.read(file, &block, block.count)
      if count <= 0 { return bytes }
      bytes += block.prefix(count)
    }
  }

  /// What cannot fail.
  static func sure<Result>(_ body: () throws(Failure) -> Result) -> Result {
    do throws(Failure) { return try body() } catch { fatalError(error.message) }
  }

  /// What a reader makes of the input; nil where it refuses it, in the way it should.
  static func answer<Result>(_ body: () throws(Failure) -> Result) -> Result? {
    do throws(Failure) {
      return try body()
    } catch {
      check(error)
      return nil
    }
  }

  /// Ends the process unless a refusal is one of bad data that may be printed.
  static func check(_ failure: Failure, is kind: FailureKind = .data) {
    if failure.kind != kind { fatalError("status \(failure.kind.rawValue): \(failure.message)") }
    checkText(failure.message)
  }

  /// Ends the process where a message may not be printed as it is.
  static func checkText(_ text: String) {
    for scalar in text.unicodeScalars where scalar != "\n" {
      if scalar.value < 32 || scalar.value == 127 { fatalError("control character in: \(text)") }
    }
    if text.utf8.count > 20_000 { fatalError("a message of \(text.utf8.count) bytes") }
  }

  /// Runs a command that ends well or refuses its data.
  @discardableResult
  static func run(_ arguments: [String]) -> Program.Outcome {
    let outcome = BreakwaterProgram.program.outcome(of: arguments)
    checkText(outcome.diagnostics)
    if outcome.status != 0 && outcome.status != FailureKind.data.rawValue {
      fatalError("status \(outcome.status): \(outcome.diagnostics)")
    }
    return outcome
  }

  /// Prices for books.
  static let prices = write(
    "current-prices.csv",
    """
    asset,price,confidence_usd,slot
    BTC,60000,30,300000000
    ETH,3000,2,300000000
    SOL,150,0.1,300000000

    """.utf8
  )

  /// Reads a book in every way: as a whole, and in pieces, which may not differ.
  static func book(_ path: String, of input: [UInt8]) {
    let book = answer { () throws(Failure) in try BookFile.read(path, catalogue: catalogue).book }
    _ = answer { () throws(Failure) in
      let options = BookPieceOptions(size: 64, named: true, catalogue: catalogue)
      guard let pieces = try options.open(path) else { return }
      try readPieces(pieces)
    }
    guard chooses(input, oneIn: book == nil ? 16 : 4) else { return }
    let isLong = input.count % 2 == 1
    let command = isLong ? "prices" : "clusters"
    let call = [command, "--book", path, "--prices", prices, "-j", "1", "-q", "-o"]
    unsafe unsetenv("BREAKWATER_PATH")
    let found = run(call + ["pieces.csv"])
    if book == nil, found.status == 0 { fatalError("refused as a whole, taken in pieces") }
    unsafe setenv("BREAKWATER_PATH", "plain", 1)
    let plain = run(call + ["plain.csv"])
    if found != plain { fatalError("in pieces: \(found)\nas a whole: \(plain)") }
    if found.status == 0, read("pieces.csv") != read("plain.csv") {
      fatalError("\(command): other numbers in pieces than of the whole book")
    }
  }

  private static func readPieces(_ pieces: some BookPieces) throws(Failure) {
    var rows = LegPiece()
    while let (_, piece) = pieces.next() {
      guard try pieces.read(piece, into: &rows) == .read else { return }
      for run in rows.runs.indices { _ = rows.account(ofRun: run, named: true) }
      pieces.release(piece)
    }
    _ = pieces.newestSampled()
  }
}
