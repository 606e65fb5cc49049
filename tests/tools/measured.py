# SPDX-License-Identifier: GPL-2.0-or-later
"""Tables of tests/MEASURED.md that programs write, each between two marks of its name."""
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "MEASURED.md"


def put(name: str, text: str) -> None:
	"""TEXT stands between <!-- NAME --> and <!-- /NAME --> from now on."""
	marks = f"<!-- {name} -->\n", f"<!-- /{name} -->\n"
	page = PAGE.read_text(encoding="utf-8")
	start, end = page.find(marks[0]), page.find(marks[1])
	if not 0 <= start < end:
		raise SystemExit(f"{PAGE.name} has no place between the marks of {name}")
	PAGE.write_text(page[:start] + marks[0] + "\n" + text + "\n" + page[end:],
			encoding="utf-8")
