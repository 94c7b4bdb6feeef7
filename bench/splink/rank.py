"""Ranks every link with Splink, asked on both sides.

    rank.py DATA OUT

DATA holds register.csv and the linked files as `himozuke generate` writes
them. OUT gets ranking.csv (dataset, record_id, claimed, other, other_number)
and timings.json. `claimed` is the weight in bits of the link with the holder
of its number, `other` the best weight with anybody else, empty where nobody
was a candidate.
"""

import argparse
import csv
import json
import logging
import time
from collections import Counter
from pathlib import Path

import pyarrow as pa
from pyarrow.csv import write_csv
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

import standardise as std

csv.field_size_limit(1 << 24)

NO_KANA = std.kana("シメイ")  # 氏名
LEAST_M, LEAST_U = 1e-5, 1e-7
FIELDS = ["unique_id", "individual_number", "household",
          "family", "given", "family_kana", "given_kana", "former", "former_given", "former_kana", "former_given_kana",
          "full", "full_kana",
          "birth", "sex", "postal", "address", "town", "city"]


def rows(path):
    with open(path, encoding="utf-8", newline="") as f:
        yield from csv.DictReader(f)


class Columns:
    def __init__(self):
        self.values = {field: [] for field in FIELDS}

    def add(self, **record):
        for field, values in self.values.items():
            values.append(record.get(field) or None)

    def table(self):
        return pa.table({f: pa.array(v, pa.string()) for f, v in self.values.items()})


def divide(text, holder, families):
    """Splits a name without a space: by the holder's name, else by the longest known family name."""
    family, _, given = text.partition(" ")
    if given:
        return family, given.replace(" ", "")
    if holder:
        if holder[0] and text.startswith(holder[0]) and len(text) > len(holder[0]):
            return holder[0], text[len(holder[0]):]
        if holder[1] and text.endswith(holder[1]) and len(text) > len(holder[1]):
            return text[:-len(holder[1])], holder[1]
    for end in range(len(text) - 1, 0, -1):
        if text[:end] in families:
            return text[:end], text[end:]
    return text, ""


def known(text):
    return None if std.UNKNOWN.search(text) else text


def name_fields(name, name_kana, holder, families, kana_families):
    family, given = divide(std.kanji(name), holder and holder[:2], families)
    kana = std.kana(name_kana)
    if kana.replace(" ", "") == NO_KANA or not any(c in std.LETTER for c in kana):
        kana = ""  # what registers write for a foreigner without kana; Latin letters
    family_kana, given_kana = divide(kana, holder and holder[2:], kana_families)
    full = known(family + given)
    return {
        "family": known(family), "given": known(given), "full": full,
        "family_kana": std.letters(family_kana), "given_kana": std.letters(given_kana),
        "full_kana": std.letters(family_kana + given_kana),
    }, (family, given, family_kana, given_kana)


def other_fields(row):
    whole, town, city = std.address(row["address"]) if row.get("address") else (None, None, None)
    return {
        "birth": std.date(row["birth_date"]) if row.get("birth_date") else None,
        "sex": std.sex(row["sex"]) if row.get("sex") else None,
        "postal": std.postal(row["postal_code"]) if row.get("postal_code") else None,
        "address": whole, "town": town, "city": city,
    }


def readings(path):
    """The most frequent kana of each name in the register: former names and aliases come without kana."""
    counts = {}, {}
    for row in rows(path):
        _, parts = name_fields(row["name"], row["name_kana"], None, (), ())
        for part, count in enumerate(counts):
            if parts[part] and parts[part + 2]:
                count.setdefault(parts[part], Counter())[std.letters(parts[part + 2])] += 1
    return tuple({name: kana.most_common(1)[0][0] for name, kana in count.items()} for count in counts)


def read_register(path):
    columns, holders, households = Columns(), {}, {}
    families, kana_families = set(), set()
    family_readings, given_readings = readings(path)
    for row in rows(path):
        number = row["individual_number"]
        names, parts = name_fields(row["name"], row["name_kana"], None, (), ())
        former, _, former_given = std.kanji(row["former_name"] or row["alias"]).partition(" ")
        holders[number], households[number] = parts, row["household_id"]
        families.add(parts[0])
        kana_families.add(parts[2])
        columns.add(unique_id="R" + number, individual_number=number, household=row["household_id"],
                    former=former, former_given=former_given,
                    former_kana=family_readings.get(former), former_given_kana=given_readings.get(former_given),
                    **names, **other_fields(row))
    return columns.table(), holders, households, families, kana_families


def read_links(path, dataset, register):
    _, holders, households, families, kana_families = register
    columns = Columns()
    for row in rows(path):
        number = row["individual_number"]
        if dataset == "bank":
            kana = row["holder_kana"]
            name = "" if any(c in std.LETTER for c in std.kana(kana)) else kana
        else:
            name, kana = row["name"], row["name_kana"]
        names, _ = name_fields(name, kana, holders.get(number), families, kana_families)
        columns.add(unique_id=row["record_id"], individual_number=number,
                    household=households.get(number), **names, **other_fields(row))
    return columns.table()


EXCHANGED = cll.CustomLevel("(family_l = given_r and given_l = family_r) or "
                            "(family_kana_l = given_kana_r and given_kana_l = family_kana_r)", "exchanged")


def former(field):
    before = {"family": "former", "given": "former_given",
              "family_kana": "former_kana", "given_kana": "former_given_kana"}[field]
    return cll.CustomLevel(f"{field}_l = {before}_r or {before}_l = {field}_r", "former name or alias")


def name_comparison(field):
    return cl.CustomComparison(output_column_name=field, comparison_levels=[
        cll.NullLevel(field),
        cll.ExactMatchLevel(field, term_frequency_adjustments=True),
        former(field),
        EXCHANGED,
        cll.JaroWinklerLevel(field, 0.92),
        cll.JaroWinklerLevel(field, 0.8),
        cll.ElseLevel(),
    ])


def comparisons(dataset):
    names = [name_comparison(field) for field in ("family", "given", "family_kana", "given_kana")]
    if dataset == "bank":
        return names
    birth = cl.CustomComparison(output_column_name="birth", comparison_levels=[
        cll.NullLevel("birth"),
        cll.ExactMatchLevel("birth"),
        cll.CustomLevel("damerau_levenshtein(birth_l, birth_r) <= 1", "one slip"),
        cll.CustomLevel("substr(birth_l, 1, 6) = substr(birth_r, 1, 6) or substr(birth_l, 5) = substr(birth_r, 5)",
                        "month and year, or month and day"),
        cll.CustomLevel("substr(birth_l, 1, 4) = substr(birth_r, 1, 4)", "year"),
        cll.ElseLevel(),
    ])
    address = cl.CustomComparison(output_column_name="address", comparison_levels=[
        cll.CustomLevel("(address_l is null or address_r is null) and (postal_l is null or postal_r is null)",
                        "unknown").configure(is_null_level=True),
        cll.CustomLevel("address_l = address_r", "whole address"),
        cll.CustomLevel("town_l = town_r or postal_l = postal_r", "town or postal code"),
        cll.CustomLevel("city_l = city_r or substr(postal_l, 1, 3) = substr(postal_r, 1, 3)", "municipality"),
        cll.ElseLevel(),
    ])
    return [*names, birth, cl.ExactMatch("sex"), address]


def blocking(dataset):
    """The first rule is the claim itself; the others search owners for every link."""
    rules = [block_on("individual_number"), block_on("household"), block_on("full_kana")]
    if dataset != "bank":
        rules += [
            block_on("full", "birth"), block_on("full", "town"), block_on("full", "postal"),
            block_on("given_kana", "birth"), block_on("given", "birth"),
            block_on("family", "birth"), block_on("family_kana", "birth"),
            block_on("family", "address"), block_on("family_kana", "address"),
            block_on("birth", "postal"), block_on("birth", "town"), block_on("birth", "sex", "city"),
        ]
    else:
        rules.append(block_on("full"))
    return rules


def bounded(model):
    """Keeps levels that training saw too rarely from weighing tens of bits or nothing."""
    for comparison in model["comparisons"]:
        for level in comparison["comparison_levels"]:
            if not level.get("is_null_level"):
                level["m_probability"] = max(level.get("m_probability") or 0, LEAST_M)
                level["u_probability"] = max(level.get("u_probability") or 0, LEAST_U)
    return model


def rank(db, dataset, links, out):
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=comparisons(dataset),
        blocking_rules_to_generate_predictions=blocking(dataset),
        probability_two_random_records_match=0.5,  # prior odds of 1: weights are bare Bayes factors
        max_iterations=100,
        retain_matching_columns=False,
    )
    tables = [db.register(links, dataset_display_name=dataset),
              db.register(f"register_{dataset}", dataset_display_name=f"zz_{dataset}")]
    linker = Linker(tables, settings, log_level=logging.ERROR)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e7, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(
        block_on("individual_number"))
    trained = time.monotonic()
    model = bounded(linker.misc.save_model_to_json())
    (out / f"model-{dataset}.json").write_text(json.dumps(model, indent=2, ensure_ascii=False))
    linker = Linker(tables, model, log_level=logging.ERROR)
    pairs = linker.inference.predict(warning_mode="never").physical_name
    con = db.duckdb_con
    # Splink puts the source whose name sorts first on the left: the names see to
    # it that this is the link.
    table = con.sql(f"""
        with pair as (
            select unique_id_l as record_id, substr(unique_id_r, 2) as number,
                   match_key::int as rule, match_weight as weight
            from {pairs}
        )
        select '{dataset}' as dataset, record_id,
               max(weight) filter (rule = 0) as claimed,
               max(weight) filter (rule > 0) as other,
               arg_max(number, weight) filter (rule > 0) as other_number
        from pair group by record_id
    """).to_arrow_table()
    count = con.sql(f"select count(*) from {pairs}").fetchall()[0][0]
    return table, count, trained


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    db = DuckDBAPI()

    began = time.monotonic()
    register = read_register(args.data / "register.csv")
    links = {dataset: read_links(args.data / f"{dataset}.csv", dataset, register)
             for dataset in ("medical", "bank", "disability")}
    standardised = time.monotonic()

    timings = {"standardise": standardised - began, "train": 0, "predict": 0, "pairs": 0}
    tables = []
    for dataset, table in links.items():
        start = time.monotonic()
        db.duckdb_con.register(f"register_{dataset}", register[0])
        ranked, count, trained = rank(db, dataset, table, args.out)
        tables.append(ranked)
        timings["train"] += trained - start
        timings["predict"] += time.monotonic() - trained
        timings["pairs"] += count

    write_csv(pa.concat_tables(tables), args.out / "ranking.csv")
    timings["total"] = time.monotonic() - began
    (args.out / "timings.json").write_text(json.dumps(timings, indent=2) + "\n")


if __name__ == "__main__":
    main()
