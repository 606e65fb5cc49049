# SPDX-License-Identifier: GPL-2.0-or-later
"""Free pages that wait on a CPU's own lists (struct per_cpu_pages).

They have no type: nothing in their struct page but an absence tells them from memory in
use. Two proofs are taken, each whole: by the kernel's own lists, found with kallsyms and
BTF, where the place of a list tells the order; or, without BTF, by a ring of untouched
pages that closes over one list head outside of the memory map (order 0 of each only).
A list that does not hold together proves nothing for any of its pages.
"""
import struct

from pages import KERNEL, PCP

MAX_LENGTH = 1 << 20
PCP_TYPES = 3		# MIGRATE_PCPTYPES: unmovable, movable, reclaimable
COSTLY_ORDER = 3	# PAGE_ALLOC_COSTLY_ORDER: lists hold orders up to this, and THP's


class Pcp:
	def __init__(self, core, pages, symbols, btf):
		self.core, self.pages, self.symbols, self.btf = core, pages, symbols, btf
		self.lru_at = core.offset("page.lru")
		self.bases = {base for _, _, base, _, _ in pages.known_sections()}
		self.how, self.n_lists, self.n_broken = "none", 0, 0
		self.doubted = set()	# free, but the kernel's own count was another

	def find(self):
		"""Marks frames PCP in pages.cls; returns how many."""
		found = self.by_lists()
		if found is None:
			found, self.how = self.by_rings(), "rings"
		else:
			self.how = "lists"
		n = 0
		for head, order in found:
			for pfn in range(head, head + (1 << order)):
				if self.pages.cls[pfn] == KERNEL:
					self.pages.cls[pfn] = PCP
					n += 1
		return n

	# ---- struct pages by their address ----------------------------------------

	def pfn_at(self, address):
		"""Frame whose page.lru is at this address, None if that is no such place."""
		for base in self.bases:
			away = (address - self.lru_at - base) % (1 << 64)
			pfn = away // self.pages.size
			if away % self.pages.size == 0 and pfn < self.core.n_pfns:
				return pfn
		return None

	def untouched(self, pfn):
		"""Nobody holds it, it has no type, no owner, and no flag with a meaning."""
		data = self.pages.find(pfn)
		if data is None or not self.core.present[pfn] or self.pages.tail[pfn]:
			return False
		quads, ints = memoryview(data).cast("Q"), memoryview(data).cast("i")
		p = self.pages
		return (p.cls[pfn] == KERNEL and ints[p.refcount] == 0 and ints[p.mapcount] == -1
			and not quads[p.mapping]
			and not quads[0] & (p.lru | p.private_bit | p.slab_bit | p.head_bit
					    | p.swapbacked | p.swapcache | p.reserved_bit))

	# ---- by the kernel's lists ------------------------------------------------

	def cpus(self):
		"""Offsets of the per-CPU areas of all possible CPUs."""
		return [offset for _, offset in self.symbols.per_cpu()] or None

	def zones(self):
		"""Addresses of the zones that have pages."""
		table = self.symbols.at.get("node_data")
		member = self.btf.member("pglist_data", "node_zones")
		present = self.btf.member("zone", "present_pages")
		if table is None or member is None or present is None:
			return None
		out = []
		n, size = self.btf.array(member[1])
		mask = self.symbols.at.get("node_states")
		bits = self.core.u64(mask) if mask is not None else 1
		for node in range(64):
			if not bits >> node & 1:
				continue
			data = self.core.u64(table + 8 * node)
			for i in range(n if data else 0):
				zone = data + member[0] + i * size
				if self.core.u64(zone + present[0]):
					out.append(zone)
		return out

	def lists_of_zone(self):
		"""Offsets of the per-CPU pointer, of the lists and of the count; how many."""
		pageset = self.btf.member("zone", "per_cpu_pageset")
		inner = 0
		if pageset is None:	# until 5.13 one struct more is around it
			pageset = self.btf.member("zone", "pageset")
			around = self.btf.member("per_cpu_pageset", "pcp")
			inner = around[0] if around else 0
		lists = self.btf.member("per_cpu_pages", "lists")
		count = self.btf.member("per_cpu_pages", "count")
		if None in (pageset, lists, count):
			return None
		return pageset[0], inner + lists[0], inner + count[0], \
			self.btf.array(lists[1])[0]

	def order_of(self, index):
		order = index // PCP_TYPES
		if order <= COSTLY_ORDER:
			return order
		# one or two lists for huge pages: what a page table's second level maps
		return min(self.core.shift - 3, self.pages.n_orders - 1)

	def by_lists(self):
		cpus, zones = self.cpus(), self.zones()
		where = self.lists_of_zone() if cpus and zones else None
		if where is None:
			return None
		at_zone, at_lists, at_count, n_lists = where
		found = []
		for zone in zones:
			sets = self.core.u64(zone + at_zone)
			for cpu in cpus:
				here = []
				for i in range(n_lists):
					head = (sets + cpu + at_lists + 16 * i) % (1 << 64)
					here += self.one_list(head, self.order_of(i))
				count = self.core.u32((sets + cpu + at_count) % (1 << 64))
				if sum(1 << order for _, order in here) != count:
					self.doubt(here)
				found += here
		return found

	def doubt(self, blocks):
		"""A CPU was stopped while it changed its lists: keeping them is right, too."""
		for pfn, order in blocks:
			self.doubted.update(range(pfn, pfn + (1 << order)))

	def one_list(self, head, order):
		"""[(pfn, order)] of a list that is whole; nothing of one that is not."""
		self.n_lists += 1
		out, at, before = [], self.core.u64(head), head
		while at != head and at is not None and len(out) < MAX_LENGTH:
			pfn = self.pfn_at(at)
			node = self.core.virt(at, 16) if pfn is not None else None
			if node is None:
				break
			after, back = struct.unpack("<QQ", node)
			if back != before or not self.block_untouched(pfn, order):
				break
			out.append((pfn, order))
			before, at = at, after
		if at == head and self.core.u64(head + 8) == before:
			return out
		self.n_broken += 1
		return []

	def block_untouched(self, pfn, order):
		return pfn % (1 << order) == 0 and pfn + (1 << order) <= self.core.n_pfns and \
			all(self.untouched(p) for p in range(pfn, pfn + (1 << order)))

	# ---- without BTF ----------------------------------------------------------

	def by_rings(self):
		seen, found = set(), []
		for pfn in range(self.core.n_pfns):
			if pfn in seen or self.pages.cls[pfn] != KERNEL or \
					not self.core.present[pfn] or not self.untouched(pfn):
				continue
			ring = self.ring(pfn)
			seen.update(ring or [pfn])
			found += [(p, 0) for p in ring]
		return found

	def ring(self, start):
		"""Frames of a ring with one list head in it; each link points both ways."""
		first = (self.pages.address(start) + self.lru_at) % (1 << 64)
		out, heads, at = [], 0, first
		while len(out) < MAX_LENGTH:
			pfn = self.pfn_at(at)
			if pfn is None:
				heads += 1
			elif self.untouched(pfn):
				out.append(pfn)
			else:
				return []
			after = self.core.u64(at)
			if after is None or self.core.u64((after + 8) % (1 << 64)) != at or heads > 1:
				return []
			if after == first:
				return out if heads == 1 else []
			at = after
		return []
