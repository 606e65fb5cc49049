#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A kind of target that is made up: a name more in the table of kinds, and a file with its
# row. In a copy of the tree nothing else is changed, and config, capture, list, test, status
# and import know it; what it cannot do is not tried.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

compiler=$("$top/agent/deps/musl-cc" 2>"$work/said") || skip "$(cat "$work/said")"
copy=$work/copy
mkdir -p "$copy"
cp -a "$top/agent" "$copy/"

# ---- the row and the file -----------------------------------------------------------

table=agent/targets/target_kinds.c
sed -i 's/^#define TARGET_KINDS(kind) .*/& kind(box)/' "$copy/$table"
equals "lines of the table that are changed" 1 \
	"$(diff "$top/$table" "$copy/$table" | grep -c '^>')"
cat >"$copy/agent/targets/kind_box.c" <<'END'
/* box: a folder of this machine, in which files only grow. */
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>

#include "base/err.h"
#include "mounted.h"
#include "target.h"
#include "target_kinds.h"

static bool check(const char *words, struct err *e)
{
	return target_rest(words)[0] == '/' || fail(e, 22, "'%s' names no box", words);
}

static bool reach(struct target *t, struct err *e)
{
	const char *words = t->access.words;

	snprintf(t->path, sizeof(t->path), "%s", target_rest(words));
	snprintf(t->how, sizeof(t->how), "opened");
	return check(words, e);
}

static bool probe(struct target *t, struct target_probe *p, struct err *e)
{
	struct statvfs fs;

	t->is_reached = reach(t, e);
	p->has_room = t->is_reached && !statvfs(t->path, &fs);
	p->free_len = p->has_room ? (uint64_t)fs.f_bavail * fs.f_frsize : 0;
	return p->has_room || fail(e, 2, "no such box");
}

const struct target_kind kind_box = {
	.name = "box",
	.can = BOX_CAN,
	.risk = "a box has no lid",
	.called = (const char *const []){ "crate", NULL },
	.check = check,
	.reach = reach,
	.probe = probe,
	.sink = mounted_sink,
	.store = mounted_store,
	.unmake = mounted_unmake,
	.leave = mounted_leave,
};
END

# build ABILITIES: $box is a crashbox whose boxes can do that. The table and the new file are
# compiled, and all else is what the Makefile has made of the tree as it is.
box=$work/crashbox
build()
{
	objects=$(cd "$top" && find agent -name '*.c' ! -path 'agent/deps/*' \
		! -name target_kinds.c | sed "s,^agent/\(.*\)c\$,$top/build/musl/\1o," | sort)
	for file in target_kinds kind_box; do
		(cd "$copy" && "$compiler" -std=gnu11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 \
			-Wall -Wextra -Werror -Wno-parentheses -Iagent -Os -fno-pie "-DBOX_CAN=$1" \
			-c -o "$work/$file.o" "agent/targets/$file.c") >"$work/said" 2>&1 ||
			fail "$file.c: $(cat "$work/said")"
	done
	# shellcheck disable=SC2086 # names without blanks
	"$compiler" -static -no-pie -pthread -o "$box" $objects "$work/target_kinds.o" \
		"$work/kind_box.o" -L"$top/build/deps/musl/lib" -lelf -lzstd -lz -lnettle \
		-llzo2 -lx25519 -lmlkem >"$work/said" 2>&1 || fail "link: $(tail -n 3 "$work/said")"
}

# says STATUS PATTERN WORD...: that command's exit status, and a line of what it says
says()
{
	wanted=$1 pattern=$2 rc=0
	shift 2
	"$box" "$@" >"$work/said" 2>&1 || rc=$?
	equals "exit status of $*" "$wanted" "$rc"
	grep -q -e "$pattern" "$work/said" || fail "$*: no '$pattern': $(cat "$work/said")"
}

there=$work/there
mkdir "$there"
core dmesg-plain
printf 'target box:%s\ninsecure yes\n' "$there" >"$work/conf"

# ---- it is like every other ---------------------------------------------------------

build CAN_ALL
says 0 "^target box:$there\$" config "$work/conf"
printf 'target box:none\n' >"$work/bad"
says 1 "'box:none' names no box" config "$work/bad"
printf 'target tin:/x\n' >"$work/bad"
says 1 "'tin:/x' does not begin with disk:, nfs:, sftp:, virtiofs:, 9p:, nvme: or box:" config "$work/bad"
printf 'target box:%s\n' "$there" >"$work/bad"
says 1 'a box has no lid' config "$work/bad"

says 0 "saved: box:$there/h-2026-01-01-00:00:00/vmcore" \
	capture --config "$work/conf" "$work/core" "box:$there/h-2026-01-01-00:00:00"
says 0 "^box:$there (opened)" list --config "$work/conf"
grep -q '^h-2026-01-01-00:00:00 .*complete' "$work/said" || fail "list: $(cat "$work/said")"
says 0 "^ok    target 1  box:$there: .*, read back, removed again" \
	test --config "$work/conf" "$work/core"
says 2 "^ok    *target 1  *box:$there: .* are free" status --config "$work/conf"
printf 'crate %s\npath /\n' "$there" >"$work/kdump.conf"
says 0 "^target box:$there\$" import "$work/kdump.conf"
grep -q '^# changed: crate: a box has no lid;' "$work/said" || fail "import: $(cat "$work/said")"
says 0 'would remove box:' prune --keep 0 --dry-run --config "$work/conf"

# ---- and what it cannot do is not tried ---------------------------------------------

build 'CAN_READ_BACK|CAN_FOLDERS'
says 1 "box:$there/h-2026-01-02-00:00:00: it takes no dump, as a file there cannot get its name" \
	capture --config "$work/conf" "$work/core" "box:$there/h-2026-01-02-00:00:00"
says 1 "^fail  target 1  box:$there: it takes no dump, as a file there cannot get its name" \
	test --config "$work/conf" "$work/core"
grep -q 'dmesg saved: ' "$work/said" || fail "test: no log: $(cat "$work/said")"
equals "what the log's target has afterwards" h-2026-01-01-00:00:00 \
	"$(ls "$there")"
says 2 "^warn  *target 1  *box:$there: it takes no dump" status --config "$work/conf"

# ---- what only grows gets its dump flattened ------------------------------------------

build 'CAN_READ_BACK|CAN_RENAME|CAN_FOLDERS'
says 0 "saved: box:$there/h-2026-01-02-00:00:00/vmcore" \
	capture --config "$work/conf" "$work/core" "box:$there/h-2026-01-02-00:00:00"
says 0 "^format .*, flattened" info "$there/h-2026-01-02-00:00:00/vmcore"
grep -q '"verified": true' "$there/h-2026-01-02-00:00:00/manifest.json" ||
	fail "what can be read was not read back"

build 'CAN_RENAME|CAN_FOLDERS'
says 0 "saved: box:$there/h-2026-01-03-00:00:00/vmcore" \
	capture --config "$work/conf" "$work/core" "box:$there/h-2026-01-03-00:00:00"
grep -q 'cannot be read back' "$there/h-2026-01-03-00:00:00/manifest.json" ||
	fail "it is not said that nobody read it back"
equals "sha256" "$(sha256sum "$there/h-2026-01-03-00:00:00/vmcore" | cut -d ' ' -f 1)" \
	"$(sed -n 's/.*"sha256": "\([0-9a-f]*\)".*/\1/p' \
		"$there/h-2026-01-03-00:00:00/manifest.json")"
