/* SPDX-License-Identifier: GPL-2.0-or-later */
/* import/shellvars, import/knownhosts: what stands in a line, and what only a shell knows. */
#include "import/knownhosts.h"
#include "import/shellvars.h"
#include "t.h"

static const struct {
	const char *line, *name, *value;	/* value NULL: odd */
} rows[] = {
	{ "A=b", "A", "b" },
	{ "  A_1=\"b c\"  # why", "A_1", "b c" }, { "A='b $c'", "A", "b $c" },
	{ "export A=b;", "A", "b" }, { "A=", "A", "" }, { "A=\"\"", "A", "" },
	{ "A=b\\ c", "A", "b c" }, { "A=\"say \\\"x\\\"\"", "A", "say \"x\"" },
	{ "A=b'c d'\"e\"", "A", "bc de" }, { "A=b\r", "A", "b" },
	{ "A=\"b\"\r", "A", "b" }, { "A=/b#1  # why", "A", "/b#1" }, { "A=#b", "A", "#b" },
	{ "A+=b", "A", NULL },
	{ "A=$B", "A", NULL }, { "A=\"$(date)\"", "A", NULL }, { "A=`date`", "A", NULL },
	{ "A=\"open", "A", NULL }, { "A=b c", "A", NULL }, { "A = b", "A = b", NULL },
	{ "if true; then", "if true; then", NULL }, { "1A=b", "1A=b", NULL },
	{ "path /var/crash", "path /var/crash", NULL }, { "A=\"b\\", "A", NULL },
};

static void test_lines(void)
{
	for (size_t i = 0; i < T_SIZE(rows); i++) {
		const char *at = rows[i].line;
		struct shell_var v = { .depth = 0 };
		unsigned line = 0;

		T_CHECK(rows[i].line, shell_var_next(&at, &line, &v));
		T_TEXT(rows[i].line, rows[i].name, v.name);
		T_EQUAL(rows[i].line, !rows[i].value, v.is_odd);
		if (rows[i].value)
			T_TEXT(rows[i].line, rows[i].value, v.value);
		T_CHECK(rows[i].line, !shell_var_next(&at, &line, &v));
	}
}

static void test_file(void)
{
	const char *at = "# one\n\n  A=b\n\t# three\nB=c";
	char text[700] = "A=";
	struct shell_var v = { .depth = 0 };
	unsigned line = 0;

	T_CHECK("comments are passed over", shell_var_next(&at, &line, &v));
	T_EQUAL("its line", 3, v.line);
	T_CHECK("no end of line", shell_var_next(&at, &line, &v));
	T_EQUAL("its line", 5, v.line);
	memset(text + 2, 'x', sizeof(text) - 3);
	at = text;
	T_CHECK("too long", shell_var_next(&at, &line, &v) && v.is_odd);
}

/* What stands in an if, a loop or a function is not for certain. */
static void test_depth(void)
{
	static const char text[] = "if [ -e /x ]; then\n\tA=1\n  for i in a; do B=2; done\n"
		"\tC=3\nfi\nD=4\ncase $x in\nE=5\nesac\nf() {\nG=6\n}\n"
		"if true; then H=7; fi\nI=8 # if\n";
	static const char certain[] = "DI";
	struct shell_var v = { .depth = 0 };
	const char *at = text, *want = certain;
	unsigned line = 0;

	while (shell_var_next(&at, &line, &v))
		if (!v.is_odd)
			T_CHECK(v.name, *want && v.name[0] == *want++);
	T_EQUAL("all that is certain", 0, *want);
	T_EQUAL("all is closed", 0, v.depth);
}

static void test_known_hosts(void)
{
	static const char text[] =
		"# h ssh-ed25519 COMMENT\n"
		"h,192.0.2.9 ssh-rsa RSA\n"
		"@revoked h ssh-ed25519 REVOKED\n"
		"|1|salt|hash ssh-ed25519 HASHED\n"
		"other,H,192.0.2.9 ssh-ed25519 GOOD comment\n"
		"[h]:2222 ssh-ed25519 PORT\n";
	unsigned n_hashed = 0;
	char key[64];

	T_CHECK("by name", known_hosts_find(text, "h", 22, key, sizeof(key), &n_hashed));
	T_TEXT("by name", "ssh-ed25519 GOOD", key);
	T_EQUAL("hashed ones on the way", 1, n_hashed);
	T_CHECK("by address", known_hosts_find(text, "192.0.2.9", 22, key, sizeof(key),
					       &n_hashed));
	T_CHECK("with a port", known_hosts_find(text, "h", 2222, key, sizeof(key), &n_hashed));
	T_TEXT("with a port", "ssh-ed25519 PORT", key);
	T_CHECK("another port", !known_hosts_find(text, "h", 2223, key, sizeof(key),
						  &n_hashed));
	T_CHECK("part of a name", !known_hosts_find(text, "othe", 22, key, sizeof(key),
						    &n_hashed));
}

int main(void)
{
	test_lines();
	test_file();
	test_depth();
	test_known_hosts();
	return t_done();
}
