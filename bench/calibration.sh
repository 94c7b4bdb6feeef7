#!/usr/bin/env bash
# Compares stated probabilities with what was observed, over several seeds.
#
#   bench/calibration.sh [PEOPLE] [FAULT_RATE] [SEED…]   default: 200000 0.005, seeds 2001 2002 2003
#
# HARD=1 takes the hard population, NO_REGISTER_KANA=1 a register without kana.
# The review floor is put down to 0.0001, so that hardly any suspect is left out.
# Needs jq.
set -euo pipefail
cd "$(dirname "$0")/.."

people=${1:-200000}
rate=${2:-0.005}
shift $(( $# > 2 ? 2 : $# ))
seeds=("$@")
[ ${#seeds[@]} -gt 0 ] || seeds=(2001 2002 2003)
work=${HIMOZUKE_BENCH_DIR:-${TMPDIR:-/tmp}/himozuke-bench}

make -s build
outcomes=()
for seed in "${seeds[@]}"; do
  data=$work/calibration-$people-$rate-$seed${HARD:+-hard}${NO_REGISTER_KANA:+-nokana}
  [ -e "$data/truth.csv" ] ||
    bin/himozuke generate --people "$people" --seed "$seed" --fault-rate "$rate" ${HARD:+--hard} \
      ${NO_REGISTER_KANA:+--no-register-kana} --out "$data" >/dev/null
  rm -rf "$data-out"
  bin/himozuke audit --quiet --review-floor 0.0001 --register "$data/register.csv" --links medical="$data/medical.csv" \
    --links bank="$data/bank.csv" --links disability="$data/disability.csv" --out "$data-out"
  bin/himozuke evaluate --json --truth "$data/truth.csv" "$data-out" > "$data.json"
  outcomes+=("$data.json")
done
jq -rs -f bench/calibration.jq "${outcomes[@]}"
