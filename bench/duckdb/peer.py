"""One DuckDB measurement in a process of its own, so that it can be pinned.

    peer.py TASK THREADS DIR [ROWS]

prints the seconds of the second of two runs of the query, by the clock and of
the processor, and what it found.
The first run warms code, allocator and file cache.
"""

import sys
import time

import duckdb

REGISTER = {
    "individual_number": "BIGINT", "household_id": "VARCHAR", "name": "VARCHAR", "name_kana": "VARCHAR",
    "former_name": "VARCHAR", "alias": "VARCHAR", "latin_name": "VARCHAR", "birth_date": "DATE",
    "sex": "TINYINT", "postal_code": "VARCHAR", "address": "VARCHAR", "municipality_code": "VARCHAR",
}
MEDICAL = {
    "record_id": "VARCHAR", "individual_number": "BIGINT", "insurer_number": "VARCHAR", "symbol": "VARCHAR",
    "symbol_number": "VARCHAR", "branch": "VARCHAR", "name": "VARCHAR", "name_kana": "VARCHAR",
    "birth_date": "VARCHAR", "sex": "VARCHAR", "postal_code": "VARCHAR", "address": "VARCHAR",
    "valid_from": "VARCHAR", "valid_to": "VARCHAR", "linked_on": "VARCHAR",
}


def csv(path, columns, **changed):
    types = ", ".join(f"'{name}': '{changed.get(name, kind)}'" for name, kind in columns.items())
    # strict_mode off and rows with a fault left out: a birth date with day 00
    # is no DATE.
    return f"read_csv('{path}', header = true, delim = ',', quote = '\"', columns = {{{types}}}, ignore_errors = true)"


def scan(directory):
    """Every column parsed to its type and looked at."""
    looks = ", ".join(
        f"sum(strlen({name}))" if kind == "VARCHAR" else f"max({name})" for name, kind in REGISTER.items()
    )
    return f"SELECT count(*), {looks} FROM {csv(directory + '/register.csv', REGISTER)}"


def tables(directory):
    # Dates as text on both sides: the link file writes them in many ways.
    register = csv(directory + "/register.csv", REGISTER, birth_date="VARCHAR", sex="VARCHAR")
    return register, csv(directory + "/medical.csv", MEDICAL)


def plain(directory):
    """Join by number and five plain equalities."""
    register, medical = tables(directory)
    return f"""
        SELECT count(*), count(*) FILTER (r.name = l.name), count(*) FILTER (r.name_kana = l.name_kana),
               count(*) FILTER (r.birth_date = l.birth_date), count(*) FILTER (r.sex = l.sex),
               count(*) FILTER (r.address = l.address)
        FROM {medical} l JOIN {register} r USING (individual_number)"""


HALF = "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝｧｨｩｪｫｯｬｭｮｰﾞﾟ"
FULL = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲンァィゥェォッャュョー\u3099\u309a"
SMALL, LARGE = "ァィゥェォッャュョ", "アイウエオツヤユヨ"
OLD, NEW = "髙﨑邉邊濵濱澤齋齊斎廣國櫻惠眞德淸瀨嶋", "高崎辺辺浜浜沢斉斉斉広国桜恵真徳清瀬島"
WIDE, NARROW = "０１２３４５６７８９－ー−‐―ヶ", "0123456789-----ケ"


def kana(column):
    """Full width with composed voicing marks, large kana, no spaces."""
    folded = f"nfc_normalize(translate({column}, '{HALF}', '{FULL}'))"
    return f"translate({folded}, '{SMALL} \u3000', '{LARGE}')"


def kanji(column):
    return f"translate({column}, '{OLD} \u3000', '{NEW}')"


def address(column):
    folded = f"translate({column}, '{WIDE}\u3000 ', '{NARROW}')"
    for word in ("丁目", "番地", "番", "号室", "号"):
        folded = f"replace({folded}, '{word}', '-')"
    return folded


def date(column):
    return f"try_strptime({column}, ['%Y-%m-%d', '%Y/%m/%d', '%Y%m%d', '%Y.%m.%d', '%Y年%m月%d日'])"


def folded(directory, lazy=False):
    """Join, fold both sides, score by Jaro-Winkler, count what scores low."""
    register, medical = tables(directory)
    if lazy:  # fields that are equal as they are need none of that
        unequal = lambda field, form: f"CASE WHEN l.{field} = r.{field} THEN 1 ELSE {form} END"
        near = lambda fold, field: unequal(field, f"jaro_winkler_similarity({fold('l.' + field)}, {fold('r.' + field)})")
        same = lambda fold, field: unequal(field, f"({fold('l.' + field)} = {fold('r.' + field)})::INT")
        score = " + ".join(f"coalesce({term}, 1)" for term in (
            near(kanji, "name"), near(kana, "name_kana"), near(address, "address"), same(date, "birth_date"),
            same(lambda c: f"CASE WHEN {c} IN ('1', 'M', '男') THEN '1' ELSE '2' END", "sex"),
            same(lambda c: f"replace({c}, '-', '')", "postal_code")))
        return f"""SELECT count(*), count(*) FILTER ({score} < 5)
            FROM {medical} l JOIN {register} r USING (individual_number)"""
    fields = lambda t: f"""{kanji(t + '.name')} AS name_{t}, {kana(t + '.name_kana')} AS kana_{t},
        {date(t + '.birth_date')} AS birth_{t}, {address(t + '.address')} AS address_{t}"""
    return f"""
        WITH pairs AS (
            SELECT {fields('l')}, {fields('r')},
                   CASE WHEN l.sex IN ('1', 'M', '男') THEN '1' ELSE '2' END = r.sex AS sex,
                   replace(l.postal_code, '-', '') = replace(r.postal_code, '-', '') AS postal
            FROM {medical} l JOIN {register} r USING (individual_number)),
        scored AS (
            SELECT jaro_winkler_similarity(name_l, name_r) AS name, jaro_winkler_similarity(kana_l, kana_r) AS kana,
                   jaro_winkler_similarity(address_l, address_r) AS address, birth_l = birth_r AS birth, sex, postal
            FROM pairs)
        SELECT count(*), count(*) FILTER (coalesce(name, 1) + coalesce(kana, 1) + coalesce(address, 1)
                 + coalesce(birth, true)::INT + coalesce(sex, true)::INT + coalesce(postal, true)::INT < 5)
        FROM scored"""


def prepare_join(connection, rows):
    """Two tables in memory; 99.5 % of the links find somebody."""
    number = "(({0}::HUGEINT * 618033988751 + 99) % 999999999989)::BIGINT"
    connection.execute(f"CREATE TABLE people AS SELECT i AS row, {number.format('i')} AS id FROM range({rows}) t(i)")
    connection.execute(f"""CREATE TABLE links AS SELECT CASE WHEN i % 200 = 0 THEN 1000000000000 + i
        ELSE {number.format(f'(hash(i) % {rows})')} END AS id FROM range({rows}) t(i)""")
    return "SELECT count(*), sum(people.row) FROM links JOIN people USING (id)"


def main():
    task, threads, directory = sys.argv[1:4]
    connection = duckdb.connect(config={"threads": int(threads)})
    connection.execute("SET preserve_insertion_order = false")
    if task == "join":
        query = prepare_join(connection, int(sys.argv[4]))
    else:
        tasks = {"scan": scan, "plain": plain, "folded": folded, "lazy": lambda d: folded(d, lazy=True)}
        query = tasks[task](directory)
    for _ in range(2):
        began, worked = time.perf_counter(), time.process_time()
        found = connection.execute(query).fetchall()
        took, worked = time.perf_counter() - began, time.process_time() - worked
    print(took, worked, *found[0])


main()
