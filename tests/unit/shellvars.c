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
		struct shell_text text = { .at = rows[i].line };
		struct shell_var v = { .depth = 0 };

		T_CHECK(rows[i].line, shell_var_next(&text, &v));
		T_TEXT(rows[i].line, rows[i].name, v.name);
		T_EQUAL(rows[i].line, !rows[i].value, v.is_odd);
		if (rows[i].value)
			T_TEXT(rows[i].line, rows[i].value, v.value);
		T_CHECK(rows[i].line, !shell_var_next(&text, &v));
	}
}

static void test_file(void)
{
	struct shell_text text = { .at = "# one\n\n  A=b\n\t# three\nB=c" };
	char long_line[700] = "A=";
	struct shell_var v = { .depth = 0 };

	T_CHECK("comments are passed over", shell_var_next(&text, &v));
	T_EQUAL("its line", 3, v.line);
	T_CHECK("no end of line", shell_var_next(&text, &v));
	T_EQUAL("its line", 5, v.line);
	memset(long_line + 2, 'x', sizeof(long_line) - 3);
	text.at = long_line;
	T_CHECK("too long", shell_var_next(&text, &v) && v.is_odd);
}

/* What stands in an if, a loop or a function is not for certain. */
static void test_depth(void)
{
	static const char script[] = "if [ -e /x ]; then\n\tA=1\n  for i in a; do B=2; done\n"
		"\tC=3\nfi\nD=4\ncase $x in\nE=5\nesac\nf() {\nG=6\n}\n"
		"if true; then H=7; fi\nI=8 # if\n";
	static const char certain[] = "DI";
	struct shell_text text = { .at = script };
	struct shell_var v = { .depth = 0 };
	const char *want = certain;

	while (shell_var_next(&text, &v))
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
	struct known_host h = { "h", 22, "", 0 };

	T_CHECK("by name", known_hosts_find(text, &h));
	T_TEXT("by name", "ssh-ed25519 GOOD", h.key);
	T_EQUAL("hashed ones on the way", 1, h.n_hashed);
	h.name = "192.0.2.9";
	T_CHECK("by address", known_hosts_find(text, &h));
	h = (struct known_host){ "h", 2222, "", 0 };
	T_CHECK("with a port", known_hosts_find(text, &h));
	T_TEXT("with a port", "ssh-ed25519 PORT", h.key);
	h.port = 2223;
	T_CHECK("another port", !known_hosts_find(text, &h));
	h = (struct known_host){ "othe", 22, "", 0 };
	T_CHECK("part of a name", !known_hosts_find(text, &h));
}

int main(void)
{
	test_lines();
	test_file();
	test_depth();
	test_known_hosts();
	return t_done();
}
