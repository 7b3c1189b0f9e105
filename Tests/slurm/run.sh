#!/usr/bin/env bash
# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
#
# run.sh BINARY: a sweep in eight shards on three Slurm nodes, of which one dies half-way; the merged
# files must be those of one undivided run. Status 77 where there is no Slurm.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
TOOL=$(realpath "$1")
BREAKWATER=$here/stopping.sh
export BREAKWATER TOOL

skip() {
  echo "Slurm test skipped: $1"
  exit 77
}
[ "$(id -u)" = 0 ] || skip "the nodes are started by root"
if ! command -v slurmctld >/dev/null || ! command -v slurmd >/dev/null; then
  command -v apt-get >/dev/null || skip "Slurm is not installed (Debian: slurm-wlm, munge)"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qqy \
    --no-install-recommends slurm-wlm munge; } >/dev/null 2>&1 ||
    skip "slurm-wlm and munge cannot be installed"
fi

folder=$(mktemp -d)
finish() {
  "$here/cluster.sh" down "$folder/cluster"
  if [ -n "${KEEP:-}" ]; then echo "kept $folder"; else rm -rf "$folder"; fi
}
trap finish EXIT
"$here/cluster.sh" up "$folder/cluster" 3 || skip "the nodes cannot be started here"
export SLURM_CONF=$folder/cluster/slurm.conf

golden=$here/../BreakwaterCommandsTests/Golden
cp "$golden"/{book,prices,fall,dip}.csv "$folder"
sed -e 's/\[0.02, 0.06\]/{ from = 0.01, to = 0.9, steps = 1000 }/' -e 's/"all"/"best 2"/' \
  -e 's/^seed = 2020/seed = 2020\ngenerate = 62\nhorizon_s = 7200\nstep_s = 1/' \
  "$golden/spec.toml" >"$folder/spec.toml"
cd "$folder"
export MARK=$folder/stopped

"$TOOL" submit slurm spec.toml --shards 8 -o results | bash
# The node dies when its shard has finished something that could be lost.
victim=
for _ in $(seq 1 400); do
  victim=$(cat "$MARK/victim" 2>/dev/null || true)
  [ -z "$victim" ] || break
  sleep 0.1
done
echo "node n2 dies with shard ${victim:-none}"
"$here/cluster.sh" fail "$folder/cluster" n2

last=
for _ in $(seq 1 120); do
  queue=$(squeue -h -o '%i %T %N %r')
  [ "$queue" = "$last" ] || echo "-- ${queue//$'\n'/, }"
  last=$queue
  [ -n "$queue" ] || break
  # What is put back into the queue would wait for two minutes.
  for job in $(squeue -h -t PD -o '%i %r' | awk '$2 == "BeginTime" {print $1}'); do
    scontrol update jobid="$job" StartTime=now || true
  done
  sleep 0.5
done
cat results/log/*.txt
# The shard that died has gone on elsewhere with what it had finished.
[ -n "$victim" ] && grep -q "going on" "results/log/shard-$victim.txt" || {
  echo "no shard went on after the node died" >&2
  exit 1
}

"$TOOL" sweep spec.toml -q -o whole
for file in whole/*.csv; do cmp "$file" "results/${file#whole/}"; done
diff <(grep -v wall_time_s whole/manifest.json) <(grep -v wall_time_s results/manifest.json)
"$TOOL" verify results
echo "Slurm test passed: the merged files are those of one run"
