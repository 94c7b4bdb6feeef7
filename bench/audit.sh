#!/usr/bin/env bash
# Times a whole audit, all outputs written: wall time, processor time and peak
# memory of several runs, and the median. Data is made once and kept.
#
#   bench/audit.sh [PEOPLE] [RUNS]       default: 1000000 people, 3 runs
set -euo pipefail
cd "$(dirname "$0")/.."

people=${1:-1000000}
runs=${2:-3}
work=${HIMOZUKE_BENCH_DIR:-${TMPDIR:-/tmp}/himozuke-bench}
data=$work/people-$people

make -s build
if [ ! -e "$data/truth.csv" ]; then
  echo "making $people synthetic people in $data"
  bin/himozuke generate --people "$people" --seed 20231116 --out "$data"
fi
cat "$data"/{register,medical,bank,disability}.csv >/dev/null # warm the page cache

for jobs in 1 2; do
  for run in $(seq "$runs"); do
    rm -rf "$work/out"
    /usr/bin/time -f "jobs $jobs run $run: %e s wall, %U s user, %M KiB" \
      bin/himozuke audit --quiet --jobs "$jobs" --register "$data/register.csv" \
      --links medical="$data/medical.csv" --links bank="$data/bank.csv" \
      --links disability="$data/disability.csv" --out "$work/out"
    cp "$work/out/findings.csv" "$work/findings-$jobs.csv"
  done
done 2>&1 | tee "$work/times.txt"
cmp "$work/findings-1.csv" "$work/findings-2.csv" && echo "findings are the same with one job and with two"
for jobs in 1 2; do
  grep "^jobs $jobs " "$work/times.txt" | sort -k5 -n | awk -v j="$jobs" '{t[NR]=$5} END {printf "jobs %s: median %s s\n", j, t[int((NR+1)/2)]}'
done
