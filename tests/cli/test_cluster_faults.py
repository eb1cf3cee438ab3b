"""Faults of a cluster: kills at random moments, a full disk, signals, files and workers that do not belong."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.sampling import SEED, long

from .conftest import ENVIRONMENT, PYTHON
from .test_cluster import BITS, Cluster, contents, write_files
from .test_urls import MOTO, bucket  # noqa: F401 - a fixture

pytestmark = [long, pytest.mark.skipif(find_spec("distributed") is None, reason="distributed is not installed")]

KILLS = 10  # of each kind
WORDS = ["grad", BITS, "--data", "in/*.csv", "-o", "out/"]


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cluster").mkdir()
    started = Cluster(tmp_path / "cluster")
    for _ in range(2):
        started.add_worker()
    started.wait_for_workers(2)
    try:
        yield started
    finally:
        started.stop([*started.workers, started.scheduler])


def start(words: list[str], **options: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen([*PYTHON, *words], env=ENVIRONMENT, stderr=subprocess.PIPE, **options)  # type: ignore[call-overload, no-any-return]


def compute_alone() -> dict[str, bytes]:
    subprocess.run([*PYTHON, *WORDS[:-1], "alone/"], env=ENVIRONMENT, check=True)
    return contents("alone")


def count_present() -> int:
    return len(list(Path("out").glob("part-*")))


def wait_for_parts(running: subprocess.Popen[bytes], count: int) -> None:
    while running.poll() is None and count_present() < count:
        time.sleep(0.002)


def assert_whole(expected: dict[str, bytes]) -> None:
    """The parts that are there are whole, and have the bits of a single run."""
    present = {path.name: path.read_bytes() for path in Path("out").glob("part-*")}
    assert present.items() <= expected.items()


def test_kills_of_workers(cluster: Cluster) -> None:
    write_files(16, 20_000)
    expected = compute_alone()
    chance = random.Random(SEED)
    for _ in range(KILLS):
        running = start([*WORDS, "--cluster", cluster.address])
        wait_for_parts(running, chance.randrange(0, 16))
        time.sleep(chance.random() * 0.05)
        cluster.stop([chance.choice(cluster.workers)])
        cluster.add_worker()
        _, err = running.communicate()
        assert (running.returncode, err) == (0, b"")
        assert contents("out") == expected
        assert not [name for name in os.listdir("out") if name.startswith(".")]
        shutil.rmtree("out")


def test_kills_of_the_scheduler(cluster: Cluster) -> None:
    write_files(16, 20_000)
    expected = compute_alone()
    chance = random.Random(SEED)
    for _ in range(KILLS):
        running = start([*WORDS, "--cluster", cluster.address])
        wait_for_parts(running, chance.randrange(1, 16))
        time.sleep(chance.random() * 0.05)
        cluster.stop([cluster.scheduler])
        _, err = running.communicate(timeout=120)
        assert_whole(expected)
        if running.returncode:  # the kill came before the end
            assert running.returncode == 2
            assert err.count(b"\n") == 1
            assert b" is lost: start it again if it has ended; " in err
            assert b" of 16 parts are written; the same command computes the rest" in err
            assert not os.path.exists("out/_SUCCESS")
        cluster.stop(cluster.workers)
        cluster.start_scheduler()
        cluster.add_worker()
        again = start([*WORDS, "--cluster", cluster.address])
        _, err = again.communicate(timeout=120)
        assert (again.returncode, err.replace(b"note: 'out/' is complete, with 16 parts\n", b"")) == (0, b"")
        assert contents("out") == expected
        shutil.rmtree("out")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("local", [False, True])
def test_signals(number: signal.Signals, local: bool, cluster: Cluster) -> None:
    write_files(16, 20_000)
    expected = compute_alone()
    running = start([*WORDS, "--cluster", "local:2" if local else cluster.address], start_new_session=True)
    wait_for_parts(running, 3)
    if number == signal.SIGINT:
        os.killpg(running.pid, number)  # as Ctrl-C in a terminal does
    else:
        running.send_signal(number)
    _, err = running.communicate(timeout=60)
    assert (running.returncode, err) == (128 + number, b"")
    assert_whole(expected)
    time.sleep(1)
    assert not os.path.exists("out/_SUCCESS")
    subprocess.run([*PYTHON, *WORDS], env=ENVIRONMENT, check=True)
    assert contents("out") == expected


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root mounts a file system")
def test_a_full_disk_stops_the_run(cluster: Cluster) -> None:
    write_files(16, 20_000)
    os.mkdir("out")
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", "out"], capture_output=True).returncode:
        pytest.skip("a file system cannot be mounted here")
    try:
        expected = compute_alone()
        running = start([*WORDS, "--cluster", cluster.address])
        _, err = running.communicate()
        assert running.returncode == 2
        assert err.count(b"\n") == 1
        assert b"No space left on device; " in err
        assert b" of 16 parts are written; the same command computes the rest\n" in err
        assert 0 < count_present() < 16
        assert_whole(expected)
        subprocess.run(["mount", "-o", "remount,size=64m", "out"], check=True)
        assert start([*WORDS, "--cluster", cluster.address]).communicate()[1] == b""
        assert contents("out") == expected
    finally:
        subprocess.run(["umount", "out"], check=True)


def test_a_foreign_file_is_refused(cluster: Cluster) -> None:
    write_files(2)
    write_files(1, folder="out")
    running = start([*WORDS, "--cluster", cluster.address])
    _, err = running.communicate()
    assert (running.returncode, err.count(b"\n")) == (2, 1)
    assert b"'out/00.csv' is not of this run" in err
    assert os.listdir("out") == ["00.csv"]


def test_a_worker_with_another_version(cluster: Cluster) -> None:
    write_files(2)
    other = cluster.add_worker("import adcli._version as v; v.__version__ = '0.0.1'")
    cluster.wait_for_workers(3)
    running = start([*WORDS, "--cluster", cluster.address])
    _, err = running.communicate()
    assert (running.returncode, err.count(b"\n")) == (2, 1)
    assert b" has adcli 0.0.1, but this machine has " in err
    assert not os.path.exists("out")
    cluster.stop([other])


def test_a_worker_with_another_version_that_comes_later(cluster: Cluster) -> None:
    write_files(200, 3000)
    running = start([*WORDS, "--cluster", cluster.address])
    wait_for_parts(running, 1)
    cluster.stop(cluster.workers)
    cluster.add_worker("import adcli._version as v; v.__version__ = '0.0.1'")
    _, err = running.communicate()
    assert (running.returncode, err.count(b"\n")) == (2, 1)
    assert b" has adcli 0.0.1, but this machine has " in err
    assert b" of 200 parts are written" in err


def test_a_worker_without_the_files(cluster: Cluster, tmp_path: Path) -> None:
    write_files(2)
    cluster.stop(cluster.workers)
    hide = "import os; real = os.stat; os.path.isfile = lambda path: False; import builtins; was = builtins.open"
    gone = "builtins.open = lambda f, *a, **k: was('/nowhere' if str(f).endswith('.csv') else f, *a, **k)"
    cluster.add_worker(f"{hide}; {gone}")
    cluster.wait_for_workers(1)
    running = start([*WORDS, "--cluster", cluster.address])
    _, err = running.communicate()
    assert (running.returncode, err.count(b"\n")) == (2, 1)
    assert b"cannot compute parts: cannot read 'in/00.csv': No such file or directory\n" in err
    assert not os.path.exists("out")


def test_a_worker_without_adcli(cluster: Cluster) -> None:
    write_files(2)
    cluster.add_worker("sys.modules['adcli'] = None; sys.path[:] = [p for p in sys.path if 'adcli' not in p]")
    cluster.wait_for_workers(3)
    running = start([*WORDS, "--cluster", cluster.address])
    _, err = running.communicate()
    assert (running.returncode, err.count(b"\n")) == (2, 1)
    assert b" does not have this adcli: install adcli " in err
    assert not os.path.exists("out")


def test_no_worker(cluster: Cluster) -> None:
    write_files(2)
    cluster.stop(cluster.workers)
    program = "import sys; from adcli.cluster import connection; connection.WORKER_SECONDS = 0.5; "
    program += "from adcli.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", program, *WORDS, "--cluster", cluster.address]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True)
    assert done.returncode == 2
    assert f"adcli: '{cluster.address}' has no worker after 0.5 s: ".encode() in done.stderr
    assert done.stderr.count(b"\n") == 1
    assert not os.path.exists("out")


def test_workers_that_all_end(cluster: Cluster) -> None:
    write_files(200, 3000)
    program = "import sys; from adcli.cluster import window; window.WORKER_SECONDS = window.COUNT_SECONDS = 0.5; "
    program += "from adcli.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", program, *WORDS, "--cluster", cluster.address]
    running = subprocess.Popen(command, env=ENVIRONMENT, stderr=subprocess.PIPE)
    wait_for_parts(running, 1)
    cluster.stop(cluster.workers)
    _, err = running.communicate()
    assert (running.returncode, err.count(b"\n")) == (2, 1)
    assert b" has lost all its workers: " in err


@MOTO
def test_parts_at_urls(cluster: Cluster, bucket) -> None:  # noqa: F811
    write_files(16, 2000)
    for name in os.listdir("in"):
        bucket.put_file(f"in/{name}", f"bucket/in/{name}")
    access = {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
    cluster.stop(cluster.workers)  # those that were started have no access
    settings = "; ".join(f"import os; os.environ[{name!r}] = {value!r}" for name, value in access.items())
    for _ in range(2):
        cluster.add_worker(settings)
    cluster.wait_for_workers(2)
    words = ["grad", BITS, "--data", "s3://bucket/in/*.csv", "-o"]
    environment = {**ENVIRONMENT, **access}
    alone = subprocess.run([*PYTHON, *words, "s3://bucket/alone/"], env=environment, capture_output=True)
    assert (alone.returncode, alone.stderr) == (0, b"")
    command = [*PYTHON, *words, "s3://bucket/out/", "--cluster", cluster.address]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE) as running:
        while running.poll() is None and len(bucket.glob("bucket/out/part-*")) < 3:
            time.sleep(0.01)
        cluster.stop(cluster.workers[:1])
        err = running.communicate()[1]
    assert (running.returncode, err) == (0, b"")
    names = [path.rpartition("/")[2] for path in bucket.find("bucket/alone")]
    assert len(names) == 17
    assert [path.rpartition("/")[2] for path in bucket.find("bucket/out")] == names
    for name in names:
        assert bucket.cat_file(f"bucket/out/{name}") == bucket.cat_file(f"bucket/alone/{name}")
