#!/usr/bin/env bash
# Ranks the same links with Splink, asked on both sides, and with himozuke.
#
#   bench/splink/run.sh [PEOPLE] [FAULT_RATE] [SEED…]   default: 200000 0.001, seed 600
#
# FAULT_RATE 0 takes the rates found in 2023. HARD=1 takes the hard population.
# HIMOZUKE names a built program, PYTHON the interpreter for the virtual
# environment, HIMOZUKE_BENCH_DIR where data and environment go.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."

people=${1:-200000}
rate=${2:-0.001}
shift $(( $# > 2 ? 2 : $# ))
seeds=("$@")
[ ${#seeds[@]} -gt 0 ] || seeds=(600)
work=${HIMOZUKE_BENCH_DIR:-${TMPDIR:-/tmp}/himozuke-bench}
mkdir -p "$work"

if [ -z "${HIMOZUKE:-}" ]; then
  make -s build
  HIMOZUKE=$PWD/bin/himozuke
fi
venv=$work/splink-venv
if ! cmp -s "$here/requirements.txt" "$venv/requirements.txt"; then
  "${PYTHON:-python3}" -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
  cp "$here/requirements.txt" "$venv/requirements.txt"
fi

export PYTHONDONTWRITEBYTECODE=1
for seed in "${seeds[@]}"; do
  data=$work/splink-$people-$rate-$seed${HARD:+-hard}
  [ -e "$data/truth.csv" ] ||
    "$HIMOZUKE" generate --people "$people" --seed "$seed" --fault-rate "$rate" ${HARD:+--hard} --out "$data" >/dev/null

  rm -rf "$data-out" "$data-whole"
  files=(--register "$data/register.csv" --links medical="$data/medical.csv"
    --links bank="$data/bank.csv" --links disability="$data/disability.csv")
  began=$(date +%s.%N)
  "$HIMOZUKE" audit --quiet "${files[@]}" --out "$data-out"
  ended=$(date +%s.%N)
  "$HIMOZUKE" audit --quiet --review-floor 0.00001 "${files[@]}" --out "$data-whole"

  "$venv/bin/python" "$here/rank.py" "$data" "$data-splink"
  echo
  echo "Seed $seed, $people people${HARD:+, hard}, fault rate $rate"
  "$venv/bin/python" "$here/compare.py" "$data/truth.csv" "$data-out/findings.csv" \
    "$data-whole/findings.csv" "$data-splink" "$(awk "BEGIN { print $ended - $began }")"
done
