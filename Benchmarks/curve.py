# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""A plot as SVG: measured points, and the line that a constant cost of each would give."""

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 720, 420, 70, 50, 40, 20


def rounded(value):
    """A round number at or above a value."""
    power = 10.0
    while power < value:
        power *= 10
    while power / 10 >= value:
        power /= 10
    return next(power * part for part in (0.2, 0.4, 0.5, 0.8, 1) if power * part >= value)


def svg(points, cost, title):
    """`points` are (number, seconds); the dashed line is the first point's seconds and `cost` each."""
    most = max(number for number, _ in points)
    slowest = max(seconds for _, seconds in points)
    wide, high = rounded(most), rounded(slowest)

    def place(number, seconds):
        x = LEFT + number / wide * (WIDTH - LEFT - RIGHT)
        y = HEIGHT - BOTTOM - seconds / high * (HEIGHT - BOTTOM - TOP)
        return x, y

    def line(ends, style):
        (a, b), (c, d) = ends
        return f'<line x1="{a:.1f}" y1="{b:.1f}" x2="{c:.1f}" y2="{d:.1f}" {style}/>'

    def text(x, y, words, anchor="middle"):
        return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{words}</text>'

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
        ' font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        text(WIDTH / 2, 22, title),
    ]
    for share in (0, 0.25, 0.5, 0.75, 1):
        x, y = place(wide * share, 0)
        parts += [line(((x, y), (x, y + 5)), 'stroke="black"'), text(x, y + 20, f"{wide * share:,.0f}")]
        x, y = place(0, high * share)
        parts += [
            line(((x, y), (WIDTH - RIGHT, y)), 'stroke="#dddddd"'),
            text(x - 8, y + 4, f"{high * share:.3g}", "end"),
        ]
    parts.append(text(WIDTH / 2, HEIGHT - 8, "cells"))
    (first, base), start = points[0], place(*points[0])
    end = place(most, base + (most - first) * cost)
    parts.append(line((start, end), 'stroke="#888888" stroke-width="2" stroke-dasharray="6 5"'))
    for before, after in zip(points, points[1:]):
        parts.append(line((place(*before), place(*after)), 'stroke="#1f6fb2" stroke-width="2"'))
    for number, seconds in points:
        x, y = place(number, seconds)
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#1f6fb2"/>')
    return "\n".join([*parts, "</svg>", ""])
