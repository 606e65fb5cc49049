/* SPDX-License-Identifier: GPL-2.0-or-later */
/* machine/config: lines, the kernel command line, which wins over what. */
#include <errno.h>

#include "base/err.h"
#include "machine/config.h"
#include "t.h"

static const struct {
	const char *row, *line;
	bool ok;
} rows[] = {
	{ "an empty line", "", true },
	{ "blanks", " \t ", true },
	{ "a comment", "# level 99", true },
	{ "a comment behind blanks", "\t # level 99", true },
	{ "a level", "level 0", true },
	{ "the highest level", "level 31", true },
	{ "blanks around", "  level \t 31\t ", true },
	{ "a line end of another system", "level 31\r", true },
	{ "a level too high", "level 32", false },
	{ "a level below 0", "level -1", false },
	{ "a level in hex", "level 0x1f", false },
	{ "a level with a plus", "level +3", false },
	{ "a level that wraps", "level 4294967297", false },
	{ "two values", "level 31 30", false },
	{ "no value", "level", false },
	{ "an unknown key", "colour red", false },
	{ "a key in capitals", "LEVEL 31", false },
	{ "a key that begins alike", "levels 31", false },
	{ "a codec", "codec none", true },
	{ "an unknown codec", "codec lzo", false },
	{ "a deadline in minutes", "deadline 15m", true },
	{ "a deadline too short", "deadline 1", false },
	{ "a deadline of a unit only", "deadline m", false },
	{ "a deadline that wraps in hours", "deadline 1193047h", false },
	{ "a host", "host web-1.example", true },
	{ "a host that climbs", "host ..", false },
	{ "a host with a slash", "host a/b", false },
	{ "an action", "on_failure halt", true },
	{ "an unknown action", "on_failure shell", false },
	{ "a disk by path", "target disk:/dev/vdb:/var/crash", true },
	{ "a disk by UUID", "target disk:UUID=0a1b2c3d-0000-4000-8000-123456789abc:/", true },
	{ "a disk by label", "target disk:LABEL=crash:/dumps", true },
	{ "an unknown kind of target", "target pigeon:coop", false },
	{ "a target that is a path", "target /var/crash", false },
};

static struct config seen;
static unsigned n_bad;
static char last_bad[300];

static void bad(const struct err *e)
{
	n_bad++;
	snprintf(last_bad, sizeof(last_bad), "%s", e->text);
}

static void test_lines(void)
{
	for (size_t i = 0; i < T_SIZE(rows); i++) {
		size_t size = strlen(rows[i].line) + 1;
		char *line = t_guard(rows[i].line, size);
		struct err e = { .text = "" };

		config_init(&seen);
		T_EQUAL(rows[i].row, rows[i].ok, config_line(&seen, line, &e));
		T_CHECK(rows[i].row, rows[i].ok || e.text[0]);
		t_unguard(line, size);
	}
}

static void test_limits(void)
{
	char line[9000];
	struct err e;

	config_init(&seen);
	for (unsigned i = 0; i < MAX_TARGETS; i++)
		T_CHECK("as many targets as there may be",
			config_line(&seen, "target disk:/dev/vdb:/", &e));
	T_CHECK("one target too many", !config_line(&seen, "target disk:/dev/vdb:/", &e));
	T_EQUAL("which is not counted", MAX_TARGETS, seen.n_targets);
	memset(line, 'x', sizeof(line));
	memcpy(line, "target disk:/dev/vdb:/", 22);
	for (size_t len = 200; len < sizeof(line) - 1; len += 7) {
		char *guarded;

		config_init(&seen);
		guarded = t_guard(line, len + 1);
		guarded[len] = 0;
		if (config_line(&seen, guarded, &e))
			T_EQUAL("a long target is taken whole", len - 7,
				strlen(seen.targets[0]));
		t_unguard(guarded, len + 1);
	}
}

static void test_cmdline(void)
{
	struct err e;

	config_init(&seen);
	config_line(&seen, "level 1", &e);
	config_line(&seen, "target disk:LABEL=a:/", &e);
	config_line(&seen, "target disk:LABEL=b:/", &e);
	n_bad = 0;
	config_cmdline(&seen, "BOOT_IMAGE=/vmlinuz root=/dev/vda1 crashbox.level=17 quiet "
		       "crashbox.target=disk:LABEL=c:/ crashbox.target=disk:LABEL=d:/\n", bad);
	T_EQUAL("the command line wins", 17, seen.level);
	T_EQUAL("its targets stand in place of the file's", 2, seen.n_targets);
	T_TEXT("in their order", "disk:LABEL=c:/", seen.targets[0]);
	T_EQUAL("words of others are passed over", 0, n_bad);

	config_cmdline(&seen, "crashbox.level=99 crashbox.nothing=1 crashbox.level "
		       "crashbox. crashbox.codec=zlib", bad);
	T_EQUAL("bad words are reported, one by one", 4, n_bad);
	T_EQUAL("and change nothing", 17, seen.level);
	T_TEXT("good words among them count", "zlib", seen.codec);
	n_bad = 0;
	config_cmdline(&seen, "\"crashbox.codec=none\" a=\"crashbox.level=3 x\"", bad);
	T_TEXT("a quoted word", "none", seen.codec);
	T_EQUAL("our word inside of another's value is not ours", 17, seen.level);
}

int main(void)
{
	test_lines();
	test_limits();
	test_cmdline();
	return t_done();
}
