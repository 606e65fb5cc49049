#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""whydiff: why two dumps of one crash hold different pages, and whether ours may.

	python3 tests/tools/whydiff CORE OURS [--level N] [--theirs VERSION DUMP]...
		[--json FILE] [--keep-user CHOICE]...
			VERSION of the makedumpfile that made DUMP; CHOICE as OURS was told
	python3 tests/tools/whydiff CORE OURS --self-test
			moves frames about itself, and must notice each
	python3 tests/tools/whydiff --rules	the table of rules

Reads the vmcore CORE by itself, gives every frame a class, and holds the set that OURS
keeps against it: nothing vital left out, ever; nothing kept that the level leaves out; and
each difference from makedumpfile falls under a rule (rules.py). Exit 0 all well, 1 not, 2
misused.
"""
import argparse
import json
import struct
import sys
import time
from collections import Counter

sys.dont_write_bytecode = True	# what is built goes under build/, not here

import rules
from core import Core
from pages import FREE, KERNEL, NAMES, Pages, droppable
from pcp import Pcp
from symbols import Btf, Symbols
from tasks import Tasks
from vital import VITAL, Vital, ownerless, wrongly_dropped

SHOWN = 12


class Dump:
	"""The two bitmaps of a kdump-compressed file, a byte for each frame."""

	def __init__(self, path, n_pfns):
		with open(path, "rb") as file:
			head = file.read(4096)
			if head[:8] != b"KDUMP   ":
				raise SystemExit(f"whydiff: {path}: not a kdump-compressed file")
			block, sub_blocks, blocks = struct.unpack_from("<III", head, 428)
			file.seek(block + 96)
			self.end, = struct.unpack("<Q", file.read(8))
			file.seek(block * (1 + sub_blocks))
			half = blocks // 2 * block
			self.ram, self.kept = (spread(file.read(half), n_pfns) for _ in "12")


def spread(bitmap, n):
	table = [bytes(b >> i & 1 for i in range(8)) for b in range(256)]
	out = bytearray(b"".join([table[b] for b in bitmap]))
	return (out + bytes(max(0, n - len(out))))[:n]


class Judge:
	"""The crash as this tool sees it, and the questions it answers about dumps."""

	def __init__(self, core_path, choices=()):
		self.core = Core(core_path)
		self.symbols = Symbols(self.core)
		btf = Btf(self.core, self.symbols)
		flags = btf.enum("pageflags")
		# Without BTF: reserved has stood right before private, or arch_1, since 2.6.
		reserved = flags.get("PG_reserved", self.core.number("NUMBER(PG_private)") - 1)
		self.pages = Pages(self.core, reserved)
		self.pcp = Pcp(self.core, self.pages, self.symbols, btf)
		self.n_pcp = self.pcp.find()
		self.vital = Vital(self.core, self.symbols)
		self.wanted = set()	# frames of the tasks that keep_user names
		if choices:
			self.wanted = Tasks(self.core, self.symbols, btf).frames(choices)

	def frames(self):
		return (p for p in range(self.core.n_pfns) if self.core.present[p])

	def absolute(self, kept, level):
		"""Counter of complaints, and examples: what we must not leave out."""
		bad, where = Counter(), {}
		for pfn in self.frames():
			if kept[pfn]:
				continue
			why = wrongly_dropped(self.pages, self.vital, pfn, level, self.wanted)
			if why:
				bad[why] += 1
				where.setdefault(why, []).append(pfn)
		return bad, where

	def differences(self, ours, theirs, peer):
		"""({(who leaves out, rule): n}, {reason: [pfn]} of those without a rule)"""
		told, untold = Counter(), {}
		for pfn in self.frames():
			if ours[pfn] == theirs[pfn]:
				continue
			who = "they" if ours[pfn] else "we"
			cls = self.pages.cls[pfn]
			frame = rules.Frame(pfn, cls, bool(self.pages.tail[pfn]),
					    self.pages.type_of_pfn.get(pfn))
			name = rules.rule_for(who, frame, peer)
			if name:
				told[who, name] += 1
			else:
				text = f"{who} leave out {NAMES[cls]}{' tail' * frame.tail}"
				untold.setdefault(text, []).append(pfn)
		return told, untold

	def report(self):
		core = self.core
		n = Counter(NAMES[self.pages.cls[p]] for p in self.frames())
		print("frames: " + ", ".join(f"{k} {v}" for k, v in n.most_common()))
		if self.wanted:
			print(f"keep_user: {len(self.wanted)} frames")
		print("vital: " + ", ".join(f"{VITAL[b]} {n}" for b, n in self.vital.n.items()))
		print(f"per-CPU lists: {self.n_pcp} frames, proven by {self.pcp.how}, "
		      f"{self.pcp.n_lists} lists, {self.pcp.n_broken} broken, "
		      f"{len(self.pcp.doubted)} frames in doubt; "
		      f"{len(self.symbols.at)} symbols, PG_reserved {self.pages.reserved_bit:#x}, "
		      f"memory map of {len(self.pages.section_list)} sections, "
		      f"{core.info.get('OSRELEASE')}")


def show(title, found):
	for why, pfns in sorted(found.items()):
		print(f"FAIL {title}: {why}: {len(pfns)} frames: "
		      f"{' '.join(hex(p) for p in pfns[:SHOWN])}")


def self_test(judge, ours, level):
	"""Moves one frame of each kind, one at a time: nothing may go unnoticed."""
	pages, vital = judge.pages, judge.vital
	kinds = {}
	for pfn in judge.frames():
		if not ours.kept[pfn]:
			continue
		cls = pages.cls[pfn]
		kinds.setdefault(pages.type_of_pfn.get(pfn, NAMES[cls]), pfn)
		for bit, text in VITAL.items():
			if vital.why[pfn] & bit:
				kinds.setdefault(text, pfn)
	failed = 0
	for kind, pfn in sorted(kinds.items()):
		kept = bytearray(ours.kept)
		kept[pfn] = 0
		bad, _ = judge.absolute(kept, level)
		wrong = not droppable(pages.cls[pfn], level)
		if (sum(bad.values()) == 1) != wrong:
			print(f"FAIL self-test: {kind} {pfn:#x} left out: {dict(bad)}")
			failed += 1
	# As makedumpfile's: one vital frame less, one free frame more than in ours.
	peer = rules.Peer("99.0", level, judge.core, pages, set())
	for wanted in (0, 1):
		theirs = bytearray(ours.kept)
		cls = FREE if wanted else KERNEL
		pfn = next(p for p in judge.frames() if ours.kept[p] != wanted and
			   pages.cls[p] == cls and p not in peer.partial)
		theirs[pfn] = wanted
		told, untold = judge.differences(ours.kept, theirs, peer)
		if told or sum(map(len, untold.values())) != 1:
			print(f"FAIL self-test: difference at {pfn:#x}: {told} {untold}")
			failed += 1
	need = {"slab", "kernel", "kernel image", "page table", "mapped by the kernel"}
	if need - set(kinds):
		print(f"FAIL self-test: the core has none of: {need - set(kinds)}")
		failed += 1
	print(f"self-test: {len(kinds) + 2} frames moved, {failed} unnoticed")
	return failed


def arguments():
	parser = argparse.ArgumentParser(prog="whydiff", description=__doc__,
					 formatter_class=argparse.RawTextHelpFormatter)
	parser.add_argument("core")
	parser.add_argument("ours")
	parser.add_argument("--theirs", nargs=2, action="append", default=[])
	parser.add_argument("--level", type=int, default=31)
	parser.add_argument("--json")
	parser.add_argument("--keep-user", action="append", default=[])
	parser.add_argument("--self-test", action="store_true")
	return parser.parse_args()


def main():
	if sys.argv[1:] == ["--rules"]:
		print(rules.table())
		return 0
	began, args = time.monotonic(), arguments()
	judge = Judge(args.core, args.keep_user)
	ours = Dump(args.ours, judge.core.n_pfns)
	judge.report()
	if args.self_test:
		return 1 if self_test(judge, ours, args.level) else 0
	bad, where = judge.absolute(ours.kept, args.level)
	show("left out by us", where)
	orphans = [p for p in ownerless(judge.pages, judge.vital) if not ours.kept[p]]
	if orphans:
		show("left out by us", {"its owner is no object of the kernel": orphans})
	if ours.ram != judge.core.present or ours.end != judge.core.n_pfns:
		show("first bitmap", {"not the memory of the core": [
			p for p, (a, b) in enumerate(zip(ours.ram, judge.core.present)) if a != b]})
		bad["first bitmap"] += 1
	spare = {}
	for pfn in judge.frames():
		if ours.kept[pfn] and pfn not in judge.wanted and \
				pfn not in judge.pcp.doubted and droppable(judge.pages.cls[pfn], args.level):
			spare.setdefault(NAMES[judge.pages.cls[pfn]], []).append(pfn)
	show("kept by us without need", spare)
	result = {"kept": sum(ours.kept), "frames": sum(judge.core.present),
		  "spare": {k: len(v) for k, v in spare.items()}, "theirs": [],
		  "wrong": sum(bad.values()) + len(orphans) + sum(map(len, spare.values()))}
	for version, path in args.theirs:
		theirs = Dump(path, judge.core.n_pfns)
		peer = rules.Peer(version, args.level, judge.core, judge.pages, judge.wanted)
		told, untold = judge.differences(ours.kept, theirs.kept, peer)
		for (who, name), n in sorted(told.items()):
			print(f"{version}: {who} leave out: {name}: {n}")
		show(f"no rule for {version}", untold)
		wrong = sum(map(len, untold.values()))
		result["theirs"].append({
			"version": version, "kept": sum(theirs.kept), "wrong": wrong,
			"rules": {f"{who} {name}": n for (who, name), n in sorted(told.items())}})
		result["wrong"] += wrong
	kept = "".join(f", {t['kept']} by {t['version']}" for t in result["theirs"])
	print(f"kept: {result['kept']} by us{kept}; {result['wrong']} wrong; "
	      f"{time.monotonic() - began:.1f} s")
	if args.json:
		with open(args.json, "w", encoding="ascii") as file:
			json.dump(result, file, indent=1)
	return 1 if result["wrong"] else 0


if __name__ == "__main__":
	sys.exit(main())
