"""Tables and parts at URLs: a store in memory, a web server on a thread, and S3 as moto has it."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from adcli.errors import RequestError, without_secrets
from adcli.store import entry, file_system, remote, store_of
from adcli.store.remote_errors import as_os_error
from tests.sampling import SEED, long

from .conftest import ENVIRONMENT, POLARS, PYTHON, Run, assert_refused

FSSPEC = pytest.mark.skipif(find_spec("fsspec") is None, reason="fsspec is not installed")
AIOHTTP = pytest.mark.skipif(find_spec("aiohttp") is None, reason="aiohttp is not installed")
MOTO = pytest.mark.skipif(None in (find_spec("s3fs"), find_spec("moto")), reason="s3fs and moto are not installed")


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An empty store of the scheme ``memory``."""
    fsspec = pytest.importorskip("fsspec")
    monkeypatch.setitem(entry.SCHEMES, "memory", "fsspec")
    fs = fsspec.filesystem("memory")
    fs.store.clear()
    fs.pseudo_dirs[:] = [""]
    yield fs
    fs.store.clear()
    file_system._connect.cache_clear()


def write_partitions(fs: Any) -> None:
    for name, text in {
        "in/k=1/a.csv": "id,x\n007,1.5\n008,0\n", "in/k=2/b.csv": 'x,id\n2,"a,b"\n', "in/_SUCCESS": "{}",
        "in/k=2/.b.csv.crc": "crc", "in/_temporary/b.csv": "id,x\n1,1\n",
    }.items():  # fmt: skip
        fs.pipe_file(f"/{name}", text.encode())


def parts(fs: Any, folder: str) -> dict[str, bytes]:
    """The contents of the parts in a folder."""
    names = [info["name"].rpartition("/")[2] for info in fs.ls(folder, detail=True)] if fs.exists(folder) else []
    return {name: fs.cat_file(f"{folder}/{name}") for name in names if name.startswith("part-")}


def test_file_urls_are_local_paths(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    Path("in/a.csv").write_text("x\n1\n2\n")
    Path("in/b.csv").write_text("x\n3\n")
    Path("list.txt").write_text(f"file://{tmp_path}/in/a.csv\nin/b.csv\n")
    expected = "x,f\n1,1.0\n2,2.0\n3,3.0\n"
    for word in (f"file://{tmp_path}/in/", f"file:{tmp_path}/in/*.csv", f"FILE://{tmp_path}/in", "@list.txt"):
        assert run(["eval", "x", "--data", word, "--format", "csv"]).out == expected, word
    assert (
        run(["eval", "x", "--data", f"file://localhost{tmp_path}/in", "-o", f"file://{tmp_path}/out.csv"]).status == 0
    )
    assert Path("out.csv").read_text() == expected
    assert run(["eval", "x", "--data", f"{tmp_path}/in", "-o", "one/"]).status == 0
    assert run(["eval", "x", "--data", f"file://{tmp_path}/in", "-o", f"file:{tmp_path}/two/"]).status == 0
    assert sorted(os.listdir("one")) == sorted(os.listdir("two"))


def test_words_for_files_elsewhere(run: Run, memory: Any) -> None:
    write_partitions(memory)
    memory.pipe_file("/list.txt", b"memory://in/k=1/a.csv\n\nmemory://in/k=2/b.csv\n")
    Path("list.txt").write_bytes(memory.cat_file("/list.txt"))
    expected = (0, 'id,x,k,f\n007,1.5,1,1.5\n008,0,1,0.0\n"a,b",2,2,4.0\n', "")
    words = ["in/", "in", "in/k=*", "in/*/*.csv", "in/**/*.csv", "in/**"]
    for word in [*[f"memory://{word}" for word in words], "Memory://in", "@list.txt", "@memory://list.txt"]:
        assert run(["eval", "k*x", "--data", word, "--format", "csv"]) == expected, word
    memory.pipe_file("/a.csv.gz", __import__("gzip").compress(b"x\n3\n"))
    assert run(["eval", "x", "--data", "memory://a.csv.gz", "--format", "value"]).out == "3.0\n"
    memory.pipe_file("/a.json", b'{"y": 2, "x": 5}\n')
    words = ["eval", "x", "--data", "memory://a.json", "--data", "memory://a.csv.gz", "--format", "csv"]
    assert run([*words, "--union"]).out == "y,x,f\n2,5,5.0\n,3,3.0\n"
    assert "has the columns x: the first table has y, x; --union fills" in run(words).err


@pytest.mark.parametrize(
    ("words", "texts"),
    [
        ("--data memory://no.csv", ["cannot read 'memory://no.csv': No such file"]),
        ("--data memory://in/no*.csv", ["no file matches 'memory://in/no*.csv'"]),
        ("--data memory://none/", ["there are no files in the directory 'memory://none/'"]),
        ("--data @memory://no.txt", ["cannot read 'memory://no.txt': No such file"]),
        ("--data @bad.txt", ["'bad.txt': cannot read 'memory://gone.csv': No such file"]),
        ("--data memory://", ["cannot read 'memory://': a URL has a bucket after ://"]),
        ("--data memory://key:sec/ret@in", ["cannot read 'memory://in': a URL of a bucket has no password; set it"]),
        ("--data memory://readme", ["'memory://readme/README.md' does not have the suffix of a table"]),
        ("--data memory://in -o memory://in/out/", ["the directory belongs to the input 'memory://in'"]),
        ("--data memory://in/*/*.csv -o memory://in/", ["has the input 'memory://in/k=1/a.csv'"]),
        ("--data memory://in -o memory://foreign/", ["'memory://foreign/notes.txt' is not of this run"]),
        (
            "--data memory://in -o memory://in",
            ["cannot write 'memory://in': it is a directory, so end its name with /"],
        ),
        ("--data memory://in -o https://host/out/", ["cannot write 'https://host/out/_parts/run.json': a web server"]),
        ("x=1 -o https://host/a.csv?sig=1f", ["cannot write 'https://host/a.csv?…': a web server is only read"]),
        ("x=1 -o https://host/a.no?sig=1f", ["-o 'https://host/a.no?…': eval does not write .no files"]),
        ("x=1 -o ftp://host/a.csv", ["'ftp://' is not read or written: URLs begin with https://, s3://, gs://"]),
        ("--data ftp://host/a.csv", ["'ftp://' is not read or written"]),
        ("--data unfinished:///x", ["'unfinished://' is not read"]),
        ("--data memory://half/", ["the directory 'memory://half/' lacks parts, because its run did not end"]),
    ],
)
def test_mistakes(words: str, texts: list[str], run: Run, memory: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote.RemoteStore, "read", _read_nothing_of_the_web)
    monkeypatch.setattr(remote.RemoteStore, "sizes", _list_nothing_of_the_web)
    write_partitions(memory)
    Path("bad.txt").write_text("memory://in/k=1/a.csv\nmemory://gone.csv\n")
    for name in ("readme/README.md", "foreign/notes.txt", "half/_parts/run.json", "half/part-00000-0.csv"):
        memory.pipe_file(f"/{name}", b"x\n1\n")
    before = memory.find("/")
    assert_refused(run(["eval", "x", *words.split()]), *texts)
    assert memory.find("/") == before


_READ, _SIZES = remote.RemoteStore.read, remote.RemoteStore.sizes


def _read_nothing_of_the_web(self: remote.RemoteStore, path: str) -> bytes | None:
    return None if path.startswith("http") else _READ(self, path)


def _list_nothing_of_the_web(self: remote.RemoteStore, folder: str) -> dict[str, int]:
    return {} if folder.startswith("http") else _SIZES(self, folder)


def test_parts_elsewhere(run: Run, memory: Any) -> None:
    write_partitions(memory)
    whole = run(["grad", "k*log(x)", "--data", "memory://in", "--format", "csv"])
    words = ["grad", "k*log(x)", "--data", "memory://in", "-o", "memory://out/"]
    assert run(words) == (0, "", whole.err)
    texts = parts(memory, "/out")
    first, second = sorted(texts)
    assert texts[first] + texts[second].split(b"\n", 1)[1] == whole.out.encode()
    assert sorted(memory.find("/out")) == ["/out/_SUCCESS", f"/out/{first}", f"/out/{second}"]
    record = json.loads(memory.cat_file("/out/_SUCCESS"))
    assert [part["name"] for part in record["parts"]] == [first, second]
    assert [part["bytes"] for part in record["parts"]] == [len(texts[first]), len(texts[second])]
    assert run(words).err == f"note: 'memory://out/' is complete, with 2 parts\n{whole.err}"
    created = memory.info(f"/out/{first}")["created"]
    memory.rm(f"/out/{second}")
    assert run(words) == (0, "", whole.err)
    assert parts(memory, "/out") == texts
    assert json.loads(memory.cat_file("/out/_SUCCESS")) == record
    assert memory.info(f"/out/{first}")["created"] == created
    assert "is not of this run" in run([*words, "--keep", "none"]).err
    done = run(["eval", "f", "--data", "memory://out/", "--keep", "none", "--format", "value"])
    assert done.out == "".join(line.split(",")[-3] + "\n" for line in whole.out.splitlines()[1:])


def test_names_that_look_like_patterns(run: Run, memory: Any) -> None:
    for name in ("in/a[1].csv", "o1/_SUCCESS", "o1/_parts/run.json"):
        memory.pipe_file(f"/{name}", b"x\n1\n")
    words = ["eval", "x", "--data", "memory://in/a[1].csv", "-o", "memory://o[1]/", "--name", "f=g"]
    assert run(words) == (0, "", "")
    assert [name.partition("-")[0] for name in sorted(memory.find("/o[1]"))] == ["/o[1]/_SUCCESS", "/o[1]/part"]
    memory.rm_file(*memory.glob("/o[[]1]/part*"))
    assert run(words) == (0, "", "")
    assert sorted(memory.find("/o1")) == ["/o1/_SUCCESS", "/o1/_parts/run.json"], "they are of another run"
    assert run(["eval", "g", "--data", "memory://o[1]/", "--format", "value"]).out == "1.0\n"


@pytest.mark.parametrize("suffix", ["csv", "csv.gz", "npy", pytest.param("parquet", marks=POLARS)])
def test_one_file_elsewhere(suffix: str, run: Run, memory: Any) -> None:
    assert run(["eval", "x**2", "--x", "0.5,1.5", "--name", "f=g", "-o", f"memory://out/a.{suffix}"]).status == 0
    done = run(["eval", "g + x", "--data", f"memory://out/a.{suffix}", "--format", "csv"])
    assert done.out == "x,g,f\n0.5,0.25,0.75\n1.5,2.25,3.75\n"
    words = ["eval", "g + x", "--data", "memory://out/", "--keep", "none", "-o", "memory://parts/"]
    assert run(words).status == 0
    assert all(name.endswith(f".{suffix}") for name in parts(memory, "/parts"))


def test_a_failed_upload_leaves_nothing(run: Run, memory: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write_partitions(memory)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    words = ["eval", "x", "--data", "memory://in", "-o", "memory://out/"]
    put = type(memory).put_file

    def fail(self: Any, local: str, path: str, **options: Any) -> None:
        if "part-00001" in path:
            raise ConnectionResetError(104, "Connection reset by peer")
        put(self, local, path, **options)

    monkeypatch.setattr(type(memory), "put_file", fail)
    done = run(words)
    assert done.status == 2
    assert "Connection reset by peer; 1 of 2 parts are written; the same command computes the rest" in done.err
    assert "Traceback" not in done.err
    assert len(parts(memory, "/out")) == 1
    assert not memory.exists("/out/_SUCCESS")
    assert "lacks parts" in run(["eval", "x", "--data", "memory://out"]).err
    monkeypatch.setattr(type(memory), "put_file", put)
    assert run(words) == (0, "", "")
    assert len(parts(memory, "/out")) == 2
    assert os.listdir(tmp_path / "temporary") == []


@pytest.mark.parametrize("place", ["memory://in", "in"])
def test_a_file_that_changes_while_it_is_read(
    place: str, run: Run, memory: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_partitions(memory)
    for path in memory.find("/in"):
        Path(f".{path}").parent.mkdir(parents=True, exist_ok=True)
        Path(f".{path}").write_bytes(memory.cat_file(path))
    find = "adcli.cli.points.list_files"
    from adcli.parts.data_files import list_files

    def list_and_change(*arguments: Any) -> Any:
        files = list_files(*arguments)
        memory.pipe_file("/in/k=2/b.csv", b"x,id\n3,new\n")
        Path("in/k=2/b.csv").write_bytes(b"x,id\n3,new and longer\n")
        return files

    monkeypatch.setattr(find, list_and_change)
    done = run(["eval", "x", "--data", place, "-o", "out/"])
    assert done.status == 2
    assert f"'{place}/k=2/b.csv' has changed while it was read: run the command again; 1 of 2 parts" in done.err
    assert len(os.listdir("out")) == 2
    monkeypatch.setattr(find, list_files)
    assert run(["eval", "x", "--data", place, "-o", "out/"]) == (0, "", "")


@FSSPEC
def test_missing_packages(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    file_system.load_class.cache_clear()
    if find_spec("gcsfs") is None:
        assert_refused(run(["eval", "x", "--data", "gs://b/a.csv"]), "gs:// needs gcsfs: install it with pip install g")
    monkeypatch.setitem(sys.modules, "fsspec", None)
    hint = 's3:// needs fsspec and s3fs: install them with pip install "adcli[remote]" s3fs'
    assert_refused(run(["eval", "x", "--data", "s3://b/a.csv"]), hint)
    assert_refused(run(["eval", "x", "x=1", "-o", "s3://b/a.csv"]), hint)


class Server(ThreadingHTTPServer):
    """A web server of a folder, or of one answer.

    Attributes:
        url: of its root.
        status, length: of its answer, 0 to serve files, and None to give no length.
    """

    daemon_threads = True
    status = 0
    length: int | None = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(SimpleHTTPRequestHandler):
    """What a `Server` does with a request."""

    server: Server

    def log_message(self, *words: object) -> None:
        """Print nothing."""

    def send_head(self) -> Any:
        if not self.server.status:
            return super().send_head()
        self.send_response(self.server.status)
        if self.server.length is not None:
            self.send_header("Content-Length", str(self.server.length))
        self.end_headers()
        self.wfile.write(b"x\n1\n" if self.command == "GET" and self.server.length != 0 else b"")
        self.close_connection = True
        return None


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A web server of the test's folder."""
    with Server(("127.0.0.1", 0), partial(Handler, directory=str(tmp_path))) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@FSSPEC
@AIOHTTP
def test_tables_of_a_web_server(run: Run, server: Server) -> None:
    for name in "ab":
        Path(f"in/k={ord(name)}").mkdir(parents=True)
        Path(f"in/k={ord(name)}/{name}.csv").write_text(f"x\n{ord(name)}\n")
    url = f"{server.url}/in/k=97/a.csv"
    expected = (0, "x,k,f\n97,97,194.0\n", "")
    assert run(["eval", "x + k", "--data", url, "--format", "csv"]) == expected
    secret = url.replace("//", "//me:password@") + "?X-Amz-Signature=secret"
    assert run(["eval", "x + k", "--data", secret, "--format", "csv"]) == expected
    done = run(["eval", "x + k", "--data", f"{server.url}/in/*/*.csv", "--format", "value"])
    assert done.out == "194.0\n196.0\n"
    words = ["eval", "x + k", "--data", secret, "-o", "out/", "--name", "f=g"]
    assert run(words) == (0, "", "")
    again = run([*words[:3], secret.replace("secret", "another"), *words[4:]])
    assert again.err == "note: 'out/' is complete, with 1 part\n"
    record = Path("out/_SUCCESS").read_text()
    assert "secret" not in record + str(os.listdir("out"))
    assert "password" not in record
    for place in (f"{server.url}/no.csv?token=secret", f"http://me:secret@127.0.0.1:{server.server_address[1]}/no"):
        done = run(["eval", "x", "--data", place])
        assert_refused(done, "/no", "': No such file")
        assert "secret" not in done.err
    Path("index.html").write_text('<a href="?C=N">Name</a> <a href="in/">in</a> <a href="gone.csv">gone</a>')
    done = run(["eval", "x", "--data", f"{server.url}/*"])
    assert_refused(done, f"cannot read '{server.url}/*': {server.url}/gone.csv: No such file")
    Path("index.html").write_text('<a href="?C=N">Name</a> <a href="in/k=97/a.csv">a</a> <a href="one.csv">one</a>')
    Path("one.csv").write_text("x\n1\n")
    assert run(["eval", "x", "--data", f"{server.url}/*", "--format", "value"]).out == "1.0\n"
    Path("bad.csv").write_text("x\noops\n")
    done = run(["eval", "x", "--data", f"{server.url}/bad.csv?token=secret"])
    assert_refused(done, f"'{server.url}/bad.csv?…', line 2, column x: 'oops' is not a number")


@FSSPEC
@AIOHTTP
@pytest.mark.parametrize(
    ("status", "length", "text"),
    [
        (403, 0, "access is denied (403 Forbidden)"),
        (503, 0, "the server answers 503 Service Unavailable"),
        (404, 0, "No such file"),
        (200, 999, "the connection ended before the file did"),
    ],
)
def test_a_web_server_that_fails(status: int, length: int, text: str, run: Run, server: Server) -> None:
    server.status, server.length = status, length
    done = run(["eval", "x", "--data", f"{server.url}/a.csv", "-o", "out.csv"])
    assert done == (2, "", f"adcli: cannot read '{server.url}/a.csv': {text}\n")
    assert not os.path.exists("out.csv")


@FSSPEC
@AIOHTTP
def test_a_web_server_that_gives_no_size(run: Run, server: Server) -> None:
    server.status, server.length = 200, None
    for words in (["--format", "csv"], ["-o", "out/"]):
        done = run(["eval", "x", "--data", f"{server.url}/a.csv", *words])
        assert done == (0, "x,f\n1,1.0\n" if "csv" in words else "", "")


@FSSPEC
@AIOHTTP
def test_a_web_server_that_does_not_answer(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_system, "READ_SECONDS", 0.05)
    file_system._connect.cache_clear()
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(4)
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/a.csv"
        assert_refused(run(["eval", "x", "--data", url]), f"cannot read '{url}': it does not answer in time")
    assert_refused(run(["eval", "x", "--data", url]), f"cannot read '{url}': cannot connect to 127.0.0.1")
    file_system._connect.cache_clear()


@FSSPEC
@POLARS
@AIOHTTP
def test_parquet_is_copied_once_to_compute_it(run: Run, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in "ab":
        assert run(["eval", "x", "--x", "0:1:70", "--name", "f=g", "-o", f"{name}.parquet"]).status == 0
    opened: list[str] = []
    monkeypatch.setattr(remote.RemoteStore, "open", _record(opened, remote.RemoteStore.open))
    words = ["eval", "x", "--data", f"{server.url}/*.parquet", "--keep", "none", "-o", "out/"]
    assert run([*words, "--backend", "numpy"]).status == 0
    assert opened == [f"{server.url}/{name}.parquet" for name in "ab"]


def _record(opened: list[str], function: Any) -> Any:
    def open_and_record(self: Any, path: str) -> Any:
        opened.append(path)
        return function(self, path)

    return open_and_record


def test_errors_of_libraries_are_one_line() -> None:
    class NoCredentialsError(Exception):
        pass

    class ClientError(Exception):
        response = {"Error": {"Message": "The bucket\nis gone"}, "ResponseMetadata": {"HTTPStatusCode": 404}}  # noqa: RUF012

    class FSTimeoutError(Exception):
        pass

    class TooManyRedirects(Exception):
        pass

    slip = IndexError("tuple index out of range")
    slip.__context__ = FSTimeoutError()
    caused = FileNotFoundError("https://host/a.csv")
    caused.__cause__ = PermissionError("Forbidden")
    for error, kind, text in (
        (NoCredentialsError(), PermissionError, "there are no credentials"),
        (ClientError(), FileNotFoundError, "The bucket is gone"),
        (TooManyRedirects(), OSError, "the server redirects to no file"),
        (slip, TimeoutError, "does not answer"),
        (caused, PermissionError, "access is denied (Forbidden)"),
        (NotImplementedError(), OSError, "this store cannot do that"),
        (ValueError(), OSError, "ValueError"),
        (BrokenPipeError(32, "Broken pipe"), OSError, "Broken pipe"),
    ):
        found = as_os_error(error)
        assert isinstance(found, kind)
        assert not isinstance(found, BrokenPipeError)
        assert text in str(found.strerror)
        assert "\n" not in str(found)


def test_messages_have_no_secrets() -> None:
    for text in ("https://me:secret@host/a.csv", "HTTP://secret@host/a.csv", "https://host/a.csv?sig=secret'"):
        assert "secret" not in without_secrets(f"cannot read '{text}")
        assert "secret" not in str(RequestError(f"cannot read '{text}", hint=f"{text} is gone"))
    for text in ("s3://key:secret@bucket/a?.csv", "s3://key:sec/ret@bucket/a?.csv"):
        assert without_secrets(text) == "s3://bucket/a?.csv"
    assert without_secrets("https://host:8080/a@b.csv") == "https://host:8080/a@b.csv"
    assert without_secrets("abfs://in@me.dfs.core.windows.net/a.csv") == "abfs://in@me.dfs.core.windows.net/a.csv"


# S3, as moto has it.

ACCESS = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "us-east-1"}
COMPLETE = b"note: 's3://bucket/out/' is complete, with 16 parts\n"
ROWS = 2000  # of each of 16 files


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An empty bucket ``bucket``, in a file system of s3fs that sees what other processes do."""
    from moto.server import ThreadedMotoServer
    from s3fs import S3FileSystem

    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host.replace('0.0.0.0', '127.0.0.1')}:{port}"
    urlopen(Request(f"{url}/moto-api/reset", method="POST")).close()  # what it keeps belongs to the process
    for name, value in {**ACCESS, "AWS_ENDPOINT_URL": url}.items():
        monkeypatch.setenv(name, value)
    S3FileSystem.clear_instance_cache()
    file_system._connect.cache_clear()
    fs = S3FileSystem(use_listings_cache=False, skip_instance_cache=True)
    fs.mkdir("bucket")
    yield fs
    file_system._connect.cache_clear()
    server.stop()


def environment() -> dict[str, str]:
    return {**ENVIRONMENT, **{name: value for name, value in os.environ.items() if name.startswith("AWS_")}}


def write_files(fs: Any) -> None:
    for number in range(16):
        ids = range(ROWS * number, ROWS * (number + 1))
        text = "id,x\n" + "".join(f"{id},{id / 7!r}\n" for id in ids)
        fs.pipe_file(f"bucket/in/k={number % 2}/{number:02}.csv", text.encode())


@long
@MOTO
def test_s3(run: Run, bucket: Any) -> None:
    write_partitions_of_s3 = {"in/k=1/a.csv": b"x\n1\n", "in/k=2/b.csv": b"x\n2\n", "in/": b""}
    for name, data in write_partitions_of_s3.items():
        bucket.call_s3("put_object", Bucket="bucket", Key=name, Body=data)
    for word in ("in/", "in", "in/*/*.csv", "in/**"):
        done = run(["eval", "k*x", "--data", f"s3://bucket/{word}", "--format", "value"])
        assert (done.out, done.err) == ("1.0\n4.0\n", ""), word
    words = ["eval", "k*x", "--data", "s3://bucket/in/", "-o", "s3a://bucket/out/"]
    assert run(words) == (0, "", "")
    assert len(bucket.find("bucket/out")) == 3
    assert run(words).err == "note: 's3a://bucket/out/' is complete, with 2 parts\n"
    assert run(["eval", "x", "--x", "0:1:3", "-o", "s3://bucket/one.csv"]).status == 0
    assert bucket.cat_file("bucket/one.csv") == b"x,f\n0.0,0.0\n0.5,0.5\n1.0,1.0\n"
    for words, text in (
        ("--data s3://none/a.csv", "cannot read 's3://none/a.csv': The specified bucket does not exist"),
        ("--data s3://bucket/in/ -o s3://none/out/", "The specified bucket does not exist"),
        ("--data s3://bucket/in/no.csv", "cannot read 's3://bucket/in/no.csv': No such file"),
    ):
        assert_refused(run(["eval", "x", *words.split()]), text)


@long
@MOTO
def test_an_upload_to_s3_that_fails_leaves_no_object(run: Run, bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from s3fs import S3FileSystem

    monkeypatch.setattr(remote, "UPLOAD_BLOCK", 5 << 20)
    bucket.pipe_file("bucket/in/a.csv", b"x\n" + b"0.5\n" * 2_000_000)
    call = S3FileSystem._call_s3
    words = ["eval", "x", "--data", "s3://bucket/in/a.csv", "-o", "s3://bucket/out/"]

    async def fail(self: Any, method: str, *words: Any, **options: Any) -> Any:
        if method == "upload_part" and options["PartNumber"] == 2:
            raise OSError(5, "the cable is cut")
        return await call(self, method, *words, **options)

    monkeypatch.setattr(S3FileSystem, "_call_s3", fail)
    assert_refused(run(words), "the cable is cut; 0 of 1 part are written")
    assert not parts(bucket, "bucket/out")
    assert not bucket.call_s3("list_multipart_uploads", Bucket="bucket").get("Uploads")
    monkeypatch.setattr(S3FileSystem, "_call_s3", call)
    assert run(words) == (0, "", "")
    (name,) = [path for path in bucket.find("bucket/out") if "part-" in path]
    assert bucket.info(name)["size"] == len(b"x,f\n") + len(b"0.5,0.5\n") * 2_000_000


@long
@MOTO
def test_killed_runs_lose_and_duplicate_nothing_in_s3(bucket: Any, tmp_path: Path) -> None:
    chance = random.Random(SEED)
    write_files(bucket)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    settings = {**environment(), "TMPDIR": str(temporary)}
    command = [*PYTHON, "grad", "sin(x)*k", "--data", "s3://bucket/in/", "-o"]
    subprocess.run([*command, "s3://bucket/whole/"], env=settings, check=True)
    whole = parts(bucket, "bucket/whole")
    assert sum(text.count(b"\n") - 1 for text in whole.values()) == 16 * ROWS
    kills = 0
    while kills < 10:
        left = set(os.listdir(temporary))
        how = signal.SIGTERM if kills % 3 == 2 else signal.SIGKILL
        with subprocess.Popen([*command, "s3://bucket/out/"], env=settings, stderr=subprocess.PIPE) as running:
            while running.poll() is None and not bucket.exists("bucket/out"):
                time.sleep(0.005)
            time.sleep(chance.random())
            running.send_signal(how)
            assert running.stderr is not None
            message = running.stderr.read()
        assert message in (b"", COMPLETE)
        assert running.returncode in (0, -how, 128 + how)
        kills += running.returncode != 0
        present = parts(bucket, "bucket/out")
        assert present.items() <= whole.items(), "a part is cut off or has another name"
        if bucket.exists("bucket/out/_SUCCESS"):
            assert present == whole
            bucket.rm([f"bucket/out/{name}" for name in chance.sample(sorted(whole), 12)])
        if how is signal.SIGTERM:
            assert set(os.listdir(temporary)) <= left
    if len(present) == 16:
        bucket.rm(f"bucket/out/{min(whole)}")
    subprocess.run([*command, "s3://bucket/out/"], env=settings, check=True)
    assert parts(bucket, "bucket/out") == whole
    names = [path.rpartition("/")[2] for path in bucket.find("bucket/out")]
    assert sorted(names) == ["_SUCCESS", *sorted(whole)]
    assert os.listdir(temporary) == []


def test_local_files_load_no_remote_store() -> None:
    assert type(store_of("a.csv")).__module__ == "adcli.store.local"
