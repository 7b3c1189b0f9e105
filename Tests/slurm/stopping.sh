#!/usr/bin/env bash
# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
#
# stopping.sh ARGUMENTS of a shard: runs TOOL, but the first shard on node n2 stands still as soon as its
# journal holds a finished unit, so that the node can die half-way however fast the tool is. The shard is
# then named in MARK/victim.
set -uo pipefail

if [ "${SLURMD_NODENAME:-}" != n2 ] || ! mkdir "$MARK" 2>/dev/null; then exec "$TOOL" "$@"; fi
"$TOOL" "$@" &
process=$!
journal=results/journal-$SLURM_ARRAY_TASK_ID-of-8.sqlite-wal
until [ "$(stat -c %s "$journal" 2>/dev/null || echo 0)" -gt 100000 ]; do
  if ! kill -0 "$process" 2>/dev/null; then
    wait "$process"
    exit
  fi
  sleep 0.01
done
kill -STOP "$process"
echo "$SLURM_ARRAY_TASK_ID" >"$MARK/name" && mv "$MARK/name" "$MARK/victim"
# What is left of the shard ends with its node.
while :; do sleep 1; done
