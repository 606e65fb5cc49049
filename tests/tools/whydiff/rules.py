# SPDX-License-Identifier: GPL-2.0-or-later
"""Every difference from makedumpfile that is allowed, with the reason why we are right.

A rule names a direction, what the frame is (by this tool's own reading, never by what the
agent says) and what is known of the makedumpfile that was asked. A difference that no
rule takes is a mistake of one side, and fails. The table is the documentation.
"""
from collections import namedtuple

from pages import (CACHE, CACHE_PRIVATE, FREE, HUGETLB, NAMES, NOT_FREE, ODD_TAIL,
		   OFFLINE, PCP, POISON, SLAB, TYPED, UNACCEPTED, USER, droppable)

Rule = namedtuple("Rule", "name drops cls when why")
Frame = namedtuple("Frame", "pfn cls tail type")


class Peer:
	"""Which makedumpfile: version as a tuple, and the level it was given."""

	def __init__(self, version, level, core, pages, wanted):
		digits = version.split("-")[0].split("+")[0].split(".")
		self.version = tuple(int(d) for d in digits)
		self.level = level
		self.core, self.pages, self.wanted = core, pages, wanted
		self.partial = core.partial_pages()

	def has_key(self, key):
		return key in self.core.info

	def in_preinit(self, pfn):
		bits = self.core.number("NUMBER(SECTION_SIZE_BITS)", 27) - self.core.shift
		return pfn >> bits in self.pages.preinit


def looks_at_pages(p):
	return p.level & 30 != 0


RULES = [
	# ---- we leave out, they keep
	Rule("pcp-free", "we", {PCP}, lambda f, p: True,
	     "Free, and on a CPU's own list: nobody holds it, and an allocation would hand it "
	     "out next. mm/page_alloc.c puts pages there without a type, so makedumpfile, "
	     "which knows free pages by the buddy type, takes them for memory in use."),
	Rule("hwpoison", "we", {POISON}, lambda f, p: f.tail or not looks_at_pages(p),
	     "The memory is broken, reading it can take the capture kernel down. "
	     "makedumpfile skips tail pages before it asks for PG_hwpoison, and asks for "
	     "nothing at levels 0 and 1."),
	Rule("offline", "we", {OFFLINE},
	     lambda f, p: not looks_at_pages(p) or unknown_types(p) or
	     not p.has_key("NUMBER(PAGE_OFFLINE_MAPCOUNT_VALUE)"),
	     "Ballooned or unplugged: the hypervisor has taken what was there. makedumpfile "
	     "does not look at levels 0 and 1, without the key, or as in the next rule."),
	Rule("free-not-recognised", "we", {FREE}, lambda f, p: unknown_types(p),
	     "A buddy block. makedumpfile 1.7.6 compares the page type of 6.12 wrongly and "
	     "keeps all free memory (mended in 1.7.7)."),
	Rule("unaccepted", "we", {UNACCEPTED},
	     lambda f, p: p.version < (1, 7, 8) or unknown_types(p) or
	     not p.has_key("NUMBER(PAGE_UNACCEPTED_MAPCOUNT_VALUE)"),
	     "Memory that the guest has never accepted has nothing in it. The type is there "
	     "from 6.12 on, its key from 6.16 on."),
	Rule("hugetlb-preinit", "we", {HUGETLB}, lambda f, p: p.in_preinit(f.pfn),
	     "The section has SECTION_IS_VMEMMAP_PREINIT (6.15) in its address; makedumpfile "
	     "clears five bits, looks at struct pages 32 bytes off, and keeps a gigantic page "
	     "of user memory."),
	Rule("hugetlb-by-type", "we", {HUGETLB},
	     lambda f, p: p.has_key("NUMBER(PAGE_HUGETLB_MAPCOUNT_VALUE)") and
	     p.version < (1, 7, 6),
	     "hugetlb became a page type in 6.9; makedumpfile asks for it since 1.7.6."),
	Rule("folio-order", "we", {USER, CACHE, CACHE_PRIVATE, HUGETLB},
	     lambda f, p: f.tail and p.version < (1, 7, 4) and
	     not p.has_key("OFFSET(page.compound_order)"),
	     "The order of a folio moved into its second page's flags in 6.6; before 1.7.4 "
	     "makedumpfile leaves out the head and keeps the tails."),
	# ---- we keep, they leave out
	Rule("partial-page", "they", None, lambda f, p: f.pfn in p.partial,
	     "The last page of a range that ends inside of a page. It can be read, and it may "
	     "be all that is left of what stood there; makedumpfile loses it."),
	Rule("slab", "they", {SLAB},
	     lambda f, p: p.has_key("NUMBER(PAGE_SLAB_MAPCOUNT_VALUE)") and
	     p.version < (1, 7, 6),
	     "Slab became a page type in 6.10; makedumpfile before 1.7.6 sees no flag, takes a "
	     "field that overlays page->mapping for that of user memory, and drops it."),
	Rule("typed", "they", {TYPED}, lambda f, p: not f.tail,
	     "A page with a type (page table, zsmalloc, guard, large kmalloc) is what the type "
	     "says, and its other fields are the type's own: nothing in them means user memory "
	     "(include/linux/page-flags.h)."),
	Rule("kernel-tail", "they", None,
	     lambda f, p: f.tail and p.has_key("OFFSET(page.compound_info)") and
	     p.version <= (1, 7, 9) and not droppable(f.cls, p.level),
	     "A tail of memory that must stay at this level. 7.1 renamed compound_head to compound_info; "
	     "makedumpfile until 1.7.9 does not see that it is a tail, and judges it by "
	     "fields that belong to the head's owner."),
	Rule("odd-tail", "they", {ODD_TAIL}, lambda f, p: True,
	     "It calls itself a tail, but its head does not reach it: half of a story is no "
	     "proof that nobody needs it."),
	Rule("free-block-held", "they", {NOT_FREE}, lambda f, p: True,
	     "Inside of a block that calls itself free lies a page that somebody holds, or "
	     "that has a type: the list of free memory was damaged, which is evidence."),
	Rule("keep-user", "they", {USER, HUGETLB, CACHE, CACHE_PRIVATE},
	     lambda f, p: f.pfn in p.wanted,
	     "Mapped by a task that the configuration names (keep_user)."),
]


def unknown_types(p):
	return p.version == (1, 7, 6) and p.pages.top_byte


def rule_for(direction, frame, peer):
	"""Name of the rule that explains a difference, None if none does."""
	for rule in RULES:
		if rule.drops == direction and (rule.cls is None or frame.cls in rule.cls) and \
				rule.when(frame, peer):
			return rule.name
	return None


def table():
	lines = ["| Rule | Left out by | Frame is | Why we are right |", "|---|---|---|---|"]
	for r in RULES:
		cls = "any" if r.cls is None else ", ".join(NAMES[c] for c in sorted(r.cls))
		who = "us" if r.drops == "we" else "makedumpfile"
		lines.append(f"| {r.name} | {who} | {cls} | {r.why} |")
	return "\n".join(lines)
