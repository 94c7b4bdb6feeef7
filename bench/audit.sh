#!/usr/bin/env bash
# Times a whole audit, all outputs written: wall time, processor time and peak
# memory of several runs with one worker and with two, and the medians. Data is
# made once and kept.
#
#   bench/audit.sh [PEOPLE] [RUNS]       default: 1000000 people, 3 runs
set -euo pipefail
cd "$(dirname "$0")/.."

people=${1:-1000000}
runs=${2:-3}
work=${HIMOZUKE_BENCH_DIR:-${TMPDIR:-/tmp}/himozuke-bench}
data=$work/people-$people
mkdir -p "$work"

make -s build
if [ ! -e "$data/truth.csv" ]; then
  echo "making $people synthetic people in $data"
  bin/himozuke generate --people "$people" --seed 20231116 --out "$data"
fi
cat "$data"/{register,medical,bank,disability}.csv >/dev/null # warm the page cache

TIMEFORMAT='%R %U'
for run in $(seq "$runs"); do
  for jobs in 1 2; do # in turn, so that a slow spell of the machine meets both
    rm -rf "$work/out-$jobs"
    seconds=$({ time bin/himozuke audit --quiet --jobs "$jobs" --register "$data/register.csv" \
      --links medical="$data/medical.csv" --links bank="$data/bank.csv" \
      --links disability="$data/disability.csv" --out "$work/out-$jobs"; } 2>&1)
    peak=$(grep -o '"peak_bytes": *[0-9]*' "$work/out-$jobs/summary.json" | grep -o '[0-9]*$')
    echo "jobs $jobs run $run: wall and user s: $seconds, peak MiB: $((peak >> 20))"
  done
done | tee "$work/times.txt"
cmp "$work/out-1/findings.csv" "$work/out-2/findings.csv" && echo "findings are the same with one worker and with two"
for jobs in 1 2; do
  grep "^jobs $jobs " "$work/times.txt" | awk '{print $9}' | sort -n |
    awk -v j="$jobs" '{t[NR] = $1} END {printf "jobs %s: median %.2f s\n", j, t[int((NR + 1) / 2)]}'
done
