// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// A page of one file: style inside, no script, nothing fetched from anywhere.
package struct Page: Sendable {
  private let title: String
  private var body = ""
  private var anchors: [(id: String, title: String)] = []

  package init(title: String) { self.title = title }

  /// Adds HTML as it is.
  package mutating func add(_ html: String) { body += html }

  /// Begins a section, which the contents list.
  package mutating func section(_ title: String, id: String) {
    anchors.append((id, title))
    body += HTML.heading(title, id: id)
  }

  /// The whole file.
  package var text: String {
    let links = anchors.map { "<a href=\"#\($0.id)\">\(HTML.escaped($0.title))</a>" }
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>\(HTML.escaped(title))</title>
      <style>
      \(Page.style)
      </style>
      </head>
      <body>
      <main>
      <h1>\(HTML.escaped(title))</h1>
      <nav aria-label="Contents">\(links.joined(separator: " "))</nav>
      \(body)</main>
      </body>
      </html>

      """
  }

  /// Steps of the scale of shades, from low to high: blue over white to orange, dark text on all.
  package static let shades = [
    "#6baed6", "#9ecae1", "#c6dbef", "#deebf7", "#f7f7f7", "#fee6ce", "#fdd0a2", "#fdae6b",
    "#fd8d3c",
  ]

  private static let style = """
    :root { --paper: #ffffff; --ink: #1c2430; --soft: #5b6675; --line: #d5dbe3; --panel: #f5f7fa;
      --c1: #1b6fb5; --c2: #d95f02; --c3: #1a8a5a; --c4: #8a4fae; --c5: #b8860b; --c6: #7f8c99; }
    @media (prefers-color-scheme: dark) { :root { --paper: #12171e; --ink: #e4e9f0; --soft:
      #9aa7b6;
      --line: #36404d; --panel: #1a212b; --c1: #5eb0f2; --c2: #ff9a4d; --c3: #4fd19a; --c4:
      #c79bea;
      --c5: #e3b341; --c6: #93a1af; } }
    @media print { :root { --paper: #ffffff; --ink: #000000; --soft: #444444; --line: #bbbbbb;
      --panel: #ffffff; --c1: #1b6fb5; --c2: #d95f02; --c3: #1a8a5a; --c4: #8a4fae; --c5: #b8860b;
      --c6: #7f8c99; } }
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--paper); color: var(--ink);
      font: 16px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
    main { max-width: 76rem; margin: 0 auto; padding: 1rem 1.25rem 4rem; }
    h1 { font-size: 1.7rem; line-height: 1.2; margin: 1rem 0 .5rem; }
    h2 { font-size: 1.25rem; margin: 2.5rem 0 .5rem; padding-top: .5rem;
      border-top: 1px solid var(--line); }
    h3 { font-size: 1.05rem; margin: 1.5rem 0 .25rem; }
    p { max-width: 46rem; margin: .5rem 0; }
    .note, figcaption { color: var(--soft); font-size: .875rem; }
    nav a { margin-right: 1rem; white-space: nowrap; display: inline-block; }
    a { color: var(--c1); }
    .figures { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit,
      minmax(min(100%, 26rem), 1fr)); }
    figure { margin: .5rem 0; padding: .5rem; background: var(--panel); border: 1px solid
      var(--line);
      border-radius: 6px; min-width: 0; max-width: 44rem; }
    figure svg { display: block; width: 100%; height: auto; max-width: 60rem; margin: 0 auto; }
    figcaption { padding: .25rem .25rem 0; }
    .scroll { overflow-x: auto; margin: .5rem 0; background:
      linear-gradient(to right, var(--paper) 30%, transparent) left / 2rem 100%,
      linear-gradient(to left, var(--paper) 30%, transparent) right / 2rem 100%,
      linear-gradient(to right, var(--soft), transparent) left / .4rem 100%,
      linear-gradient(to left, var(--soft), transparent) right / .4rem 100%;
      background-repeat: no-repeat; background-attachment: local, local, scroll, scroll; }
    table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .9rem;
      width: auto; }
    th, td { padding: .25rem .6rem; border-bottom: 1px solid var(--line); text-align: left;
      vertical-align: top; overflow-wrap: break-word; max-width: 34rem; }
    th { font-weight: 600; } th.n, td.n { text-align: right; } td.n { white-space: nowrap; }
    code { font-size: .85em; overflow-wrap: anywhere; }
    .cards { display: grid; gap: .75rem; margin: 1rem 0;
      grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); }
    .card { background: var(--panel); border: 1px solid var(--line); border-radius: 6px;
      padding: .6rem .8rem; }
    .card b { display: block; font-size: 1.25rem; overflow-wrap: anywhere; } .card span { color:
      var(--soft); font-size: .85rem; }
    .scale { display: inline-flex; vertical-align: middle; margin: 0 .5rem; border: 1px solid
      var(--line); }
    .scale i { display: block; width: 1.4rem; height: .9rem; }
    @media (max-width: 40rem) { main { padding: .5rem .75rem 3rem; }
      table { font-size: .75rem; } th, td { padding: .25rem .3rem; }
      td.n { white-space: normal; } h2 { margin-top: 2rem; } }
    @media print { nav { display: none; } figure, tr, .card { break-inside: avoid; }
      h2, h3, p { break-after: avoid; } p { break-inside: avoid; }
      body { font-size: 10pt; } h2 { margin-top: 1.2rem; }
      .figures { grid-template-columns: 1fr 1fr; } figure { max-width: 12cm; }
      .scroll { overflow: visible; background: none; } table { font-size: 7.5pt; }
      th, td, td.n { padding: .1rem .3rem; white-space: normal; } }
    \(shadeRules)
    """

  private static let shadeRules = shades.enumerated().map { step, colour in
    "td.s\(step), .scale i.s\(step) { background: \(colour); color: #111111; }"
  }.joined(separator: "\n")
}
