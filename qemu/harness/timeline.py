# SPDX-License-Identifier: GPL-2.0-or-later
"""When a machine that crashed came to what: the lines on its console by this host's clock."""
import time
from pathlib import Path
from typing import Dict, List, Tuple

Lines = List[Tuple[float, str]]

PANIC = "Kernel panic - not syncing: sysrq"
START = "crashbox: version"
END = "crashbox: rebooting,"

# What is over when the capture kernel or the agent says so. What the kernel says before it has
# a console comes with the first line.
STEPS = (
	("the next kernel's first line", "Linux version"),
	("its memory and CPUs", "Memory: "),
	("ACPI and PCI", "PCI: Using ACPI for IRQ routing"),
	("initrd unpacked", "Freeing initrd memory"),
	("drivers, to init", "Run /init as init process"),
	("agent's first line", START),
	("the core opened, target found", "crashbox: mounting "),
	("mounted", "mounted filesystem"),
	("log durable", "crashbox: dmesg saved"),
	("report", "crashbox: why the crashed kernel died"),
	("scan", " pages are kept at level"),
	("copy", "crashbox: copied "),
	("durable, read back, manifest", "crashbox: saved "),
	("unmounted, reboot asked for", END),
)


def watch(path: Path, lines: Lines) -> None:
	"""When each line came; reading a file costs the guest nothing."""
	path.touch()
	with open(path, errors="replace") as log:
		rest = ""
		while True:
			rest += log.readline()
			if rest.endswith("\n"):
				lines.append((time.monotonic(), rest))
				rest = ""
			else:
				time.sleep(0.01)


def since_panic(lines: Lines) -> Dict[str, float]:
	"""Of each step whose line came, in their order, the seconds from the panic to its end."""
	found: Dict[str, float] = {}
	panic, at = None, 0
	for when, line in lines:
		if panic is None:
			panic = when if PANIC in line else None
			continue
		for i in range(at, len(STEPS)):
			if STEPS[i][1] in line:
				found[STEPS[i][0]] = when - panic
				at = i + 1
				break
	return found
