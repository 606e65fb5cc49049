/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How /etc/hosts spells a name, which musl's resolver wants letter by letter. */
#include "config/resolve.h"

#include "t.h"

int main(void)
{
	static const char hosts[] = "127.0.0.1\tlocalhost\n"
				    "# 192.0.2.1 commented\n"
				    "192.0.2.2 Backup.Example.ORG  bck # 192.0.2.3 behind\n"
				    "192.0.2.4\ttabbed.example\tSHORT\r\n"
				    "192.0.2.5 last";
	static const struct { const char *asked, *wanted; } rows[] = {
		{ "backup.example.org", "Backup.Example.ORG" }, { "BCK", "bck" },
		{ "short", "SHORT" }, { "Last", "last" }, { "commented", NULL },
		{ "behind", NULL }, { "192.0.2.2", NULL }, { "backup", NULL },
	};

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		char got[NAMES_LINE] = "";

		T_EQUAL(rows[i].asked, rows[i].wanted != NULL,
			resolve_spelling(hosts, rows[i].asked, got));
		T_TEXT(rows[i].asked, rows[i].wanted ? rows[i].wanted : "", got);
	}
	return t_done();
}
