# SPDX-License-Identifier: GPL-2.0-or-later
"""This machine: where the tree is, its programs, and how they are run."""
import ctypes
import fcntl
import os
import re
import shutil
import signal
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Dict, Iterator, List, Optional, Sequence, Union

from harness.verdict import Lost

TOP = Path(__file__).resolve().parents[2]
READER = TOP / "build/crashbox"		# reads dumps on this machine
PR_SET_PDEATHSIG = 1

Word = Union[str, Path]


def end_with_parent() -> None:
	"""Whoever started this program is gone: so is it. Nothing milder ends unshare(1)."""
	ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def have(program: str) -> bool:
	return shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin:/sbin") is not None


def last_line(text: str) -> str:
	lines = text.strip().splitlines()
	return lines[-1] if lines else "no word"


def read(path: Path) -> str:
	"""The text of a file as it is, whatever its bytes; what is not there is empty."""
	try:
		with open(path, errors="replace", newline="") as file:
			return file.read()
	except FileNotFoundError:
		return ""


def status_of(command: Sequence[Word], log: Optional[Path] = None,
	      stdin: Optional[IO[bytes]] = None, cwd: Path = TOP) -> int:
	"""The exit status; what the program says goes behind what the log has."""
	with open(log or os.devnull, "ab") as out:
		return subprocess.run([str(word) for word in command], cwd=cwd,
				      stdin=stdin or subprocess.DEVNULL, stdout=out,
				      stderr=subprocess.STDOUT, check=False).returncode


def do(what: str, command: Sequence[Word], log: Path,
       stdin: Optional[IO[bytes]] = None) -> None:
	"""A step of the harness: if it fails, the case is lost."""
	if status_of(command, log, stdin):
		raise Lost(f"{what}: {last_line(read(log))}")


def output(*command: Word, what: str = "", env: Optional[Dict[str, str]] = None) -> str:
	"""What a step of the harness prints; its complaints are those of the case."""
	done = subprocess.run([str(word) for word in command], cwd=TOP, check=False,
			      env={**os.environ, **(env or {})}, stdin=subprocess.DEVNULL,
			      stdout=subprocess.PIPE)
	if done.returncode:
		raise Lost(f"{what or Path(str(command[0])).name}: status {done.returncode}")
	return done.stdout.decode("utf-8", "replace")


def start(command: Sequence[Word], log: Path) -> "subprocess.Popen[bytes]":
	"""A program that goes on beside the case."""
	with open(log, "ab") as out:
		return subprocess.Popen([str(word) for word in command], cwd=TOP,
					stdin=subprocess.DEVNULL, stdout=out,
					stderr=subprocess.STDOUT)


def blank(path: Path, size: str) -> None:
	"""A file of zeroes: 400M, 3G; what it had is gone."""
	path.unlink(missing_ok=True)
	parts = re.fullmatch(r"(\d+)([KMG]?)", size)
	if not parts:
		raise Lost(f"{size}: no size")
	with open(path, "wb") as file:
		file.truncate(int(parts[1]) << {"": 0, "K": 10, "M": 20, "G": 30}[parts[2]])


@contextmanager
def locked(path: Path) -> Iterator[None]:
	"""One case at a time."""
	path.parent.mkdir(parents=True, exist_ok=True)
	with open(path, "w") as lock:
		fcntl.flock(lock, fcntl.LOCK_EX)
		yield


def older(made: Path, inputs: Sequence[Path]) -> bool:
	"""Is it absent, or older than one of these, or of what is in these folders?"""
	if not made.exists():
		return True
	when = made.stat().st_mtime_ns
	files: List[Path] = []
	for path in inputs:
		files += [path, *path.rglob("*")] if path.is_dir() else [path]
	return any(file.stat().st_mtime_ns > when for file in files)
