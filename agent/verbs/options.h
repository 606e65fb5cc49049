/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The options of a verb are rows of a table: the parser, the usage, the help, and with it
 * the manual page and shell completion, come out of them.
 */
#ifndef VERBS_OPTIONS_H
#define VERBS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

struct err;

enum option_kind {
	KIND_FLAG,	/* sets a bool */
	KIND_TEXT,	/* sets a const char *; the last one holds */
	KIND_CALL,	/* hands it to take(), which says what is wrong with it */
	KIND_FRONT,	/* of the row behind the last: what is no option ends them */
};

/* How the usage shows it. */
enum option_joins {
	JOINS_NONE,	/* "[--config FILE]" */
	JOINS_MANY,	/* "[--net IFACE]...": more than once */
	JOINS_OR,	/* "[--kernel FILE|--modules DIR]": in place of the one before */
	JOINS_IN,	/* "[--kexec-tools [--no-checks]]": with the one before only */
	JOINS_LATER,	/* not here, but in what the verb says of its operands */
};

struct option_row {
	const char *name;
	const char *value;	/* "FILE", or "zstd|zlib|none"; NULL for a flag */
	const char *help;	/* one paragraph; "" in the usage only, NULL nowhere */
	bool (*take)(void *into, const char *value, struct err *e);
	unsigned short offset;	/* where in the verb's answers a flag or text goes */
	unsigned char kind, joins;
	char letter;		/* 0: none */
};

/* Rows that fail to compile where the member is of another kind. */
#define OPTION_MEMBER(type, member, is) (offsetof(type, member) + 0 * sizeof(char[ \
	__builtin_types_compatible_p(__typeof__(((type *)0)->member), is) ? 1 : -1]))
#define OPTION_FLAG(text, type, member, ...) { .name = text, .kind = KIND_FLAG, \
	.offset = OPTION_MEMBER(type, member, bool), __VA_ARGS__ }
#define OPTION_TEXT(text, what, type, member, ...) { .name = text, .value = what, \
	.kind = KIND_TEXT, .offset = OPTION_MEMBER(type, member, const char *), __VA_ARGS__ }
#define OPTION_CALL(text, what, function, ...) { .name = text, .value = what, \
	.kind = KIND_CALL, .take = function, __VA_ARGS__ }
#define OPTION_END { .name = NULL }
/* Where operands are a command of its own: `look DUMP bt -a`. A "--" may stand before it. */
#define OPTION_END_IN_FRONT { .name = NULL, .kind = KIND_FRONT }

/* What many verbs have. */
#define OPTION_CONFIG(type, member) \
	OPTION_TEXT("config", "FILE", type, member, .help = "default " DEFAULT_CONFIG)
#define OPTION_SSH(type, member) OPTION_TEXT("ssh", "PROGRAM", type, member, \
	.help = "OpenSSH's client (default /usr/lib/crashbox/ssh or the system's)")
#define OPTION_ROOT(type, member) OPTION_TEXT("root", "DIR", type, member)	/* for tests */

/* What is no option. */
struct operands {
	char **words;
	unsigned n;
	unsigned n_options;	/* how many were given */
};

/*
 * Takes the options out of argv, whose operands are moved to its front (behind argv[0]),
 * as options may stand behind them; "--" ends the options. A name may be cut as long as it
 * is no other's beginning.
 */
bool options_parse(const struct option_row *rows, void *into, int argc, char **argv,
		   struct operands *out, struct err *e);

/* " [--level N] [--net IFACE]...", and `operands`; further lines are indented. */
void options_usage(const struct option_row *rows, const char *operands, int indent);

/* The list of options, each with its help, behind an empty line; nothing if there is none. */
void options_help(const struct option_row *rows);

/* An item of such a list: `help` and `more` stand at the column. */
void help_item(const char *term, int column, const char *help, const char *more);

#endif
