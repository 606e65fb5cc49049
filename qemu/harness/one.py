# SPDX-License-Identifier: GPL-2.0-or-later
"""One case, in a process of its own: its end is its exit status, and "why" in its folder."""
import os
import shutil
import sys
import traceback
from pathlib import Path
from typing import Callable, List

from harness import case, host, images, net
from harness.guest import Guest, Plan
from harness.names import Name
from harness.settings import settings
from harness.verdict import Lost, Verdict

INSIDE = "CRASHBOX_NET"		# set in a network of its own


def new_guest(name: str, variant: str, folder: Path, of: case.Case) -> Guest:
	target = of.target or case.Disk()
	return Guest(Plan(name, variant, folder, settings(os.environ)), of.machine, of.images,
		     target)


def enter_network(again: List[str]) -> None:
	"""Runs the same program once more, there; that is the end of this one."""
	if os.environ.get(INSIDE):
		return
	net.needs()
	sys.stdout.flush()
	os.environ[INSIDE] = "1"
	os.execvp(net.OWN_NAMESPACES[0], [*net.OWN_NAMESPACES, *again])


def ends(name: str, folder: Path, story: Callable[[], None]) -> int:
	"""The exit status of a story, and its reason; what is no verdict is the harness's."""
	try:
		story()
		return 0
	except Verdict as end:
		why, status = str(end), end.status
	except Exception as broken:
		traceback.print_exc()
		why, status = f"{type(broken).__name__}: {broken}", Lost.status
	words = {1: "", 2: "lost: ", 77: "skipped: "}
	print(f"{name}: {words[status]}{why}", file=sys.stderr, flush=True)
	(folder / "why").write_text(("lost: " if status == 2 else "") + why + "\n")
	return status


def run(name: Name, file: Path, folder: Path, again: List[str]) -> int:
	"""The case of a file; its kernel is in the environment."""
	host.end_with_parent()
	inside = bool(os.environ.get(INSIDE))
	if not inside:
		shutil.rmtree(folder, ignore_errors=True)
		folder.mkdir(parents=True)

	def story() -> None:
		loaded = case.load(file)
		if loaded.case.networked(name.variant):
			# There, nothing can be downloaded any more.
			if not inside:
				images.shared_image(settings(os.environ))
			enter_network(again)
		case.play(loaded.case, new_guest(str(name), name.variant, folder, loaded.case))
	return ends(str(name), folder, story)
