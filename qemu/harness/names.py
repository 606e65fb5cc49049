# SPDX-License-Identifier: GPL-2.0-or-later
"""What cases are called, CASE[.VARIANT][@SERIES[-ARCH]], and which of them are run."""
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Mapping, Protocol, Sequence


class Facts(Protocol):
	"""What has to be known of a case before it runs."""
	@property
	def variants(self) -> str: ...

	@property
	def kernels(self) -> str: ...

	@property
	def seconds(self) -> int: ...

	@property
	def rare(self) -> bool: ...


class Unknown(Exception):
	"""No case is called so."""


@dataclass(frozen=True)
class Name:
	case: str
	variant: str = ""
	kernel: str = ""

	def __str__(self) -> str:
		variant = f".{self.variant}" if self.variant else ""
		return self.case + variant + (f"@{self.kernel}" if self.kernel else "")

	def environment(self, cpus: Sequence[str]) -> Dict[str, str]:
		"""The kernel of a name, as the environment has it."""
		series, env = self.kernel, {}
		for cpu in cpus:
			if series.endswith(f"-{cpu}"):
				series, env["ARCH"] = series[:-len(cpu) - 1], cpu
		return {**env, "SERIES": series} if series else env


def parse(text: str) -> Name:
	head, _, kernel = text.partition("@")
	case, _, variant = head.partition(".")
	return Name(case, variant, kernel)


def usual_of(words: str, all_of_them: bool) -> List[str]:
	"""Those before the bar, and with all of them those behind it."""
	usual, _, rare = words.partition("|")
	return usual.split() + (rare.split() if all_of_them else [])


def variants_of(name: Name, variants: str, all_of_them: bool) -> List[Name]:
	"""Those behind the bar are run only when all are asked for."""
	if name.variant or not variants.strip():
		return [name]
	return [Name(name.case, variant, name.kernel)
		for variant in usual_of(variants, all_of_them)]


def kernels_of(name: Name, kernels: str, env: Mapping[str, str],
	       all_of_them: bool) -> List[Name]:
	"""The user's kernel takes the place of those that the case names."""
	if name.kernel or env.get("SERIES") or env.get("ARCH") or not kernels.strip():
		return [name]
	return [Name(name.case, name.variant, kernel)
		for kernel in usual_of(kernels, all_of_them)]


def usual_cases(facts: Mapping[str, Facts], all_of_them: bool) -> List[str]:
	return [name for name in sorted(facts) if all_of_them or not facts[name].rare]


def selected(asked: Sequence[str], facts: Mapping[str, Facts], env: Mapping[str, str],
	     all_of_them: bool) -> List[Name]:
	"""Of the names asked for, or of all cases, each that is to run."""
	chosen: List[Name] = []
	for text in asked or usual_cases(facts, all_of_them):
		name = parse(text)
		if name.case not in facts:
			raise Unknown(text)
		case = facts[name.case]
		for variant in variants_of(name, case.variants, all_of_them):
			chosen += kernels_of(variant, case.kernels, env, all_of_them)
	return chosen


def longest_first(chosen: Sequence[Name], facts: Mapping[str, Facts]) -> List[Name]:
	"""At the end nobody waits for one alone."""
	return sorted(chosen, key=lambda name: -facts[name.case].seconds)


def files(folder: Path) -> Dict[str, Path]:
	return {path.stem: path for path in sorted(folder.glob("*.py"))}


