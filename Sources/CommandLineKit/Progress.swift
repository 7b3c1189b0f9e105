// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Progress of a long run on standard error; the results stay clean.
///
/// On a terminal a bar is drawn at most ten times a second. Elsewhere there is a plain line after
/// two seconds and then every ten, so a quick run says nothing. `NO_COLOR`, `CI` and `TERM=dumb`
/// are obeyed.
///
/// - Complexity: a step costs one atomic addition; the clock is read about every 10 ms.
package final class Progress: Sendable {
  /// How the progress is shown.
  package enum Style: Equatable, Sendable {
    /// One line that is drawn again and again.
    case bar(colour: Bool)
    /// A plain line now and then.
    case lines
    /// A line of JSON every second, the first and the last step always.
    case json
    /// Nothing.
    case silent
  }

  /// Returns to the start of the line and empties it.
  static let clearLine = "\r\u{1B}[K"

  private let label: String
  private let total: Int?
  private let unit: String
  private let style: Style
  private let seconds: @Sendable () -> Double
  private let columns: @Sendable () -> Int
  private let start: Double
  private let done = Atomic<Int>(0)
  /// The count at which the clock is read again.
  private let look: Atomic<Int>
  private let drawing: Mutex<Drawing>

  private struct Drawing {
    /// Seconds after the start before which nothing is drawn.
    var due: Double
    var hasDrawn = false
    var isFinished = false
  }

  /// Starts to measure.
  ///
  /// - Parameters:
  ///   - label: what is done, such as `sweep`.
  ///   - total: steps until the end; nil when unknown.
  ///   - unit: what a step is, such as `worlds`; empty where the label says it.
  ///   - quiet: shows nothing at all.
  ///   - json: shows lines for programs, quiet or not.
  package convenience init(
    _ label: String,
    total: Int?,
    unit: String = "",
    quiet: Bool = false,
    json: Bool = false
  ) {
    let terminal = Terminal.standardError()
    let start = ContinuousClock.now
    self.init(
      label,
      total: total,
      unit: unit,
      style: json ? .json : quiet ? .silent : .init(on: terminal),
      seconds: { (ContinuousClock.now - start) / .seconds(1) },
      columns: { Terminal.columns(of: 2) }
    )
  }

  /// Starts to measure with a given clock and width, for tests.
  package init(
    _ label: String,
    total: Int?,
    unit: String = "",
    style: Style,
    seconds: @escaping @Sendable () -> Double,
    columns: @escaping @Sendable () -> Int
  ) {
    (self.label, self.total, self.unit, self.style) = (label, total, unit, style)
    (self.seconds, self.columns, start) = (seconds, columns, seconds())
    look = Atomic(style == .silent ? .max : 1)
    drawing = Mutex(Drawing(due: style == .lines ? 2 : 0))
  }

  /// The steps counted so far.
  package var count: Int { done.load(ordering: .relaxed) }

  /// Counts steps; any thread may call it.
  package func advance(by steps: Int = 1) {
    let count = done.wrappingAdd(steps, ordering: .relaxed).newValue
    if count >= look.load(ordering: .relaxed) { drawIfDue(count) }
  }

  /// Shows the end, if anything was shown before or the bar is in use; later steps are not shown.
  package func finish() {
    look.store(.max, ordering: .relaxed)
    let count = done.load(ordering: .relaxed)
    drawing.withLock { state in
      guard style != .silent, !state.isFinished else { return }
      state.isFinished = true
      guard style != .lines || state.hasDrawn else { return }
      draw(count, seconds() - start, isLast: true)
    }
  }

  /// Draws when it is time, unless another thread is at it.
  private func drawIfDue(_ count: Int) {
    _ = drawing.withLockIfAvailable { state in
      guard !state.isFinished else { return }
      let elapsed = seconds() - start
      // The clock is read again after the steps of about 10 ms.
      let stride = elapsed > 0 ? Int(min(Double(count) / elapsed * 0.01, 1e9)) : 1
      look.store(count + max(stride, 1), ordering: .relaxed)
      guard elapsed >= state.due else { return }
      state.due = elapsed + (style == .lines ? 10 : style == .json ? 1 : 0.1)
      state.hasDrawn = true
      draw(count, elapsed, isLast: false)
    }
  }

  private func draw(_ count: Int, _ elapsed: Double, isLast: Bool) {
    let text = ProgressText(
      label: label,
      count: count,
      total: total,
      unit: unit,
      seconds: elapsed,
      isLast: isLast
    )
    switch style {
    case .silent: break
    case .lines: Output.diagnostic(text.line)
    case .json: Output.diagnostic(text.json)
    case .bar(let colour):
      let width = columns()
      let bar = text.bar(width: width > 0 ? width : 80, colour: colour)
      Output.raw(Progress.clearLine + bar + (isLast ? "\n" : ""))
      Output.barIsShown.store(!isLast, ordering: .relaxed)
    }
  }
}

extension Progress.Style {
  /// Chooses a bar or lines for a terminal.
  init(on terminal: Terminal) {
    self = terminal.allowsRedrawing ? .bar(colour: terminal.allowsColour) : .lines
  }
}
