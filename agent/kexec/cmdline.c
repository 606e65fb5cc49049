/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The capture kernel's command line. Two tables. Words are matched as they are spelled;
 * the kernel takes "-" for "_" in most names, and so does this.
 */
#include "cmdline.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/err.h"

/* The loader adds "elfcorehdr=0x... ", Linux arch/x86/kernel/kexec-bzimage64.c. */
#define LOADERS_WORDS 64

/* No memory hogs; devices are reset, not trusted; a panic of its own reboots. */
static const char helpful[] =
	"irqpoll nr_cpus=%u reset_devices panic=10 cgroup_disable=memory mce=off numa=off "
	"novmcoredd cma=0 hugetlb_cma=0 nokaslr acpi_no_memhotplug "
	"transparent_hugepage=never kfence.sample_interval=0";

static const char memory[] = "it takes memory that a capture kernel does not have";
static const char chosen[] = "the capture kernel has a value of its own";
static const char another[] = "a root file system or another init would read it";
static const char debug[] = "it costs memory and time, for tests of a running system";
static const char panics[] = "what is worth a panic in operation must not end a capture";
static const char quiet[] = "a crash is no time to be quiet";
static const char cpus[] = "it is about CPUs that the capture kernel does not start";
static const char modules[] = "it would keep the drivers in the image from being loaded";
static const char loader[] = "the loader says it anew";

static const char asked[] = "--remove names it";

/* A "*" at the end stands for anything. */
static const struct {
	const char *word, *why;
} drops[] = {
	{ "crashkernel=*", memory }, { "hugepages=*", memory }, { "hugepagesz=*", memory },
	{ "default_hugepagesz=*", memory }, { "hugetlb_cma=*", chosen }, { "cma=*", chosen },
	{ "log_buf_len=*", memory }, { "swiotlb=*", memory }, { "kernelcore=*", memory },
	{ "movablecore=*", memory }, { "trace_buf_size=*", memory }, { "zswap.*", memory },
	{ "slub_debug*", debug }, { "slab_debug*", debug }, { "page_owner=*", debug },
	{ "debug_pagealloc=*", debug }, { "kmemleak=*", debug },
	{ "kfence.sample_interval=*", chosen }, { "kfence.*", debug },
	{ "kasan*", debug }, { "memtest*", debug }, { "ftrace*", debug },
	{ "trace_event=*", debug }, { "kgdbwait", debug },
	{ "isolcpus=*", cpus }, { "nohz_full=*", cpus }, { "rcu_nocbs*", cpus },
	{ "irqaffinity=*", cpus },
	{ "nr_cpus=*", chosen }, { "maxcpus=*", chosen }, { "irqpoll", chosen },
	{ "reset_devices", chosen }, { "panic=*", chosen }, { "mce=*", chosen },
	{ "numa=*", chosen }, { "transparent_hugepage=*", chosen },
	{ "cgroup_disable=*", chosen }, { "kaslr", chosen }, { "nokaslr", chosen },
	{ "novmcoredd", chosen }, { "acpi_no_memhotplug", chosen },
	{ "oops=*", panics }, { "panic_on_*", panics }, { "panic_print=*", panics },
	{ "softlockup_panic=*", panics }, { "hung_task_panic=*", panics },
	{ "nmi_watchdog=panic*", panics }, { "unknown_nmi_panic", panics },
	{ "crash_kexec_post_notifiers*", panics },
	{ "root=*", another }, { "rootflags=*", another }, { "rootfstype=*", another },
	{ "rootwait*", another }, { "rootdelay=*", another }, { "nfsroot=*", another },
	{ "ro", another }, { "rw", another }, { "init=*", another }, { "rdinit=*", another },
	{ "resume=*", another }, { "resume_offset=*", another }, { "noresume", another },
	{ "systemd.*", another }, { "rd.*", another }, { "fsck.*", another },
	{ "splash", another }, { "sysctl.*", another },
	{ "nomodule*", modules },
	{ "initrd=*", loader }, { "BOOT_IMAGE=*", loader }, { "elfcorehdr=*", loader },
	{ "quiet", quiet }, { "loglevel=*", quiet },
};

static bool same(char a, char b)
{
	return a == b || (a == '-' && b == '_');
}

static bool matches(const char *word, const char *pattern)
{
	bool in_name = true;

	for (; *pattern; word++, pattern++) {
		if (*pattern == '*' && !pattern[1])
			return true;
		if (!*word || !(in_name ? same(*word, *pattern) : *word == *pattern))
			return false;
		if (*pattern == '=')
			in_name = false;
	}
	return !*word;
}

/* To switch something off saves what the kernel would take by default. */
static bool switches_off(const char *word)
{
	static const char *const values[] = { "0", "off", "n", "no", "-" };
	const char *value = strchr(word, '=');

	for (size_t i = 0; value && i < sizeof(values) / sizeof(values[0]); i++)
		if (!strcmp(value + 1, values[i]))
			return true;
	return false;
}

/* "NAME" is that word with any value, too. */
static bool is_removed(const char *word, const char *remove)
{
	const char *one;
	char pattern[CMDLINE_REMOVED_MAX + 3];
	size_t len;

	while (cmdline_word(&remove, &one, &len)) {
		if (len + 3 > sizeof(pattern))
			continue;
		memcpy(pattern, one, len);
		pattern[len] = '\0';
		if (matches(word, pattern))
			return true;
		strcpy(pattern + len, "=*");
		if (!memchr(one, '=', len) && matches(word, pattern))
			return true;
	}
	return false;
}

const char *cmdline_dropped(const char *word, const char *remove)
{
	for (size_t i = 0; i < sizeof(drops) / sizeof(drops[0]); i++) {
		const char *why = drops[i].why;

		if (matches(word, drops[i].word))
			return switches_off(word) && (why == memory || why == debug) ? NULL
										      : why;
	}
	return is_removed(word, remove) ? asked : NULL;
}

const char *cmdline_lost(const char *line, bool with_modules, char shown[CMDLINE_SHOWN])
{
	static const struct { const char *word, *but, *why; bool of_modules; } lost[] = {
		{ "rdinit=*", "rdinit=/init", "another program is started in its place",
		  false },
		{ "elfcorehdr=*", NULL, "the loader says it, and of two the last one counts",
		  false },
		{ "nomodule", NULL, modules, true },
		{ "nomodule=*", "nomodule=0", modules, true },
	};
	char word[CMDLINE_MAX];
	const char *at;
	size_t len;

	while (cmdline_word(&line, &at, &len)) {
		snprintf(word, sizeof(word), "%.*s", (int)min_u64(len, sizeof(word) - 1), at);
		for (size_t i = 0; i < sizeof(lost) / sizeof(lost[0]); i++) {
			if (!matches(word, lost[i].word) ||
			    (lost[i].but && !strcmp(word, lost[i].but)) ||
			    (lost[i].of_modules && !with_modules))
				continue;
			snprintf(shown, CMDLINE_SHOWN, "%.*s", CMDLINE_SHOWN - 1, word);
			return lost[i].why;
		}
	}
	return NULL;
}

bool cmdline_word(const char **at, const char **word, size_t *len)
{
	const char *s = *at + strspn(*at, " \t\r\n");
	bool quoted = false;

	*word = s;
	for (; *s && (quoted || !strchr(" \t\r\n", *s)); s++)
		if (*s == '"')
			quoted = !quoted;
	*len = s - *word;
	*at = s;
	return *len && !(*len == 2 && !memcmp(*word, "--", 2));
}

#define LINE_MAX_LEN (4 * CMDLINE_MAX)

struct line {
	char text[LINE_MAX_LEN];
	size_t len;
	bool over;
};

static void put(struct line *l, const char *word, size_t len)
{
	bool blank = l->len > 0;

	/* A little more than there may be, to tell what is too long. */
	if (l->len + blank + len >= LINE_MAX_LEN) {
		l->over = true;
		return;
	}
	if (blank)
		l->text[l->len++] = ' ';
	memcpy(l->text + l->len, word, len);
	l->len += len;
}

/* Those of `words` that nobody wants out. */
static void put_all(struct line *l, const char *words, const char *remove)
{
	const char *word;
	size_t len;

	while (cmdline_word(&words, &word, &len)) {
		char copy[CMDLINE_MAX];

		snprintf(copy, sizeof(copy), "%.*s", (int)min_u64(len, sizeof(copy) - 1), word);
		if (!is_removed(copy, remove))
			put(l, word, len);
	}
}

/* The value of a word "NAME=VALUE", as the kernel takes numbers; 0: not that word. */
static unsigned number_in(const char *word, size_t len, const char *name)
{
	size_t name_len = strlen(name);
	char copy[16] = "";

	if (len > name_len && len - name_len < sizeof(copy) && !memcmp(word, name, name_len))
		memcpy(copy, word + name_len, len - name_len);
	return min_u64(strtoul(copy, NULL, 0), CMDLINE_ALL_CPUS);
}

unsigned cmdline_cpus(const char *words, const char *remove)
{
	static const char *const names[] = { "nr_cpus=", "maxcpus=" };
	unsigned least = is_removed(names[0], remove) ? CMDLINE_ALL_CPUS : 0;
	const char *word;
	size_t len;

	while (cmdline_word(&words, &word, &len)) {
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			unsigned n = number_in(word, len, names[i]);

			if (n && (!least || n < least))
				least = n;
		}
	}
	return least;
}

void cmdline_longest(const char *line, char text[CMDLINE_LONGEST])
{
	size_t n = 0, shorter_than = SIZE_MAX;

	text[0] = '\0';
	for (unsigned i = 0; i < 3; i++) {
		const char *at = line, *word, *longest = NULL;
		size_t len, most = 0;

		while (cmdline_word(&at, &word, &len))
			if (len > most && len < shorter_than)
				longest = word, most = len;
		if (!longest)
			return;
		shorter_than = most;
		n += snprintf(text + n, CMDLINE_LONGEST - n, "%s%.*s (%zu)", i ? ", " : "",
			      (int)min_u64(strcspn(longest, "= \t\n"), 24), longest, most);
	}
}

bool cmdline_capture(char out[CMDLINE_MAX], const struct cmdline_want *want, struct err *e)
{
	const char *running = want->running, *word;
	char copy[CMDLINE_MAX], longest[CMDLINE_LONGEST], help[sizeof(helpful) + 16];
	struct line l = { .len = 0 };
	size_t len;

	while (cmdline_word(&running, &word, &len)) {
		if (len >= sizeof(copy))
			return fail(e, E2BIG, "the running kernel's command line has a word of "
				    "%zu characters", len);
		memcpy(copy, word, len);
		copy[len] = '\0';
		if (!cmdline_dropped(copy, want->remove))
			put(&l, word, len);
	}
	snprintf(help, sizeof(help), helpful, want->n_cpus);
	put_all(&l, help, want->remove);
	put_all(&l, want->added, want->remove);
	put_all(&l, want->extra, "");
	l.text[l.len] = '\0';
	if (!l.over && l.len < CMDLINE_MAX - LOADERS_WORDS) {
		memcpy(out, l.text, l.len + 1);
		return true;
	}
	cmdline_longest(l.text, longest);
	return fail(e, E2BIG, "the capture kernel's command line would be longer than the %u "
		    "characters that a kernel takes: shorten --append, or --remove the longest "
		    "words: %s", CMDLINE_MAX - LOADERS_WORDS - 1, longest);
}

bool cmdline_has_callers(const char *record)
{
	const char *end = strchrnul(record, ';');
	const char *at = strstr(record, ",caller=");

	return at && at < end;
}
