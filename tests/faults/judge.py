# SPDX-License-Identifier: GPL-2.0-or-later
"""What must hold after every crash, whatever has failed in it."""
import json
import re
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional

from plan import INIT, Scenario
from room import AGENT, DEADLINE_S, OLD, Layout, Outcome, Room

# Of the ladder's two steps at the end, ten seconds each, and a moment.
LADDER_S = 22


@dataclass
class Target:
	"""What is on one of them."""
	log: Optional[bytes]
	has_dump: bool
	check: str			# "" if there is no vmcore, or it is whole
	manifest: Optional[Dict[str, Any]]
	broken: List[str]		# files that are not what they must be
	old: bool			# a whole dump of another day
	names: List[str]

	@property
	def valid(self) -> bool:
		return bool(self.manifest and self.manifest.get("valid", {}).get("value") is True and
			    self.manifest.get("complete", {}).get("value") is True)


def read(path: Path) -> Optional[bytes]:
	return path.read_bytes() if path.exists() else None


def why_not_whole(dump: Path) -> str:
	"""What check says of it; "": it is whole."""
	done = subprocess.run([str(AGENT), "check", str(dump)], check=False,
			      stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
	said = done.stdout.decode("utf-8", "replace").strip().splitlines()
	return said[-1] if done.returncode else ""


def unsealed(folder: Path, key: Path, to: Path) -> Path:
	"""What is in a folder as who has the key sees it, by Debian's age."""
	for file in folder.iterdir():
		plain = to / file.name.removesuffix(".age")
		if file.suffix != ".age":
			if not (folder / f"{file.name}.age").exists():
				shutil.copy(file, plain)
			continue
		done = subprocess.run(["age", "-d", "-i", str(key), "-o", str(plain), str(file)],
				      check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
		# A part opens as far as it goes; the manifest, which it may lack, has its own row.
		if done.returncode and "-incomplete" not in file.name:
			plain.write_bytes(b"age does not open it: " + done.stdout)
	return to


def look_at(root: Path, key: Optional[Path] = None) -> Target:
	"""The newest crash below a target's folder, or below the one that it is in."""
	folders = sorted([*root.glob("crash/*-????-??-??-*"), *root.glob("*-????-??-??-*")])
	old = [f for f in folders if f.name == Path(OLD).name]
	folder = folders[-1] if len(folders) > len(old) else None
	t = Target(None, False, "", None, [], False, [])
	t.old = bool(old) and not why_not_whole(old[0] / "vmcore")
	if not folder:
		return t
	t.names = sorted(f.name for f in folder.iterdir())
	if not key:
		_look_into(folder, t)
		return t
	with tempfile.TemporaryDirectory() as to:
		_look_into(unsealed(folder, key, Path(to)), t)
	return t


def _look_into(folder: Path, t: Target) -> None:
	t.log = read(folder / "vmcore-dmesg.txt")
	text = read(folder / "manifest.json")
	if text is not None:
		try:
			t.manifest = json.loads(text)
		except ValueError as why:
			t.broken.append(f"manifest.json: {why}")
	if (folder / "vmcore").exists():
		t.has_dump = True
		t.check = why_not_whole(folder / "vmcore")


@contextmanager
def opened(room: Room, image: Path) -> Iterator[Path]:
	yield from room.look(image)


def targets_of(room: Room, outcome: Outcome, layout: Layout) -> List[Target]:
	found = []
	for image in outcome.images:
		with opened(room, image) as root:
			found.append(look_at(root, room.key if layout.sealed else None))
	return found


def _promised(outcome: Outcome, targets: List[Target], log: bytes) -> Iterator[str]:
	"""What the console has reported is there."""
	current = 0
	for line in outcome.console.splitlines():
		begun = re.match(r"crashbox: target (\d+): \w+:", line)
		current = int(begun[1]) if begun else current
		if "dmesg saved: " in line and targets[current - 1].log != log:
			yield f"the console says the log is saved on target {current}"
	for nr in re.findall(r"target (\d+) has the dmesg", outcome.console):
		if targets[int(nr) - 1].log != log:
			yield f"the last words say that target {nr} has the log"
	for nr in re.findall(r"target (\d+) has (?:the dmesg and )?the dump:", outcome.console):
		if not targets[int(nr) - 1].has_dump:
			yield f"the last words say that target {nr} has the dump"


def _whole(targets: List[Target], log: bytes) -> Iterator[str]:
	"""Nothing is whole that is not."""
	for i, t in enumerate(targets, 1):
		if t.check:
			yield f"target {i}: vmcore: {t.check}"
		if t.log is not None and t.log != log:
			yield f"target {i}: vmcore-dmesg.txt of {len(t.log)} bytes, not {len(log)}"
		if t.manifest and t.valid and not t.has_dump:
			yield f"target {i}: valid, and no vmcore"
		yield from (f"target {i}: {what}" for what in t.broken)


def _saved(outcome: Outcome, targets: List[Target], log: bytes) -> Iterator[str]:
	"""One fault costs nothing: there is time for another attempt."""
	for i, t in enumerate(targets, 1):
		if t.log != log:
			yield f"target {i}: no log ({' '.join(t.names)})"
		if t.log and not t.manifest:
			yield f"target {i}: no manifest"
	if not any(t.has_dump for t in targets):
		yield "no dump"
	for i, t in enumerate(targets, 1):
		facts = (t.manifest or {}).get("valid", {})
		if t.has_dump and t.manifest and not facts.get("value") and not facts.get("reasons"):
			yield f"target {i}: the dump is not valid, and its manifest does not say why"


def _told(outcome: Outcome, targets: List[Target]) -> Iterator[str]:
	"""Console and manifest name the step in which a process ended."""
	ends = re.findall(r"warning: (the capture process died .*|nothing moved .*) in stage (\w+)",
			  outcome.console)
	later = re.split("warning: (?:the capture process died|nothing moved) ",
			 outcome.console)[-1]
	# Who died behind all that was to be done is followed by nobody who writes a manifest.
	if not ends or not re.search("dmesg saved: |crashbox: saved ", later):
		return
	manifests = [t.manifest for t in targets if t.manifest]
	errors = " ".join(str(line) for m in manifests for line in m.get("errors", []))
	named = "after an attempt that failed" in errors and f"in stage {ends[-1][1]}" in errors
	if manifests and not named and ends[-1][1] != "finish":
		yield f"no manifest names stage {ends[-1][1]}: {errors}"


def after_cut(outcome: Outcome, targets: List[Target], log: bytes) -> List[str]:
	"""Whatever moment it was: nothing false, and nothing promised that is not there."""
	return [*_whole(targets, log), *_promised(outcome, targets, log)]


def keeps(layout: Layout, targets: List[Target]) -> List[str]:
	"""An old dump goes for a whole one, and for nothing less."""
	t = targets[0]
	if not layout.old or t.old or (t.has_dump and not t.check):
		return []
	return ["neither the old dump nor a new one is whole"]


# What memory and its log hold, and a dump says of itself.
PLAIN = [b"sysrq triggered crash", b"line 17", b"VMCOREINFO", b"OSRELEASE=", b"KDUMP   "]


def places_of(outcome: Outcome) -> List[Path]:
	"""All bytes of all targets, those of files that were removed, too."""
	places = [p for p in outcome.images if p.is_file()]
	return places + [p for d in outcome.images if d.is_dir() for p in d.rglob("*")
			 if p.is_file()]


def shows(outcome: Outcome) -> List[str]:
	"""Where something is encrypted, nothing of it is anywhere in the clear."""
	return [f"{text.decode()!r} is in {place.name}" for place in places_of(outcome)
		for text in PLAIN if text in place.read_bytes()]


def leaks(secret: bytes, outcome: Outcome) -> List[str]:
	"""Whatever was to be kept: the client's key is nowhere that outlives the capture."""
	places = places_of(outcome)
	found = [p.name for p in places if secret in p.read_bytes()]
	if secret.decode() in outcome.console:
		found.append("the console")
	return [f"the private key is in {name}" for name in found]


def is_cost(lines: List[str], console: str) -> bool:
	"""Less is saved than could be, and nothing else is wrong."""
	less = [r"target \d+: no (log|manifest)", "no dump$", "no manifest names stage",
		r"target \d+: the dump is not valid, and its manifest does not say why"]
	if "memory is searched for the log" in console:
		less += [r"target \d+: vmcore-dmesg.txt of ", ".* has the log$",
			 "the console says the log is saved"]
	return all(any(re.match(pattern, line) for pattern in less) for line in lines)


def judge(scenario: Optional[Scenario], outcome: Outcome, targets: List[Target],
	  log: bytes) -> List[str]:
	"""What is wrong, a line each."""
	how = scenario.how if scenario else ""
	is_init = bool(scenario) and scenario.call.who == INIT
	wrong = after_cut(outcome, targets, log)
	if how == "cut" and outcome.hit:
		return wrong
	# Its death is a panic, and the kernel's own reboot.
	if is_init and how == "kill" and outcome.hit:
		return wrong if outcome.end == "killed 9" else [*wrong, f"ended by {outcome.end}"]
	if outcome.end != "reboot":
		wrong.append(f"it did not reboot: {outcome.end} after {outcome.seconds:.1f} s")
	if outcome.seconds > DEADLINE_S + LADDER_S:
		wrong.append(f"the reboot came after {outcome.seconds:.1f} s")
	wrong += _saved(outcome, targets, log)
	wrong += _told(outcome, targets)
	return wrong
