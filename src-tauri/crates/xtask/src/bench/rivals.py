"""Does with a dataset file what ``fts`` is measured at: ``rivals.py TASK TOOL FILE``.

Prints the seconds that took and those of the processors; starting Python and loading the library
don't count.
"""

import resource
import sys
import time
from collections.abc import Iterator

task, tool, path = sys.argv[1:]
form = path.rsplit(".", 1)[-1]


def processors() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def with_duckdb() -> Iterator[None]:
    import duckdb

    # It would be printed once two seconds have passed.
    duckdb.sql("SET enable_progress_bar = false")
    yield
    reader, options = {
        "csv": ("read_csv", ", header = true, delim = ',', quote = '\"', escape = '\"'"),
        "jsonl": ("read_json", ", format = 'newline_delimited'"),
        "parquet": ("read_parquet", ""),
    }[form]
    rows = f"{reader}('{path}'{options})"
    if task == "first rows":
        assert len(duckdb.sql(f"SELECT * FROM {rows} LIMIT 10").fetchall()) == 10
    elif task == "profile":
        assert len(duckdb.sql(f"SUMMARIZE SELECT * FROM {rows}").fetchall()) == 9
    elif form == "parquet":
        assert len(duckdb.sql(f"DESCRIBE SELECT * FROM {rows}").fetchall()) == 9
        assert duckdb.sql(f"SELECT count(*) FROM {rows}").fetchall()[0][0] > 0
    else:
        # The kinds of the columns come from all of the file, as here.
        whole = f"{reader}('{path}'{options}, sample_size = -1)"
        types = duckdb.sql(f"DESCRIBE SELECT * FROM {whole}").fetchall()
        # Given the types it does not look for them once more.
        columns = ", ".join(f"'{name}': '{kind}'" for name, kind, *_ in types)
        typed = f"{reader}('{path}'{options}, columns = {{{columns}}}, auto_detect = false)"
        assert len(types) == 9
        assert duckdb.sql(f"SELECT count(*) FROM {typed}").fetchall()[0][0] > 0


def with_polars() -> Iterator[None]:
    import polars

    yield
    readers = {
        "csv": polars.scan_csv,
        "jsonl": polars.scan_ndjson,
        "parquet": polars.scan_parquet,
    }
    read = readers[form]
    if task == "first rows":
        assert read(path).head(10).collect().height == 10
    elif task == "profile":
        assert read(path).describe().width == 10
    else:
        whole = {} if form == "parquet" else {"infer_schema_length": None}
        scan = read(path, **whole)
        assert len(scan.collect_schema()) == 9
        assert scan.select(polars.len()).collect().item() > 0


steps = {"duckdb": with_duckdb, "polars": with_polars}[tool]()
next(steps)
seconds, used = time.perf_counter(), processors()
next(steps, None)
print(time.perf_counter() - seconds, processors() - used)
