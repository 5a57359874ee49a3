"""Backfill with Apache Spark: the engine fans out, retries and shuffles; `rapporteur` does the work.

Two steps, each of which may be stopped and started again:

  map    every unit (a WARC, local or s3://) -> `rapporteur unit URI --out OUT`, one task a unit.
         The binary puts each result once, its receipt last, and passes over what has a receipt.
  merge  documents of all results -> blocks (`rapporteur pipe blocks`), shuffled by block ->
         `rapporteur pipe merge-block` for each -> `rapporteur pipe stitch` over all.

Nothing of the analysis is in Python: a row in here is a line that one process of the binary hands
to another.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

UNITS = (".warc", ".warc.gz", ".jsonl", ".jsonl.gz", ".ndjson")

RECEIPTS = (
    "unit string, name string, at string, result string, pages long, docs long, errors long, "
    "passed_over long, bundles string, attempt long, fault string"
)
BLOCKS = "block string, line string"


def find_units(inputs):
    """Files of folders in the order of their names; addresses and files as they are."""
    out = []
    for one in inputs:
        path = Path(one)
        if "://" not in one and path.is_dir():
            out.extend(sorted(str(p) for p in path.iterdir() if p.name.endswith(UNITS)))
        else:
            out.append(one)
    return out


def run(binary, args, text=None, env=None):
    """One process of the binary: exit code, output, errors."""
    done = subprocess.run(
        [binary, *args], input=text, capture_output=True, check=False, env={**os.environ, **(env or {})}
    )
    return done.returncode, done.stdout, done.stderr.decode("utf-8", "replace")


def do_units(binary, out, gate=None, env=None):
    """A function for mapInArrow: units in, what became of each out."""

    def work(batches):
        import pyarrow as pa
        from pyspark import TaskContext

        context = TaskContext.get()
        attempt = context.attemptNumber() if context else 0
        for batch in batches:
            rows = []
            for uri in batch.column("uri").to_pylist():
                args = ["unit", uri, "--out", out, *(["--gate", gate] if gate else [])]
                code, told, faults = run(binary, args, env=env)
                if code < 0:
                    # Killed by a signal: the task fails and the engine tries it again.
                    raise RuntimeError(f"{uri}: {binary} was ended by signal {-code}")
                lines = told.decode().splitlines()
                row = json.loads(lines[0]) if lines else {"name": uri, "result": "failed"}
                row["attempt"] = attempt
                row["fault"] = faults.strip() or None
                rows.append({name: row.get(name) for name in FIELDS})
            if rows:
                yield pa.RecordBatch.from_pylist(rows, schema=SCHEMA())

    return work


FIELDS = [field.split()[0] for field in RECEIPTS.split(", ")]


def SCHEMA():
    import pyarrow as pa

    kinds = {"string": pa.string(), "long": pa.int64()}
    return pa.schema([(f.split()[0], kinds[f.split()[1]]) for f in RECEIPTS.split(", ")])


def to_blocks(binary, cut, env=None):
    """A function for mapInArrow: units done in, lines of documents with their block out."""

    def work(batches):
        import pyarrow as pa

        schema = pa.schema([("block", pa.string()), ("line", pa.string())])
        for batch in batches:
            for folder in batch.column("folder").to_pylist():
                code, told, faults = run(binary, ["pipe", "blocks", folder, *cut], env=env)
                if code != 0:
                    raise RuntimeError(f"{folder}: {faults}")
                lines = told.decode().splitlines()
                for at in range(0, len(lines), 512):
                    part = lines[at : at + 512]
                    # `{"block":"NAME",…`: the block stands first.
                    blocks = [line[10 : line.index('"', 10)] for line in part]
                    yield pa.RecordBatch.from_arrays([pa.array(blocks), pa.array(part)], schema=schema)

    return work


def merge_blocks(binary, env=None):
    """A function for mapInArrow over partitions sorted by block: lines in, stories out. One block is
    in memory at a time."""

    def stories(lines):
        code, told, faults = run(binary, ["pipe", "merge-block"], "\n".join(lines).encode(), env=env)
        if code != 0:
            raise RuntimeError(f"merge-block: {faults}")
        return told.decode().splitlines()

    def work(batches):
        import pyarrow as pa

        schema = pa.schema([("story", pa.string())])
        block, lines = None, []
        for batch in batches:
            for name, line in zip(batch.column("block").to_pylist(), batch.column("line").to_pylist()):
                if name != block and lines:
                    yield pa.RecordBatch.from_arrays([pa.array(stories(lines))], schema=schema)
                    lines = []
                block = name
                lines.append(line)
        if lines:
            yield pa.RecordBatch.from_arrays([pa.array(stories(lines))], schema=schema)

    return work


def map_units(spark, binary, units, out, gate=None, env=None):
    """Does the units; a row for each, sorted by name. One unit a task: a retry repeats one unit, and
    that one only if its receipt is missing."""
    rows = spark.sparkContext.parallelize([(uri,) for uri in units], max(1, len(units)))
    done = spark.createDataFrame(rows, "uri string").mapInArrow(do_units(binary, out, gate, env), RECEIPTS)
    return sorted((row.asDict() for row in done.collect()), key=lambda row: row["name"] or "")


def merge(spark, binary, folders, cut, parts=8, env=None):
    """Stories over the results in the folders, as the lines that `rapporteur merge-blocks` writes."""
    rows = spark.sparkContext.parallelize([(folder,) for folder in folders], max(1, len(folders)))
    docs = spark.createDataFrame(rows, "folder string").mapInArrow(to_blocks(binary, cut, env), BLOCKS)
    shuffled = docs.repartition(parts, "block").sortWithinPartitions("block")
    told = [row.story for row in shuffled.mapInArrow(merge_blocks(binary, env), "story string").collect()]
    code, stories, faults = run(binary, ["pipe", "stitch"], "\n".join(told).encode(), env=env)
    if code != 0:
        raise RuntimeError(f"stitch: {faults}")
    return stories


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("units", nargs="+", help="WARC files, folders of them, s3:// addresses")
    parser.add_argument("--out", required=True, help="folder seen by every worker, or s3:// address")
    parser.add_argument("--binary", default="rapporteur", help="the same program on every worker")
    parser.add_argument("--gate", help="file of actors and topics, seen by every worker")
    parser.add_argument("--days", type=int, default=14)
    parser.add_argument("--before", type=int, default=7)
    parser.add_argument("--parties", action="store_true", help="cut blocks by the leading parties too")
    parser.add_argument("--stories", help="write the merged stories here")
    args = parser.parse_args()

    from pyspark.sql import SparkSession

    spark = SparkSession.builder.appName("rapporteur backfill").getOrCreate()
    rows = map_units(spark, args.binary, find_units(args.units), args.out, args.gate)
    for row in rows:
        print(json.dumps(row, sort_keys=True))
    failed = [row for row in rows if row["result"] == "failed"]
    if args.stories:
        cut = ["--days", str(args.days), "--before", str(args.before)] + (["--parties"] if args.parties else [])
        # The same bytes under two names are one unit.
        folders = sorted({row["at"] for row in rows if row["at"]})
        Path(args.stories).write_bytes(merge(spark, args.binary, folders, cut))
    spark.stop()
    return 3 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
