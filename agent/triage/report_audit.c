/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the audit wanted to say, and auditd never heard. */
#include "report_parts.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/jsonwrite.h"
#include "text_page.h"
#include "triage.h"

static void read_audit(struct triage *m)
{
	struct audit *a = &m->r->audit;
	struct err e;

	a->space = m->space;
	a->facts = &m->facts.audit;
	a->bounds = m->want->bounds;
	a->without_args = m->want->without_args;
	if (!audit_read(a, m->want->arena, &e))
		report_lacks(m->r, "audit", "%s", e.text);
	else if (a->cut && !triage_is_late(m))
		report_lacks(m->r, "audit", "a queue of records cannot be read to its end");
}

#define IN_TEXT 24u

/* Those of kill(2), and what the tools call them; the others have their number. */
static const char *type_name(uint32_t type, char room[16])
{
	static const struct {
		uint32_t type;
		const char *name;
	} rows[] = {
		{ 1123, "USER_CMD" }, { 1124, "USER_TTY" }, { 1300, "SYSCALL" },
		{ 1302, "PATH" }, { 1305, "CONFIG" }, { 1306, "SOCKADDR" }, { 1307, "CWD" },
		{ 1309, "EXECVE" }, { 1318, "OBJ_PID" }, { 1319, "TTY" },
		{ 1326, "SECCOMP" }, { 1327, "PROCTITLE" }, { 1701, "ANOM_ABEND" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].type == type)
			return rows[i].name;
	snprintf(room, 16, "%" PRIu32, type);
	return room;
}

static void put_text(struct report *r, struct text_page *p)
{
	unsigned first = r->audit.n > IN_TEXT ? r->audit.n - IN_TEXT : 0;
	char room[16];

	if (!r->audit.n)
		return;
	page_section(p, "AUDIT  (%" PRIu64 " records that auditd never got; the newest is "
		     "last)", r->audit.n + r->audit.n_more);
	if (first)
		page_line(p, "%u older ones are in report.json", first);
	for (unsigned i = first; i < r->audit.n; i++)
		page_row(p, type_name(r->audit.list[i].type, room), "%s",
			 r->audit.list[i].text);
}

static void put_json(struct report *r, struct json *j)
{
	json_open(j, "audit", '[');
	for (unsigned i = 0; i < r->audit.n; i++) {
		json_open(j, NULL, '{');
		json_string(j, "queue", r->audit.list[i].queue);
		json_number(j, "type", r->audit.list[i].type);
		json_string(j, "text", r->audit.list[i].text);
		json_close(j);
	}
	json_close(j);
}

const struct report_part part_audit = { "audit", read_audit, put_text, put_json };
