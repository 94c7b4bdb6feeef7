#!/usr/bin/env bash
# Does a run keep to --memory? Makes people with 0.656 links each, audits them
# without a limit, with --memory LIMIT, and with that under a limit of the
# kernel a tenth above, which ends the process that passes it. Prints a line of
# a Markdown table each; fails where the findings are not the same bytes, where
# the process came to be larger than LIMIT and a tenth, or where peak_bytes of
# summary.json is not what the kernel says.
#
#   bench/memory.sh PEOPLE LIMIT         e.g. 3000000 344MiB
#
#   RUNS=1          rounds of the three audits
#   JOBS=2          workers
#   KEEP=1          leave the data for the next time; else it is removed
#   SEED=610        seed of the people
#   HIMOZUKE=…      a built program; else it is built
#   HIMOZUKE_BENCH_DIR  where data and outputs go
#
# The limit of the kernel takes a memory control group of version 1 that may be
# written, or systemd-run; without either that audit is left out, and it says so.
set -euo pipefail
cd "$(dirname "$0")/.."

[ $# -eq 2 ] || { sed -n '2,19s/^# \{0,1\}//p' "$0"; exit 2; }
people=$1
limit=$(numfmt --from=iec-i "${2%B}")
most=$((limit + limit / 10))
work=${HIMOZUKE_BENCH_DIR:-${TMPDIR:-/tmp}/himozuke-bench}
jobs=${JOBS:-2}
seed=${SEED:-610}
mkdir -p "$work"
if [ -z "${HIMOZUKE:-}" ]; then
  make -s build
  HIMOZUKE=$PWD/bin/himozuke
fi

data=$work/scale-$people-$seed
out=$work/memory-out
group=/sys/fs/cgroup/memory/himozuke-$$
tidy() {
  rm -rf "$out" "$work/memory.time"
  if [ -z "${KEEP:-}" ]; then rm -rf "$data"; fi
  if [ -d "$group" ]; then rmdir "$group"; fi
}
trap tidy EXIT

if [ ! -e "$data/done" ]; then
  rm -rf "$data"
  "$HIMOZUKE" generate --people "$people" --seed "$seed" --jobs "$jobs" --links medical=.128 \
    --links bank=.448 --links disability=.08 --out "$data" >/dev/null
  rm "$data/truth.csv" # nothing here asks for it
  echo $(($(cat "$data"/{medical,bank,disability}.csv | wc -l) - 3)) >"$data/done"
fi

ways=(none --memory)
if mkdir "$group" 2>/dev/null; then
  echo "$most" >"$group/memory.limit_in_bytes"
  ways+=(kernel)
  enclosed() { (echo $BASHPID >"$group/cgroup.procs" && exec "$@"); }
elif command -v systemd-run >/dev/null; then
  ways+=(kernel)
  enclosed() { systemd-run --quiet --scope -p MemoryMax="$most" -p MemorySwapMax=0 -- "$@"; }
else
  echo "no control group can be made here: the limit of the kernel is left out" >&2
fi

# audit NAME [FLAG…]: one audit, under the command that is in $under.
audit() {
  local name=$1
  shift
  rm -rf "${out:?}/$name"
  $under /usr/bin/time -o "$work/memory.time" -f '%e %U %S %M' "$HIMOZUKE" audit --quiet --jobs "$jobs" \
    --key "$out/key" --register "$data/register.csv" --links medical="$data/medical.csv" \
    --links bank="$data/bank.csv" --links disability="$data/disability.csv" --out "$out/$name" "$@"
}

mkdir -p "$out"
head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n' >"$out/key" # one for all, so that case ids are the same
failed=
echo "| limit | wall s | processor s | peak resident MiB | peak_bytes MiB | findings |"
echo "|---|---|---|---|---|---|"
for _ in $(seq "${RUNS:-1}"); do
  for way in "${ways[@]}"; do
    flags=()
    under=
    case $way in
    --memory) flags=(--memory "$2") ;;
    kernel) flags=(--memory "$2") under=enclosed ;;
    esac
    if ! audit "$way" "${flags[@]}"; then
      echo "| $way | the audit failed |"
      failed=1
      continue
    fi
    read -r wall user system peak <"$work/memory.time"
    said=$(($(grep -o '"peak_bytes": *[0-9]*' "$out/$way/summary.json" | grep -o '[0-9]*$') / 1024))
    verdict='the same bytes'
    for file in findings.csv next.csv findings.parquet; do
      cmp -s "$out/none/$file" "$out/$way/$file" || verdict="$file differs"
    done
    case $way in none) ;; *) [ "$((peak * 1024))" -le "$most" ] || verdict="$verdict, more than LIMIT and a tenth" ;; esac
    [ "$((said * 100))" -ge "$((peak * 98))" ] || verdict="$verdict, peak_bytes says less than the kernel"
    [ "$verdict" = 'the same bytes' ] || failed=1
    echo "$way $wall $user $system $peak $said" | awk -v verdict="$verdict" -v limit="$2" '{
      names["none"] = "none"; names["--memory"] = "--memory " limit; names["kernel"] = "the same, and the kernel stops it a tenth above"
      printf "| %s | %.1f | %.1f | %.0f | %.0f | %s |\n", names[$1], $2, $3 + $4, $5 / 1024, $6 / 1024, verdict }'
  done
done
if [ -d "$group" ]; then
  echo
  echo "group: at most $(($(cat "$group/memory.max_usage_in_bytes") >> 20)) MiB with the system's cache of files, limit met $(cat "$group/memory.failcnt") times"
fi
[ -z "$failed" ]
