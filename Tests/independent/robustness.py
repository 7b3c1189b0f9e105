# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
"""`robustness.csv`: each cell's worst neighbour and its ranks."""

from arithmetic import mean_half_even, money


def neighbours(cell, cells):
    """Cells that differ in one setting alone, no cell having a value of it between the two."""
    for other in cells:
        changed = [name for name in cell if cell[name] != other[name]]
        if len(changed) == 1:
            low, high = sorted((float(cell[changed[0]]), float(other[changed[0]])))
            if not any(low < float(third[changed[0]]) < high for third in cells):
                yield other


def ranks(values):
    return [1 + sum(other > value for other in values) for value in values]


def means(results, first, last):
    return [mean_half_even(sum(o.metrics["vault_pnl_usd"] for o in outcomes[first:last]), last - first)
            for _, outcomes in results]


def table(names, rows, results):
    """(header, rows) of the file; `rows` are those of sweep.csv, `results` their (cell id, outcomes)."""
    cells = [{name: row[name] for name in names} for row in rows]
    count = len(results[0][1])
    middle = (count + 1) // 2
    whole = means(results, 0, count)
    place = {tuple(cell.values()): index for index, cell in enumerate(cells)}
    columns = {"rank": ranks(whole)}
    if count > 1:
        columns["rank_first_half"] = ranks(means(results, 0, middle))
        columns["rank_second_half"] = ranks(means(results, middle, count))
    made = []
    for index, cell in enumerate(cells):
        plateau = min([whole[index]] + [whole[place[tuple(o.values())]] for o in neighbours(cell, cells)])
        made.append({"cell_id": rows[index]["cell_id"], **cell, "vault_pnl_usd": money(whole[index]),
                     "plateau_usd": money(plateau), "plateau_drop_usd": money(whole[index] - plateau),
                     **{name: columns[name][index] if name in columns else ""
                        for name in ("rank", "rank_first_half", "rank_second_half")}})
    return list(made[0]), made
