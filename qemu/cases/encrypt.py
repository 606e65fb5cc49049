# SPDX-License-Identifier: GPL-2.0-or-later
"""A real panic whose capture is encrypted: the small kernel has random bytes in time, nothing of
the log is in the clear on the disk, and age opens a whole dump, a log and a report."""
import hashlib
import json
import subprocess
from pathlib import Path
from typing import List

from harness import host
from harness.case import DISK, Case
from harness.guest import Guest
from harness.machine import Disk
from harness.verdict import Failed

IN_LOG = b"sysrq triggered crash"


def output(*words: object) -> str:
	done = subprocess.run([str(word) for word in words], check=False,
			      stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
	if done.returncode:
		raise Failed(f"{words[0]}: {done.stdout.decode('utf-8', 'replace')}")
	return done.stdout.decode()


def make_key(guest: Guest) -> None:
	output("age-keygen", "-o", guest.path("key"))
	guest.words["recipient"] = output("age-keygen", "-y", guest.path("key")).strip()


def decrypt(guest: Guest) -> None:
	"""As who has the key does it; the dump comes out flattened."""
	shown: List[str] = []
	for file in [p for p in guest.path("out/crash").rglob("*") if p.is_file()]:
		if IN_LOG in file.read_bytes():
			shown.append(file.name)
		if file.suffix == ".age":
			output("age", "-d", "-i", guest.path("key"), "-o", file.with_suffix(""), file)
			file.with_suffix("").chmod(file.stat().st_mode & 0o777)
	if shown:
		raise Failed(f"in the clear: {' '.join(shown)}")
	for flat in list(guest.path("out/crash").rglob("vmcore")):
		flat.rename(flat.with_name("flat"))
		output(host.READER, "rebuild", flat.with_name("flat"), flat)
		flat.chmod(flat.with_name("flat").stat().st_mode & 0o777)
		sum_is_of_sealed(flat)


def sum_is_of_sealed(dump: Path) -> None:
	"""What the manifest has is the sum of what lies there; whoever judges has the plain one."""
	path = dump.with_name("manifest.json")
	manifest = json.loads(path.read_bytes())
	if manifest["sha256"] != hashlib.sha256(Path(f"{dump}.age").read_bytes()).hexdigest():
		raise Failed("sha256 is not that of vmcore.age")
	manifest["sha256"] = hashlib.sha256(dump.read_bytes()).hexdigest()
	path.write_text(json.dumps(manifest, indent=1))


CASE = Case(
	kernels="6.1", amd64_only="nobody opens it with age elsewhere", prepare=make_key,
	target=Disk(), config=DISK + "encrypt {recipient}\n", tidy=decrypt,
	facts={"verified": "true"}, console=("target 1 has the dmesg and the dump",))
