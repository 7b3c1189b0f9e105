#!/usr/bin/env bash
# Part of Breakwater.
# SPDX-License-Identifier: Apache-2.0
#
# A Slurm cluster of some nodes on this machine, on the loopback interface alone.
#
#   cluster.sh up FOLDER NODES     starts it; then export SLURM_CONF=FOLDER/slurm.conf
#   cluster.sh fail FOLDER NODE    ends a node as a power cut would: its daemon and all of its jobs
#   cluster.sh down FOLDER         ends what `up` started
set -euo pipefail
action=$1
folder=$(realpath -m "$2")
conf=$folder/slurm.conf

configure() {
  local nodes=$1 host port=${BREAKWATER_SLURM_PORT:-18600}
  host=$(hostname -s)
  {
    printf '%s\n' ClusterName=breakwater "SlurmctldHost=$host(127.0.0.1)" "SlurmctldPort=$port" \
      SlurmUser=root AuthType=auth/munge CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
    # Neither control groups nor plugins for MPI: they need rights that containers lack.
    printf '%s\n' ProctrackType=proctrack/linuxproc TaskPlugin=task/none MpiDefault=none
    printf '%s\n' "StateSaveLocation=$folder/state" "SlurmdSpoolDir=$folder/spool-%n" \
      "SlurmctldPidFile=$folder/controller.pid" "SlurmdPidFile=$folder/%n.pid" \
      "SlurmctldLogFile=$folder/controller.log" "SlurmdLogFile=$folder/%n.log"
    # A node that is silent for five seconds is down, and its jobs go elsewhere.
    printf '%s\n' SlurmdTimeout=5 KillWait=2 JobRequeue=1 ReturnToService=2 MaxArraySize=10001
    printf '%s\n' SelectType=select/cons_tres SelectTypeParameters=CR_Core \
      SchedulerType=sched/backfill \
      SchedulerParameters=sched_interval=1,bf_interval=1,batch_sched_delay=0,defer
    local node
    for node in $(seq 1 "$nodes"); do
      echo "NodeName=n$node NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + node)) CPUs=1" \
        "RealMemory=500 State=UNKNOWN"
    done
    echo "PartitionName=all Nodes=n[1-$nodes] Default=YES MaxTime=INFINITE State=UP"
  } >"$conf"
}

authenticate() {
  munge -n </dev/null >/dev/null 2>&1 && return
  [ -s /etc/munge/munge.key ] || mungekey --create
  install -d -o munge -g munge -m 755 /run/munge
  runuser -u munge -- munged --pid-file=/run/munge/munged.pid
  cp /run/munge/munged.pid "$folder/munge.pid"
}

up() {
  local nodes=$1 node idle
  mkdir -p "$folder/state"
  configure "$nodes"
  authenticate
  export SLURM_CONF=$conf
  slurmctld -f "$conf"
  for node in $(seq 1 "$nodes"); do
    mkdir -p "$folder/spool-n$node"
    slurmd -f "$conf" -N "n$node"
  done
  for _ in $(seq 1 60); do
    idle=$(sinfo -h -N -t idle -o %N 2>/dev/null | wc -l)
    [ "$idle" = "$nodes" ] && return
    sleep 0.5
  done
  echo "cluster: the nodes did not come up; see $folder/*.log" >&2
  return 1
}

fail() {
  local node=$1 process
  kill -9 "$(cat "$folder/$node.pid")"
  for process in /proc/[0-9]*; do
    if grep -qzx "SLURMD_NODENAME=$node" "$process/environ" 2>/dev/null &&
      grep -qzx "SLURM_CONF=$conf" "$process/environ" 2>/dev/null; then
      # The daemon of the step, which would report the end, goes first.
      local parent
      parent=$(awk '/^PPid:/ {print $2}' "$process/status" 2>/dev/null || true)
      if [ -n "$parent" ] && grep -q slurmstepd "/proc/$parent/comm" 2>/dev/null; then
        kill -9 "$parent" 2>/dev/null || true
      fi
      kill -9 "${process#/proc/}" 2>/dev/null || true
    fi
  done
}

down() {
  local file process
  for file in "$folder"/*.pid; do
    [ -e "$file" ] || continue
    process=$(cat "$file")
    # Nothing but what `up` started: its number may belong to another process by now.
    grep -qE '^(slurmctld|slurmd|munged)$' "/proc/$process/comm" 2>/dev/null || continue
    kill "$process" 2>/dev/null || true
    for _ in $(seq 1 50); do
      [ -e "/proc/$process" ] || continue 2
      sleep 0.1
    done
    kill -9 "$process" 2>/dev/null || true
  done
}

case $action in
up) up "${3:-3}" ;;
fail) fail "$3" ;;
down) down ;;
*) exit 64 ;;
esac
