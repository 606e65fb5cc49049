# SPDX-License-Identifier: GPL-2.0-or-later
"""What the user's environment and a case's name say of the machine that is to crash.

SERIES (kernel, 6.1), ARCH (amd64, or arm64, whose SERIES is 6.12 if none is named), CPU
(QEMU's name), VM_TIMEOUT (in place of what qemu/busy says), BINARY (the one under test),
CAPTURE_KERNEL (a vmlinuz with its drivers built in; else the crashed kernel is its own),
MEMORY (1G) and RESERVE (192M) where the case has no reasons of its own, CAPTURE_SECONDS.
"""
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import List, Mapping, Optional

from harness.host import TOP, output


@dataclass(frozen=True)
class Cpu:
	"""A line of agent/deps/cpus."""
	asked: str

	def of(self, column: str) -> str:
		return output(TOP / "agent/deps/cpu", self.asked, column).strip()

	@cached_property
	def deb(self) -> str:
		return self.of("deb")

	@property
	def suffix(self) -> str:
		"""Of names below build/ that are another CPU's."""
		return "" if self.deb == "amd64" else f"-{self.deb}"

	@property
	def compiler(self) -> Path:
		"""Of the guest's programs."""
		if self.suffix:
			return TOP / f"build/deps/cross-{self.of('name')}/cc"
		return Path(output(TOP / "agent/deps/musl-cc").strip())

	@property
	def libraries(self) -> str:
		"""glibc's, below / and /usr."""
		return f"lib/{self.of('gnu')}"

	@property
	def emulator(self) -> List[str]:
		"""What runs its programs here."""
		return [f"qemu-{self.of('qemu')}-static"] if self.suffix else []


@dataclass(frozen=True)
class Settings:
	cpu: Cpu
	series: str
	cpu_words: str		# QEMU's name of it, and more
	binary: Path
	memory: str
	reserve: str
	capture_seconds: int
	scale: int		# by how much this host is too busy, see qemu/busy
	capture_kernel: Optional[Path]

	@property
	def amd64(self) -> bool:
		return self.cpu.deb == "amd64"


def settings(env: Mapping[str, str]) -> Settings:
	cpu = Cpu(env.get("ARCH") or "amd64")
	built = "build/crashbox"
	if cpu.deb != "amd64":
		built = f"build/{cpu.of('name')}/crashbox"
	kernel = env.get("CAPTURE_KERNEL")
	return Settings(
		cpu=cpu,
		series=env.get("SERIES") or cpu.of("series"),
		cpu_words=env.get("CPU") or cpu.of("cpu"),
		binary=TOP / (env.get("BINARY") or built),
		memory=env.get("MEMORY") or "1G",
		reserve=env.get("RESERVE") or "192M",
		capture_seconds=int(env.get("CAPTURE_SECONDS") or 180),
		scale=int(env.get("VM_TIMEOUT") or output(TOP / "qemu/busy")),
		capture_kernel=TOP / kernel if kernel else None)
