# SPDX-License-Identifier: GPL-2.0-or-later
"""Many cases, side by side: a line for each as it ends, and at last what there was."""
import shutil
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, List, Optional, Sequence

from harness import host
from harness.names import Name
from harness.verdict import word_of

LIMIT_SECONDS = 7200	# of one case: a hung one must not hold up the others for ever
TABLE_HEAD = f"{'way to be wrong':<16} {'crash':<5} {'status':<6} what the row says"


@dataclass(frozen=True)
class Result:
	name: str
	word: str		# passed, failed, lost, skipped
	seconds: int
	why: str
	folder: str		# where to look, if it did not pass
	row: str = ""		# of the table of ways

	def line(self) -> str:
		where = f"\n         {self.folder}" if self.word in ("failed", "lost") else ""
		return f"{self.word:<8} {self.name:<20} {self.seconds:3d} s  {self.why}{where}"


@dataclass(frozen=True)
class Batch:
	"""How each is run: the command for a name, where its folder lies, and for how long."""
	command: Callable[[Name], List[str]]
	folder: Path
	keep: bool = False
	limit: float = LIMIT_SECONDS

	def status_of(self, name: Name, log: Path) -> Optional[int]:
		"""Of the program of one case; None when it had to be ended."""
		with open(log, "wb") as out:
			program = subprocess.Popen(self.command(name), cwd=host.TOP,
						   stdin=subprocess.DEVNULL, stdout=out,
						   stderr=subprocess.STDOUT)
			try:
				return program.wait(self.limit)
			except subprocess.TimeoutExpired:
				program.terminate()
				try:
					program.wait(10)
				except subprocess.TimeoutExpired:
					program.kill()
					program.wait()
				return None

	def one(self, name: Name) -> Result:
		folder = self.folder / str(name)
		log = self.folder / f"{name}.log"
		shutil.rmtree(folder, ignore_errors=True)
		began = time.monotonic()
		status = self.status_of(name, log)
		seconds = int(time.monotonic() - began)
		if folder.is_dir():
			log.rename(folder / "case.log")
		word = "lost" if status is None else word_of(status)
		why = host.read(folder / "why").rstrip("\n") or "see case.log"
		if status is None:
			why = f"lost: not over after {self.limit:.0f} s"
		if word == "passed":
			why = host.read(folder / "note").rstrip("\n")
		row = host.read(folder / "row")
		if word == "passed" and not self.keep:
			shutil.rmtree(folder, ignore_errors=True)
		try:
			shown = folder.relative_to(host.TOP)
		except ValueError:
			shown = folder
		return Result(str(name), word, seconds, why, str(shown), row)

	def run(self, names: Sequence[Name], jobs: int) -> List[Result]:
		"""In this order; each line is printed at once, so that they do not mix."""
		self.folder.mkdir(parents=True, exist_ok=True)
		lock = threading.Lock()

		def one(name: Name) -> Result:
			try:
				result = self.one(name)
				if never_ran(result):
					with lock:
						print(f"again    {name}: its kernel stood still "
						      "before any program ran", flush=True)
					result = self.one(name)
			except OSError as error:	# it is not the end of the others
				result = Result(str(name), "lost", 0, f"lost: {error}",
						str(self.folder / str(name)))
			with lock:
				print(result.line(), flush=True)
			return result
		with ThreadPoolExecutor(jobs) as pool:
			return list(pool.map(one, names))


def never_ran(result: Result) -> bool:
	"""The emulator stands still now and then, in a kernel of Debian's own as it begins. Once
	that has started a program, whoever stands still is what is tested."""
	folder = host.TOP / result.folder
	consoles = [host.read(path) for path in folder.glob("console*.log")]
	return (result.word == "lost" and any("Linux version" in text for text in consoles) and
		not any("Run /" in text for text in consoles))


# ---- at the end ----

def table(results: Sequence[Result]) -> List[str]:
	"""The promise of status, as its cases found it."""
	rows = sorted(result.row.rstrip("\n") for result in results if result.row)
	return ["", TABLE_HEAD, *rows, ""] if rows else []


def slowest(results: Sequence[Result]) -> List[str]:
	if len(results) <= 10:
		return []
	ten = sorted(results, key=lambda result: -result.seconds)[:10]
	return ["slowest: " + ", ".join(f"{one.name} {one.seconds} s" for one in ten)]


def count(results: Sequence[Result], word: str) -> int:
	return sum(result.word == word for result in results)


def summary(results: Sequence[Result]) -> str:
	bad = count(results, "failed") + count(results, "lost")
	text = f"{count(results, 'passed')} passed, {bad} failed"
	skipped = count(results, "skipped")
	return text + (f", {skipped} skipped" if skipped else "")


def status(results: Sequence[Result]) -> int:
	"""0 all passed, 1 one failed, 2 none failed but one was lost."""
	if count(results, "failed"):
		return 1
	return 2 if count(results, "lost") else 0
