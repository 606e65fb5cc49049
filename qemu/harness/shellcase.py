# SPDX-License-Identifier: GPL-2.0-or-later
"""Cases that are still a shell file, which sources lib.sh: what qemu/run has to know of
them."""
import re
from dataclasses import dataclass
from pathlib import Path
from typing import List

from harness.names import Name


@dataclass(frozen=True)
class ShellCase:
	variants: str
	kernels: str
	seconds: int


def load(path: Path) -> ShellCase:
	text = path.read_text()

	def line(word: str) -> str:
		found = re.search(rf"^# {word}: (.*)$", text, re.M)
		return found[1] if found else ""
	return ShellCase(line("Variants"), line("Kernels"), int(line("Seconds") or 0))


def command(path: Path, name: Name, cpus: List[str]) -> List[str]:
	kernel = [f"{key}={value}" for key, value in name.environment(cpus).items()]
	return ["env", f"CASE={name}", f"VARIANT={name.variant}", *kernel, str(path)]
