/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verb image: the capture kernel's initramfs, made on the machine that it is for. */
#include "verb.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "config/config.h"
#include "image/image.h"
#include "image/join.h"
#include "image/kernelfile.h"
#include "image/pack.h"
#include "kexec/plan.h"

struct options {
	struct image_request request;
	struct arming standing;		/* what the configuration says of every image */
	const char *output, *kernel, *codec;
	bool no_modules, if_needed, list, print_config, join;
	char modules[HOST_PATH_MAX + sizeof("/lib/modules/") + RELEASE_LEN];
	char own_kernel[HOST_PATH_MAX];
};

/* ---- what is asked for ------------------------------------------------------ */

static bool check_together(const struct options *o, struct err *e)
{
	const struct image_request *r = &o->request;

	if (r->generic && (r->config || r->config_only || r->network_freeze ||
			   r->n_interfaces ||
			   o->print_config))
		return fail(e, EINVAL, "--generic has no configuration, and none of --config, "
			    "--config-only, --host, --net, --print-config");
	if (!!r->modules + !!o->kernel + o->no_modules > 1)
		return fail(e, EINVAL, "--kernel, --modules, --no-modules: only one of them");
	if (r->drivers && (o->no_modules || r->config_only))
		return fail(e, EINVAL, "--drivers needs modules to take them from");
	if (r->generic && (r->modules || o->kernel) && !r->drivers)
		return fail(e, EINVAL, "--generic with modules: which ones? (--drivers)");
	if (r->config_only && (r->modules || o->kernel || r->ssh))
		return fail(e, EINVAL, "--config-only has neither modules nor an SSH client");
	return pack_knows(o->codec) || fail(e, EINVAL, "--codec %s: none of " PACK_NAMES,
					    o->codec);
}

/* What is named on the command line, as lines of a configuration would say it. */
static bool by_hand(const struct options *o, struct arming *hand, struct err *e)
{
	const struct image_request *r = &o->request;
	const struct arming_word named[] = {
		{ "kernel", o->kernel },
		{ "image_modules", o->no_modules ? NO_MODULES : r->modules },
		{ "image_drivers", r->drivers }, { "image_ssh", r->ssh },
	};

	*hand = (struct arming){ .network_freeze = r->network_freeze };
	for (unsigned i = 0; i < r->n_interfaces; i++)
		if (!arming_by_hand(hand, &(struct arming_word){ "image_net",
								  r->interfaces[i] }, 1, e))
			return false;
	return arming_by_hand(hand, named, sizeof(named) / sizeof(named[0]), e);
}

/* The capture kernel that the configuration names, unless modules are named otherwise. */
static void take_kernel(struct options *o)
{
	const struct arming *standing = &o->standing;

	if (o->kernel || o->request.modules || o->no_modules)
		return;
	if (!strcmp(standing->modules, NO_MODULES))
		o->no_modules = !o->request.drivers;
	else if (standing->modules[0])
		o->request.modules = standing->modules;
	else if (standing->kernel[0])
		o->kernel = standing->kernel;
}

/* Where the command line names nothing, what the configuration says of every image holds. */
static void take_standing(struct options *o)
{
	struct image_request *r = &o->request;
	const struct arming *standing = &o->standing;
	struct config config;

	if (r->generic)
		return;
	config_take(&config, r->config);
	o->standing = config.arming;
	r->network_freeze |= standing->network_freeze;
	for (unsigned i = 0; !r->n_interfaces && i < standing->n_nets; i++)
		r->interfaces[i] = standing->nets[i];
	if (!r->n_interfaces)
		r->n_interfaces = standing->n_nets;
	if (r->config_only)
		return;
	if (!r->ssh && standing->ssh[0])
		r->ssh = standing->ssh;
	if (!r->drivers && standing->drivers[0] && !o->no_modules)
		r->drivers = standing->drivers;
	take_kernel(o);
}

/* A kernel of ours has all that it needs built in, and can be asked what that is. */
static bool takes_own(const struct options *o)
{
	const struct image_request *r = &o->request;

	if (r->modules || r->drivers)
		return false;
	return o->kernel ? plan_is_own(r->root, o->kernel) : plan_takes_own(r->root);
}

/* Where the modules of the kernel are that `crashbox load` will load. */
static bool find_modules(struct options *o, struct arena *a, struct err *e)
{
	struct image_request *r = &o->request;
	char release[RELEASE_LEN];
	struct utsname uts;
	struct stat st;

	if (r->config_only || (r->generic && !r->drivers))
		return true;
	if (takes_own(o)) {
		r->kernel = o->own_kernel;
		return root_choose(o->own_kernel, r->root, o->kernel, OWN_KERNEL, e);
	}
	if (o->no_modules)
		return true;
	if (!r->modules) {
		uname(&uts);
		snprintf(release, sizeof(release), "%s", uts.release);
		if (o->kernel && !kernelfile_release(o->kernel, a, release, e))
			return false;
		snprintf(o->modules, sizeof(o->modules), "%s/lib/modules/%s", r->root, release);
		r->modules = o->modules;
	}
	if (stat(r->modules, &st) || !S_ISDIR(st.st_mode))
		return fail(e, ENOENT, "%s: no such folder (--modules DIR names another, "
			    "--no-modules is for a kernel with built-in drivers)", r->modules);
	return true;
}

/* ---- what is said ----------------------------------------------------------- */

static double kib(size_t len)
{
	return len / 1024.0;
}

/* What is no error, and the operator has to know all the same. */
static void print_notes(const struct image *im)
{
	const char *at = im->equipment.notes;

	for (size_t len; (len = strcspn(at, "\n")); at += len + 1)
		log_info("image: %.*s", (int)len, at);
}

static void print_list(const struct image *im)
{
	for (unsigned i = 0; i < im->parts.n; i++) {
		const struct image_part *p = &im->parts.part[i];
		unsigned mode = p->file.mode;

		printf("%c%04o %9zu %s%s%s\n", S_ISDIR(mode) ? 'd' : S_ISCHR(mode) ? 'c' : '-',
		       mode & ~S_IFMT, p->file.data.len, p->file.name,
		       p->source[0] ? " " : "", p->source);
	}
}

static void print_summary(const struct options *o, const struct image *im, size_t len)
{
	const struct equipment *q = &im->equipment;
	const struct image_request *r = &o->request;

	if (!strcmp(o->output, FILE_STDOUT))
		return;
	printf("%s: %.0f KiB, %s; %.0f KiB unpacked\n", o->output, kib(len), o->codec,
	       kib(im->archive.len));
	for (unsigned i = 0; !r->generic && i < im->config.n_targets; i++)
		printf("  target   %s\n", im->config.targets[i]);
	for (unsigned i = 0; !r->generic && i < im->config.n_nets; i++) {
		char text[NET_TEXT];

		netspec_format(&im->config.nets[i], text);
		printf("  net      %s\n", text);
	}
	if (r->config_only)
		return;
	printf("  drivers ");
	for (unsigned i = 0; r->modules && i < q->drivers.n; i++)
		printf(" %s", q->drivers.names[i]);
	printf("%s\n", r->modules && q->drivers.n ? "" : " built into the kernel");
	if (r->modules && q->drivers.n)
		printf("  modules  %u of %s, %.0f KiB\n", q->kmods.n, r->modules,
		       kib(im->modules_len));
}

/* ---- doing it --------------------------------------------------------------- */

static bool put_out(const char *path, const struct blob *image, struct err *e)
{
	return (strcmp(path, DEFAULT_IMAGE) || root_make_state("", e)) &&
	       file_put(path, image, e);
}

static bool write_image(const struct options *o, struct image *im, struct err *e)
{
	struct blob packed = im->archive;

	if (o->if_needed && image_is_at(im, o->output, o->codec)) {
		printf("%s: is as it should be\n", o->output);
		/* Its age says whether a change of the configuration was looked at. */
		return !utimensat(AT_FDCWD, o->output, NULL, 0) ||
		       fail(e, errno, "%s: %s", o->output, strerror(errno));
	}
	if (!pack(o->codec, &packed, im->arena, e) || !put_out(o->output, &packed, e))
		return false;
	print_summary(o, im, packed.len);
	return true;
}

/* The next `image --if-needed`, of the service say, goes by the configuration alone. */
static void tell_passing(const struct options *o, const struct arming *hand,
			 const struct err *no_line)
{
	const struct image_request *r = &o->request;
	char line[ARMING_LINE];

	if (r->generic || r->config_only || strcmp(o->output, DEFAULT_IMAGE))
		return;
	if (no_line)
		log_info("image: this holds until the image is made the next time, at boot "
			 "say, and %s cannot make it last: %s", r->config, no_line->text);
	else if (arming_lacks(&o->standing, hand, line))
		log_info("image: this holds until the image is made the next time, at boot "
			 "say; '%s' in %s makes it last", line, r->config);
}

static int run_image(struct options *o)
{
	struct arena arena = { 0 };
	struct arming hand;
	struct image *im = NULL;
	struct err e, no_line;
	bool ok, can_last = by_hand(o, &hand, &no_line);

	take_standing(o);
	ok = arena_init(&arena, IMAGE_WORK_LEN, &e) && find_modules(o, &arena, &e) &&
	     (im = image_make(&o->request, &arena, &e));
	if (ok)
		print_notes(im);
	if (ok && o->print_config)
		fwrite(im->config_text.at, im->config_text.len, 1, stdout);
	else if (ok && o->list)
		print_list(im);
	else if (ok)
		ok = write_image(o, im, &e);
	if (!ok)
		log_info("image: %s", e.text);
	else if (!o->print_config && !o->list)
		tell_passing(o, &hand, can_last ? NULL : &no_line);
	arena_deinit(&arena);
	return !ok;
}

static int run_join(const struct options *o, char **paths, unsigned n)
{
	struct arena arena = { 0 };
	struct blob both;
	struct err e;
	bool ok = arena_init(&arena, IMAGE_WORK_LEN, &e) &&
		  join_images(paths, n, &arena, &both, &e) && put_out(o->output, &both, &e);

	if (!ok)
		log_info("image: %s", e.text);
	else if (strcmp(o->output, FILE_STDOUT))
		printf("%s: %.0f KiB of %u images\n", o->output, kib(both.len), n);
	arena_deinit(&arena);
	return !ok;
}

static bool take_net(void *into, const char *value, struct err *e)
{
	struct image_request *r = &((struct options *)into)->request;

	if (r->n_interfaces == MAX_NETS)
		return fail(e, EINVAL, "more than %u", MAX_NETS);
	r->interfaces[r->n_interfaces++] = value;
	return true;
}

static const struct option_row options[] = {
	OPTION_CONFIG(struct options, request.config),
	OPTION_TEXT("output", "FILE", struct options, output,
		.help = "default " DEFAULT_IMAGE "; mode 0600; '-' is standard output"),
	OPTION_TEXT("kernel", "FILE", struct options, kernel, .help =
		"the capture kernel, whose modules are in /lib/modules/RELEASE, or one made by "
		"crashbox, whose drivers are built in"),
	OPTION_TEXT("modules", "DIR", struct options, request.modules, .joins = JOINS_OR,
		.help = "or that folder itself"),
	OPTION_FLAG("no-modules", struct options, no_modules, .joins = JOINS_OR, .help =
		"drivers are built in; the default if there is " OWN_KERNEL " that may be "
		"loaded, else the running kernel's modules are taken"),
	OPTION_TEXT("drivers", "\"NAME...\"", struct options, request.drivers,
		.help = "these modules, in place of looking them up"),
	OPTION_CALL("net", "IFACE", take_net, .joins = JOINS_MANY,
		.help = "and what this interface needs"),
	OPTION_FLAG("host", struct options, request.network_freeze, .help =
		"write this machine's present addresses, routes and gateways into the image: "
		"of the interfaces of --net, or of those that lead to the targets"),
	OPTION_TEXT("ssh", "PROGRAM", struct options, request.ssh,
		.help = "default /usr/lib/crashbox/ssh, or ssh beside this program"),
	OPTION_TEXT("agent", "PROGRAM", struct options, request.agent,
		.help = "put this crashbox in, maybe for another CPU"),
	OPTION_TEXT("codec", PACK_CHOICE, struct options, codec, .help = "default " PACK_USUAL),
	OPTION_FLAG("generic", struct options, request.generic,
		.help = "without a configuration: one image for a whole fleet"),
	OPTION_FLAG("config-only", struct options, request.config_only, .joins = JOINS_OR,
		.help = "the rest, to be put behind that by --join"),
	OPTION_FLAG("join", struct options, join, .joins = JOINS_LATER,
		.help = "put IMAGEs behind one another; what comes later wins"),
	OPTION_FLAG("if-needed", struct options, if_needed,
		.help = "leave a file alone that is just that already"),
	OPTION_FLAG("list", struct options, list, .joins = JOINS_OR,
		.help = "only say what would go in: type, mode, bytes, name, from where"),
	OPTION_FLAG("print-config", struct options, print_config, .joins = JOINS_OR,
		.help = "only say what its configuration would be"),
	OPTION_ROOT(struct options, request.root),
	OPTION_END
};

static int run(int argc, char **argv)
{
	struct options o = { .request = { .root = "", .agent = "/proc/self/exe" } };
	struct operands words;
	struct err e;

	if (!verb_options(&verb_image, &o, argc, argv, &words))
		return 1;
	if (o.join && (words.n < 2 || words.n_options > 1 + !!o.output))
		return usage("image --join takes two or more IMAGEs, and --output");
	if (!o.output)
		o.output = DEFAULT_IMAGE;
	if (o.join)
		return run_join(&o, words.words, words.n);
	if (words.n)
		return usage("image: '%s' is too much", words.words[0]);
	if (!o.codec)
		o.codec = o.request.config_only ? "none" : PACK_USUAL;
	if (!check_together(&o, &e))
		return usage("image: %s", e.text);
	if (!o.request.config)
		o.request.config = DEFAULT_CONFIG;
	return run_image(&o);
}

const struct verb verb_image = {
	.name = "image",
	.operands = "\n| --join [--output FILE] IMAGE IMAGE...",
	.summary = "make the capture kernel's initramfs",
	.options = options,
	.about =
"In it are this program, the configuration, and the modules that the targets need, as far\n"
"as they can be looked up on this running machine, with the firmware that these may ask\n"
"for; for sftp: targets an SSH client and the ssh_key. The hosts of targets are resolved\n"
"now, as in a crash there is no DNS. The same input gives the same bytes. What no option\n"
"says, the configuration's keys kernel, image_modules, image_drivers, image_net, image_host\n"
"and image_ssh do, in every later image as well.\n",
	.more = "",
	.run = run,
};
