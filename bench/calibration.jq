# Pools evaluations of several runs into tables.
def percent: . * 1e5 | round / 1e3 | tostring + "%";
def fixed: . * 1e4 | round / 1e4 | tostring;
def wilson($hits; $of): # 95%
  ($hits / $of) as $p | 1.96 as $z | (1 + $z * $z / $of) as $d | ($p + $z * $z / (2 * $of)) as $c
  | ($z * (($p * (1 - $p) / $of + $z * $z / (4 * $of * $of)) | sqrt)) as $e
  | [([($c - $e) / $d, 0] | max), ([($c + $e) / $d, 1] | min)];
def pooled($list): # of groups that agree in the key
  { stated: (($list | map(.stated * .observed.of) | add) / ($list | map(.observed.of) | add)),
    hits: ($list | map(.observed.hits) | add), of: ($list | map(.observed.of) | add) }
  | . + { interval: wilson(.hits; .of) };

"| stated | links | mean stated | observed | 95% |", "|---|---|---|---|---|",
( map(.calibration[]) | group_by(.from)[] | pooled(.) as $p
  | "| \(.[0].from)–\(.[0].to) | \($p.of) | \($p.stated | fixed) | \($p.hits / $p.of | fixed) | \($p.interval[0] | fixed)–\($p.interval[1] | fixed) |" ),
"",
"| list | links | stated false discoveries | observed | 95% | observed / stated |", "|---|---|---|---|---|---|",
( [map(.false_discovery_rate + {max_fdr: 0})[] | select(.observed.of > 0)] + map(.false_discovery_rate_at[]) | group_by(.max_fdr)[] | pooled(.) as $p
  | (if .[0].max_fdr == 0 then "`mislinked`" else "expected at most \(.[0].max_fdr | percent)" end) as $name
  | "| \($name) | \($p.of) | \($p.stated | percent) | \($p.hits / $p.of | percent) | \($p.interval[0] | percent)–\($p.interval[1] | percent) | \($p.hits / $p.of / $p.stated * 100 | round / 100) |" ),
"",
"| difference | right links | called `mislinked` | 95% |", "|---|---|---|---|",
( map(.innocent[]) | group_by(.difference)[]
  | (map(.links) | add) as $n | (map(.mislinked.hits) | add) as $hits | wilson($hits; $n) as $w
  | "| \(if .[0].difference == "" then "any" else "`" + .[0].difference + "`" end) | \($n) | \($hits) | \($w[0] | percent)–\($w[1] | percent) |" )
