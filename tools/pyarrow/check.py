"""Holds traces against pyarrow: what hindcast wrote must read the same in every form, and what pyarrow writes must come back."""

import hashlib
import pathlib
import subprocess
import sys

import pyarrow as pa
import pyarrow.ipc as ipc
import pyarrow.parquet as pq

node, main, trace, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]), pathlib.Path(sys.argv[4])


def convert(source: pathlib.Path, target: pathlib.Path) -> pathlib.Path:
    subprocess.run([node, main, "convert", str(source), str(target)], check=True, stdout=subprocess.DEVNULL)
    return target


def plain(table: pa.Table) -> pa.Table:
    """Texts in the place of dictionaries, which Parquet does not keep."""
    fields = [pa.field(f.name, pa.string() if pa.types.is_dictionary(f.type) else f.type, f.nullable) for f in table.schema]
    return table.cast(pa.schema(fields))


def digest(path: pathlib.Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


whole = convert(trace, folder / "whole.arrows")
stream = ipc.open_stream(whole).read_all()
file = ipc.open_file(convert(trace, folder / "whole.arrow")).read_all()
parquet = pq.read_table(convert(trace, folder / "whole.parquet"))
for name, table in (("Arrow stream", stream), ("Arrow file", file), ("Parquet", parquet)):
    table.validate(full=True)
    same = plain(table).cast(plain(stream).schema).equals(plain(stream))
    print(f"pyarrow {pa.__version__} reads our {name}: {table.num_rows} rows, {'the same' if same else 'DIFFERENT'}")
    if not same:
        sys.exit(1)


def theirs(name: str, extension: str, write) -> None:
    path = folder / f"theirs{extension}"
    write(path)
    same = digest(convert(path, folder / "back.arrows")) == digest(whole)
    print(f"we read pyarrow's {name}: {'the same bytes' if same else 'DIFFERENT'} when written anew")
    if not same:
        sys.exit(1)


def write_stream(path: pathlib.Path) -> None:
    with ipc.new_stream(path, stream.schema) as writer:
        writer.write_table(stream.unify_dictionaries())


def write_file(path: pathlib.Path) -> None:
    table = stream.unify_dictionaries()
    with ipc.new_file(path, table.schema) as writer:
        writer.write_table(table)


theirs("Arrow stream", ".arrows", write_stream)
theirs("Arrow file", ".arrow", write_file)
for compression in ("none", "snappy", "gzip", "brotli", "zstd", "lz4"):
    theirs(f"Parquet, {compression}", ".parquet", lambda path: pq.write_table(stream, path, compression=compression))
theirs("Parquet, pages of version 2, several row groups", ".parquet", lambda path: pq.write_table(stream, path, data_page_version="2.0", row_group_size=100))
theirs("Parquet, without dictionaries", ".parquet", lambda path: pq.write_table(stream, path, use_dictionary=False, write_statistics=False))
