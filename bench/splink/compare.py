"""Average precision of both rankings against the truth, as one table.

    compare.py TRUTH FINDINGS WHOLE_FINDINGS SPLINK_DIR HIMOZUKE_SECONDS

WHOLE_FINDINGS are those of a run with a review floor near nothing, so that the
list goes on below what a user would read, as Splink's does.

A wrong link counts if it leaves a trace. Left out of both rankings, because
calling them wrong is neither right nor false: wrong links without a trace, and
people who left the register (their number is nobody's, yet their own).
"""

import csv
import json
import sys
from pathlib import Path

import numpy as np

# Stands for the best other person where nobody was a candidate or all fit
# worse: in bits, with prior odds of 1. The best of FLOORS on a development
# seed; all of them are printed.
NOBODY = 10.0
FLOORS = [-30.0, -10.0, 0.0, 5.0, 10.0, 15.0, 20.0]
UNLISTED = 1e6
BOOTSTRAPS = 2000


def truth(path):
    links = {}
    with open(path, encoding="utf-8", newline="") as f:
        for row in csv.DictReader(f):
            links[row["record_id"]] = row
    return links


def himozuke_scores(path):
    """How suspicious a link is: findings, then what next.csv names; links in neither come last."""
    scores = {}
    for name in (Path(path).with_name("next.csv"), path):
        with open(name, encoding="utf-8", newline="") as f:
            scores.update((row["record_id"], float(row["p_wrong"] or 0)) for row in csv.DictReader(f))
    return scores


def splink_pairs(path):
    with open(path, encoding="utf-8", newline="") as f:
        return {row["record_id"]: (row["claimed"], row["other"]) for row in csv.DictReader(f)}


def splink_score(pair, floor):
    """Negative weight of the claim relative to the best other person; a number of nobody's comes first."""
    claimed, other = pair
    if not claimed:
        return UNLISTED
    if float(claimed) == 0:
        return -UNLISTED  # no field that both sides have: nothing was judged
    return max(float(other), floor) - float(claimed) if other else floor - float(claimed)


def steps(score, wrong):
    """For every score that a wrong link has, from the top: wrong links with it, right links since the last."""
    thresholds = np.unique(score[wrong])[::-1]
    at = np.searchsorted(-thresholds, -score, side="left")
    listed = at < len(thresholds)
    hits = np.bincount(at[wrong], minlength=len(thresholds))
    alarms = np.bincount(at[listed & ~wrong], minlength=len(thresholds))
    return hits, alarms


def precision(hits, alarms):
    found, listed = np.cumsum(hits), np.cumsum(hits + alarms)
    return float(np.sum(hits * found / np.maximum(listed, 1)) / max(found[-1], 1))


def average_precision(score, wrong):
    """Sum of precision times gain of recall; ties share one threshold."""
    return precision(*steps(score, wrong))


def interval(score, wrong):
    """95% Poisson bootstrap interval: sums of links drawn Poisson(1) are Poisson of their number."""
    hits, alarms = steps(score, wrong)
    rng = np.random.default_rng(1)
    return np.percentile([precision(rng.poisson(hits), rng.poisson(alarms)) for _ in range(BOOTSTRAPS)], [2.5, 97.5])


def in_top(score, wrong):
    """Share of the wrong links among as many of the most suspicious; ties count in proportion."""
    k = int(wrong.sum())
    cut = np.sort(score)[-k]
    sure, tied = score > cut, score == cut
    return float((wrong[sure].sum() + wrong[tied].sum() * (k - sure.sum()) / tied.sum()) / k)


def main():
    truth_path, findings, whole_findings, splink_dir, seconds = sys.argv[1:]
    links = truth(truth_path)
    ours, whole = himozuke_scores(findings), himozuke_scores(whole_findings)
    pairs = splink_pairs(Path(splink_dir) / "ranking.csv")
    timings = json.loads((Path(splink_dir) / "timings.json").read_text())

    kept = [(key, row) for key, row in links.items()
            if row["trace"] != "no" and row["detail"] != "left_register"]
    dataset = np.array([row["dataset"] for _, row in kept])
    wrong = np.array([row["label"] != "ok" for _, row in kept])
    shared_account = np.array([row["detail"] == "family_account" for _, row in kept])
    missing = ("", "")
    scores = {"himozuke": np.array([ours.get(key, -1.0) for key, _ in kept]),
              "whole list": np.array([whole.get(key, -1.0) for key, _ in kept])}
    by_floor = {floor: np.array([splink_score(pairs.get(key, missing), floor) for key, _ in kept])
                for floor in FLOORS}
    scores["Splink"] = by_floor[NOBODY]

    everything = np.ones(len(kept), bool)
    groups = [("all", everything), ("all, no family accounts", ~shared_account),
              ("medical", dataset == "medical"), ("disability", dataset == "disability"),
              ("bank", dataset == "bank"), ("bank, no family accounts", (dataset == "bank") & ~shared_account)]
    print(f"{'':26}{'Wrong':>6}  {'Splink, asked on both sides':<35}{'himozuke':<35}himozuke, whole list")
    print(f"{'Links':26}{'links':>6}  " + f"{'AP':<8}{'95%':<16}{'top k':<11}" * 3)
    for name, group in groups:
        if not wrong[group].any():
            continue
        line = f"{name:26}{wrong[group].sum():>6}  "
        for ranking in ("Splink", "himozuke", "whole list"):
            s, w = scores[ranking][group], wrong[group]
            low, high = interval(s, w)
            line += f"{average_precision(s, w):<8.4f}{low:.4f}-{high:.4f}   {in_top(s, w):<11.4f}"
        print(line.rstrip())
    print(f"\nSeconds: Splink {timings['total']:.1f} (standardise {timings['standardise']:.1f}, "
          f"train {timings['train']:.1f}, predict {timings['predict']:.1f}; {timings['pairs']:,} pairs), "
          f"himozuke {float(seconds):.1f}")
    print("AP of Splink without family accounts, by the weight that stands for nobody: " + ", ".join(
        f"{floor:g}: {average_precision(s[~shared_account], wrong[~shared_account]):.4f}"
        for floor, s in by_floor.items()))

    causes = sorted({(row["cause"], row["detail"] if row["cause"] in ("unknown_owner", "family", "namesake") else "")
                     for _, row in kept if row["label"] != "ok"})
    print("\nWrong links among the k most suspicious, k as many as are wrong")
    k = int(wrong.sum())
    listed = {name: set(np.argsort(-s, kind="stable")[:k]) for name, s in scores.items()}
    print(f"{'Cause':34}{'Wrong':>6}{'Splink':>8}{'himozuke':>10}")
    for cause, detail in causes:
        members = {i for i, (_, row) in enumerate(kept) if row["label"] != "ok" and row["cause"] == cause
                   and (row["detail"] == detail or cause not in ("unknown_owner", "family", "namesake"))}
        print(f"{(cause + ' ' + detail).strip():34}{len(members):>6}{len(members & listed['Splink']):>8}"
              f"{len(members & listed['himozuke']):>10}")


if __name__ == "__main__":
    main()
