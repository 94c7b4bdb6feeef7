#!/usr/bin/env bash
# Times himozuke beside DuckDB and encoding/csv on the same files in one run:
# each round takes all of them in turn, pinned to as many processors as they
# have threads; a table shows medians, least and most. What is compared, and
# the figures: docs/performance.md.
#
#   bench/duckdb/run.sh [PEOPLE] [RUNS]      default: 2000000 people, 5 rounds
#
#   BIG=20000000    people of a second, larger audit; 0 leaves it out (default)
#   JOIN=10000000   numbers on each side of the join
#   THREADS="1 2"   numbers of threads
#   CLOCK=cpu       processor time in place of time, of one thread only: for a
#                   machine that has other work
#   ONLY="split ingest join audit big scoring"   which measurements
#   HIMOZUKE=…      a built program; else it is built
#   PYTHON=…        interpreter for the virtual environment
#   HIMOZUKE_BENCH_DIR  where data and environment go
#
# The links are one medical file of about one row for every person, one in a
# thousand with a fault.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."

people=${1:-2000000}
export RUNS=${2:-5}
work=${HIMOZUKE_BENCH_DIR:-${TMPDIR:-/tmp}/himozuke-bench}
mkdir -p "$work/tests"

if [ -z "${HIMOZUKE:-}" ]; then
  make -s build
  HIMOZUKE=$PWD/bin/himozuke
fi
go test -c -o "$work/tests/ingest.test" ./linkage/ingest
go test -c -o "$work/tests/linkage.test" ./linkage
venv=$work/duckdb-venv
if ! cmp -s "$here/requirements.txt" "$venv/requirements.txt"; then
  "${PYTHON:-python3}" -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
  cp "$here/requirements.txt" "$venv/requirements.txt"
fi

make_people() { # PEOPLE → folder
  local data=$work/duckdb-$1
  if [ ! -e "$data/done" ]; then
    rm -rf "$data"
    "$HIMOZUKE" generate --people "$1" --seed 20231116 --fault-rate 0.001 --datasets medical \
      --links medical=.98 --out "$data" >/dev/null # and .02 of earlier insurances
    touch "$data/done"
  fi
  cat "$data"/{register,medical}.csv >/dev/null # warm the page cache
  echo "$data"
}
data=$(make_people "$people")
[ "${BIG:-0}" = 0 ] || BIG_DATA=$(make_people "$BIG")
export BIG_DATA=${BIG_DATA:-}

echo "$(nproc) processors, $(uname -sm), $("$HIMOZUKE" version | head -1), $("$venv/bin/pip" list --format freeze 2>/dev/null | grep duckdb)"
export PYTHONDONTWRITEBYTECODE=1
exec "$venv/bin/python" "$here/compare.py" "$HIMOZUKE" "$work/tests" "$data" "$work"
