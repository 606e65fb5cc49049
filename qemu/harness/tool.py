# SPDX-License-Identifier: GPL-2.0-or-later
"""Programs beside qemu/run that need a machine of their own: one story, and its end."""
import os
import shutil
import sys
from pathlib import Path
from typing import Callable

from harness import host
from harness.guest import Guest, Plan
from harness.machine import Disk, Images, Machine
from harness.one import ends
from harness.settings import settings

FOLDER = host.TOP / "build/e2e"


def folder_of(name: str, fresh: bool = True) -> Path:
	folder = FOLDER / name
	if fresh:
		shutil.rmtree(folder, ignore_errors=True)
	folder.mkdir(parents=True, exist_ok=True)
	return folder


def guest_of(name: str, variant: str, machine: Machine, images: Images = Images()) -> Guest:
	return Guest(Plan(name, variant, FOLDER / name, settings(os.environ)), machine, images,
		     Disk())


def run(name: str, story: Callable[[], None]) -> None:
	"""Does not return."""
	host.end_with_parent()
	sys.exit(ends(name, FOLDER / name, story))
