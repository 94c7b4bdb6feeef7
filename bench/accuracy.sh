#!/usr/bin/env bash
# Measures verdicts against the truth on synthetic people of several seeds.
#
#   bench/accuracy.sh [PEOPLE] [FAULT_RATE] [SEED…]   default: 100000 0.005, seeds 901 902 903
#
# FAULT_RATE 0 takes the rates found in 2023. HARD=1 takes the hard population,
# NO_REGISTER_KANA=1 a register without kana.
set -euo pipefail
cd "$(dirname "$0")/.."

people=${1:-100000}
rate=${2:-0.005}
shift $(( $# > 2 ? 2 : $# ))
seeds=("$@")
[ ${#seeds[@]} -gt 0 ] || seeds=(901 902 903)
work=${HIMOZUKE_BENCH_DIR:-${TMPDIR:-/tmp}/himozuke-bench}

make -s build
for seed in "${seeds[@]}"; do
  data=$work/accuracy-$people-$rate-$seed${HARD:+-hard}${NO_REGISTER_KANA:+-nokana}
  [ -e "$data/truth.csv" ] ||
    bin/himozuke generate --people "$people" --seed "$seed" --fault-rate "$rate" ${HARD:+--hard} \
      ${NO_REGISTER_KANA:+--no-register-kana} --out "$data" >/dev/null
  rm -rf "$data-out"
  bin/himozuke audit --quiet --register "$data/register.csv" --links medical="$data/medical.csv" \
    --links bank="$data/bank.csv" --links disability="$data/disability.csv" --out "$data-out"
  echo "seed $seed"
  bin/himozuke evaluate --truth "$data/truth.csv" "$data-out"
done
