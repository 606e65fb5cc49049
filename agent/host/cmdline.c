/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two tables. Words are matched as they are spelled; the kernel takes "-" for "_" in most
 * names, and so does this.
 */
#include "cmdline.h"

#include <errno.h>
#include <string.h>

#include "base/err.h"

/* The loader adds "elfcorehdr=0x... ", Linux arch/x86/kernel/kexec-bzimage64.c. */
#define LOADERS_WORDS 64

/* One CPU and no memory hogs; devices are reset, not trusted; a panic of its own reboots. */
static const char helpful[] =
	"irqpoll nr_cpus=1 reset_devices panic=10 cgroup_disable=memory mce=off numa=off "
	"novmcoredd cma=0 hugetlb_cma=0 nokaslr acpi_no_memhotplug "
	"transparent_hugepage=never";

static const char memory[] = "it takes memory that a capture kernel does not have";
static const char chosen[] = "the capture kernel has a value of its own";
static const char another[] = "a root file system or another init would read it";
static const char debug[] = "it costs memory and time, for tests of a running system";
static const char panics[] = "what is worth a panic in operation must not end a capture";
static const char quiet[] = "a crash is no time to be quiet";
static const char cpus[] = "it is about CPUs that the capture kernel does not start";
static const char modules[] = "it would keep the drivers in the image from being loaded";
static const char loader[] = "the loader says it anew";

/* A "*" at the end stands for anything. */
static const struct {
	const char *word, *why;
} drops[] = {
	{ "crashkernel=*", memory }, { "hugepages=*", memory }, { "hugepagesz=*", memory },
	{ "default_hugepagesz=*", memory }, { "hugetlb_cma=*", memory }, { "cma=*", memory },
	{ "log_buf_len=*", memory }, { "swiotlb=*", memory }, { "kernelcore=*", memory },
	{ "movablecore=*", memory }, { "trace_buf_size=*", memory }, { "zswap.*", memory },
	{ "slub_debug*", debug }, { "slab_debug*", debug }, { "page_owner=*", debug },
	{ "debug_pagealloc=*", debug }, { "kmemleak=*", debug }, { "kfence.*", debug },
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

const char *cmdline_dropped(const char *word)
{
	for (size_t i = 0; i < sizeof(drops) / sizeof(drops[0]); i++)
		if (matches(word, drops[i].word))
			return drops[i].why;
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

struct line {
	char *text;
	size_t len;
	bool over;
};

static void put(struct line *l, const char *word, size_t len)
{
	bool blank = l->len > 0;

	if (l->len + blank + len >= CMDLINE_MAX - LOADERS_WORDS) {
		l->over = true;
		return;
	}
	if (blank)
		l->text[l->len++] = ' ';
	memcpy(l->text + l->len, word, len);
	l->len += len;
}

static void put_all(struct line *l, const char *words)
{
	const char *word;
	size_t len;

	while (cmdline_word(&words, &word, &len))
		put(l, word, len);
}

bool cmdline_capture(char out[CMDLINE_MAX], const char *running, const char *added,
		     const char *extra, struct err *e)
{
	struct line l = { .text = out };
	char copy[CMDLINE_MAX];
	const char *word;
	size_t len;

	while (cmdline_word(&running, &word, &len)) {
		if (len >= sizeof(copy))
			return fail(e, E2BIG, "the running kernel's command line has a word of "
				    "%zu characters", len);
		memcpy(copy, word, len);
		copy[len] = '\0';
		if (!cmdline_dropped(copy))
			put(&l, word, len);
	}
	put_all(&l, helpful);
	put_all(&l, added);
	put_all(&l, extra);
	out[l.len] = '\0';
	return !l.over ||
	       fail(e, E2BIG, "the capture kernel's command line would be longer than the %u "
		    "characters that a kernel takes: shorten --append",
		    CMDLINE_MAX - LOADERS_WORDS - 1);
}

bool cmdline_has_callers(const char *record)
{
	const char *end = strchrnul(record, ';');
	const char *at = strstr(record, ",caller=");

	return at && at < end;
}
