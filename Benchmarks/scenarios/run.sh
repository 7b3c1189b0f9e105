#!/usr/bin/env bash
# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
#
# Usage: Benchmarks/scenarios/run.sh [ACCOUNTS] [SCENARIOS] [THREADS]
# Times `breakwater bench scenarios`, SciPy and dgemm on the same accounts, and prints ratios.
# $BREAKWATER is the program, else .build/release/breakwater.
set -euo pipefail
cd "$(dirname "$0")/../.."
accounts=${1:-1000000}
scenarios=${2:-1000}
threads=${3:-1}
data=.build/bench-data/scenarios
breakwater=${BREAKWATER:-.build/release/breakwater}
[ -x "$breakwater" ] || swift build -c release --product breakwater
python=$(Benchmarks/peers/install)
mkdir -p "$data"
common=(--accounts "$accounts" --scenarios "$scenarios" -j "$threads")
"$breakwater" bench scenarios "${common[@]}" >"$data/tiered.txt"
"$breakwater" bench scenarios "${common[@]}" --data "$data" >"$data/flat.txt"
OPENBLAS_NUM_THREADS=$threads OMP_NUM_THREADS=$threads \
  "$python" -B Benchmarks/scenarios/peers.py "$data" >"$data/peers.txt"
for part in tiered flat peers; do sed "s/^/$part /" "$data/$part.txt"; done
rate() { awk -v name="$2" '$1 == name { print $2 }' "$data/$1.txt"; }
ours=$(rate flat billion_account_scenarios_per_s)
for peer in scipy_csr scipy_csr_large dense_dgemm; do
  for part in product counted; do
    theirs=$(rate peers "${peer}_${part}_billion_account_scenarios_per_s")
    awk -v a="$ours" -v b="$theirs" -v name="ratio_to_${peer}_${part}" 'BEGIN { printf "%s %.1f\n", name, a / b }'
  done
done
