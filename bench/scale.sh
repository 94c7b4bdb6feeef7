#!/usr/bin/env bash
# Cost of a whole audit, all outputs written, as the input grows: for each size
# makes people with 0.656 links each (medical .128, bank .448, disability .08:
# the shares of 2023), audits them, and prints one line of a Markdown table.
#
#   bench/scale.sh PEOPLE…               e.g. 100000 1000000 20000000 125000000
#
#   RUNS=3          audits of each size; the line shows the median run by time
#   JOBS=2          workers
#   AUDIT_FLAGS=…   further flags of audit, such as "--memory 4GiB"
#   KEEP=1          leave the data for the next time; else it is removed
#   SEED=20231116   seed of the people
#   HIMOZUKE=…      a built program; else it is built
#   HIMOZUKE_BENCH_DIR  where data and outputs go
#
# 125 million people take 31 GB of files, and 12 GB more while they are made.
set -euo pipefail
cd "$(dirname "$0")/.."

[ $# -gt 0 ] || { sed -n '2,16s/^# \{0,1\}//p' "$0"; exit 2; }
work=${HIMOZUKE_BENCH_DIR:-${TMPDIR:-/tmp}/himozuke-bench}
runs=${RUNS:-1}
jobs=${JOBS:-2}
seed=${SEED:-20231116}
mkdir -p "$work"
if [ -z "${HIMOZUKE:-}" ]; then
  make -s build
  HIMOZUKE=$PWD/bin/himozuke
fi

data=
tidy() { rm -rf "$work/scale-out"; if [ -z "${KEEP:-}" ] && [ -n "$data" ]; then rm -rf "$data"; fi; }
trap tidy EXIT
TIMEFORMAT='%R %U %S'

echo "$("$HIMOZUKE" version 2>/dev/null | head -1), $jobs workers of $(nproc) processors, audit${AUDIT_FLAGS:+ $AUDIT_FLAGS}"
echo
echo "| people | links | input GB | made in s | wall s | processor s | wall ns a row | processor ns a row | peak MiB | bytes a person |"
echo "|---|---|---|---|---|---|---|---|---|---|"
for people in "$@"; do
  data=$work/scale-$people-$seed
  made=-
  if [ ! -e "$data/done" ]; then
    need=$((people * 360 / 1024 / 1024 + 1024))
    free=$(df --output=avail -BM "$work" | tail -1 | tr -dc 0-9)
    if [ "$free" -lt "$need" ]; then
      echo "$people people need $need MiB in $work, where $free are free" >&2
      exit 1
    fi
    rm -rf "$data"
    made=$({ time "$HIMOZUKE" generate --people "$people" --seed "$seed" --jobs "$jobs" --links medical=.128 \
      --links bank=.448 --links disability=.08 --out "$data" >/dev/null; } 2>&1 | awk '{print $1}')
    rm "$data/truth.csv" # nothing here asks for it
    links=$(cat "$data"/{medical,bank,disability}.csv | wc -l)
    echo $((links - 3)) >"$data/done"
  fi
  cat "$data"/{register,medical,bank,disability}.csv >/dev/null # warm the page cache, as far as it goes

  for _ in $(seq "$runs"); do
    rm -rf "$work/scale-out"
    # shellcheck disable=SC2086 # AUDIT_FLAGS are words
    times=$({ time "$HIMOZUKE" audit --quiet --jobs "$jobs" ${AUDIT_FLAGS:-} --register "$data/register.csv" \
      --links medical="$data/medical.csv" --links bank="$data/bank.csv" \
      --links disability="$data/disability.csv" --out "$work/scale-out" >&2; } 2>&1 | tail -1)
    echo "$times $(grep -o '"peak_bytes": *[0-9]*' "$work/scale-out/summary.json" | grep -o '[0-9]*$')"
  done | sort -n | awk -v people="$people" -v links="$(cat "$data/done")" \
    -v made="$made" -v bytes="$(stat -c %s "$data"/*.csv | awk '{s += $1} END {print s}')" '
    { line[NR] = $0 }
    END {
      split(line[int((NR + 1) / 2)], f); rows = people + links; cpu = f[2] + f[3]
      printf "| %d | %d | %.2f | %s | %.2f | %.2f | %.0f | %.0f | %.0f | %.0f |\n", people, links, bytes / 1e9, made,
        f[1], cpu, f[1] * 1e9 / rows, cpu * 1e9 / rows, f[4] / 1048576, f[4] / people
    }'
  tidy
  data=
done
