// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
package import TextKit

/// Runs other programs: bytes in, bytes out, no shell unless one is named.
package enum ChildProcess {
  /// What a program left.
  package struct Outcome: Sendable {
    /// The exit status; 128 and the number of the signal where one ended it.
    package let status: Int32
    package let output: [UInt8]
    package let errors: [UInt8]
  }

  /// Runs a program to its end.
  ///
  /// Input and output go through files without a name, so nothing can block, however much is
  /// written. The environment is that of this process, with some variables replaced.
  /// - Throws: a failure when the program cannot be started.
  package static func run(
    _ program: String,
    _ arguments: [String],
    input: [UInt8] = [],
    environment: [(name: String, value: String)] = []
  ) throws(Failure) -> Outcome {
    let streams = try [Stream(), Stream(), Stream()]
    try streams[0].fill(input)
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    for (number, stream) in streams.enumerated() {
      unsafe posix_spawn_file_actions_adddup2(&actions, stream.descriptor, Int32(number))
    }
    // A child must be able to be stopped, whatever this process does with signals.
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var all = sigset_t()
    unsafe sigemptyset(&all)
    for signal in [SIGINT, SIGTERM, SIGPIPE, SIGXFSZ] { unsafe sigaddset(&all, signal) }
    unsafe posix_spawnattr_setsigdefault(&attributes, &all)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    let words = CStrings([program] + arguments)
    let variables = CStrings(variables(with: environment))
    var process = pid_t()
    let code = unsafe posix_spawnp(
      &process,
      program,
      &actions,
      &attributes,
      words.pointers,
      variables.pointers
    )
    guard code == 0 else {
      let reason = unsafe String(cString: strerror(code))
      throw Failure(.inputOutput, "cannot run \(Failure.shown(program)): \(reason)")
    }
    return Outcome(
      status: status(of: process),
      output: try streams[1].contents(),
      errors: try streams[2].contents()
    )
  }

  /// Where a program lies on the search path; nil where it does not.
  package static func path(of program: String) -> String? {
    guard let path = unsafe getenv("PATH") else { return nil }
    for folder in unsafe String(cString: path).split(separator: ":") {
      let candidate = "\(folder)/\(program)"
      if unsafe access(candidate, X_OK) == 0 { return candidate }
    }
    return nil
  }

  /// Waits for a process.
  private static func status(of process: pid_t) -> Int32 {
    var word: Int32 = 0
    while unsafe waitpid(process, &word, 0) < 0 {
      guard errno == EINTR else { return 127 }
    }
    let signal = word & 0x7f
    return signal == 0 ? (word >> 8) & 0xff : 128 + signal
  }

  /// The variables of this process, some of them replaced.
  private static func variables(with others: [(name: String, value: String)]) -> [String] {
    var list: [String] = []
    var place = unsafe environ
    while let entry = unsafe place.pointee {
      let text = unsafe String(cString: entry)
      if !others.contains(where: { text.hasPrefix($0.name + "=") }) { list.append(text) }
      unsafe place = unsafe place.successor()
    }
    return list + others.map { $0.name + "=" + $0.value }
  }
}

/// A file without a name, gone when it is closed.
@safe
private final class Stream {
  private let file: UnsafeMutablePointer<FILE>

  init() throws(Failure) {
    guard let file = unsafe tmpfile() else {
      let reason = unsafe String(cString: strerror(errno))
      throw Failure(.inputOutput, "cannot make a temporary file: \(reason)")
    }
    unsafe self.file = unsafe file
  }

  deinit { unsafe fclose(file) }

  var descriptor: Int32 { unsafe fileno(file) }

  /// Writes the bytes and goes back to the start.
  func fill(_ bytes: [UInt8]) throws(Failure) {
    let count = unsafe fwrite(bytes, 1, bytes.count, file)
    guard count == bytes.count, unsafe fflush(file) == 0 else {
      throw Failure(.inputOutput, "cannot write a temporary file: the disk may be full")
    }
    unsafe rewind(file)
  }

  /// All that was written.
  func contents() throws(Failure) -> [UInt8] {
    let size = lseek(descriptor, 0, SEEK_END)
    var bytes = [UInt8](repeating: 0, count: max(0, Int(size)))
    let count = unsafe bytes.withUnsafeMutableBytes {
      unsafe pread(descriptor, $0.baseAddress, $0.count, 0)
    }
    guard count == bytes.count else {
      throw Failure(.inputOutput, "cannot read a temporary file")
    }
    return bytes
  }
}

/// Strings of C with a nil behind them.
@safe
private final class CStrings {
  let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  private let count: Int

  init(_ texts: [String]) {
    count = texts.count
    unsafe pointers = .allocate(capacity: count + 1)
    for (place, text) in texts.enumerated() { unsafe pointers[place] = unsafe strdup(text) }
    unsafe pointers[count] = nil
  }

  deinit {
    for place in 0..<count { unsafe free(pointers[place]) }
    unsafe pointers.deallocate()
  }
}
