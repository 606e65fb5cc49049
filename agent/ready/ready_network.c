/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The network of a capture. In a crash there is no network but what the image sets up. */
#include "ready_parts.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "config/config.h"
#include "config/resolve.h"
#include "host/check_result.h"
#include "image/drivers.h"
#include "image/gateway.h"
#include "image/net_drivers.h"
#include "targets/target_kinds.h"

/* Does the network line lead to the address? */
static bool leads_to(const struct net_spec *s, const struct ipaddr *ip)
{
	if (ip->family == AF_INET ? s->dhcp : s->slaac)
		return true;
	for (unsigned i = 0; i < s->n_addresses; i++)
		if (prefix_has(&s->addresses[i], ip))
			return true;
	for (unsigned i = 0; i < s->n_routes; i++)
		if (prefix_has(&s->routes[i].to, ip))
			return true;
	return false;
}

static bool any_leads_to(const struct config *c, const struct ipaddr *ip)
{
	for (unsigned i = 0; i < c->n_nets; i++)
		if (leads_to(&c->nets[i], ip))
			return true;
	return false;
}

/* One of the server's addresses does, which is then *way. */
static bool find_way(struct look *l, const struct remote *server, struct ipaddr *way,
		     struct err *e)
{
	struct ipaddr ips[MAX_NAME_ADDRESSES];
	unsigned n = host_names_lookup(&l->config->names, server->host, ips, e);
	char text[IP_TEXT];

	for (unsigned i = 0; i < n; i++)
		if (any_leads_to(l->config, &ips[i])) {
			*way = ips[i];
			return true;
		}
	return n && fail(e, ENETUNREACH, "no net line leads to %s: none has an address of "
			 "its network or a gateway", ip_format(&ips[0], text));
}

/* It answers today, but maybe over a card that no line is for. */
static void check_same_way(struct look *l, const struct ipaddr *way)
{
	const struct config *c = l->config;
	char to[IP_TEXT], which[MAC_TEXT];
	const struct net_spec *s = NULL;
	struct err e;
	unsigned n;

	for (unsigned i = 0; i < c->n_nets; i++) {
		if (!leads_to(&c->nets[i], way))
			continue;
		s = &c->nets[i];
		if (gateway_is_over(s, way, &e))
			return;
	}
	if (s)
		found(l->f, "network", GRADE_WARN, "%s is reached %s now, and net %s is for "
		      "another card: whether it leads there nobody knows",
		      ip_format(way, to), e.text,
		      net_which_format(netspec_cards(s, &n), which));
}

static bool check_way(struct look *l, const struct remote *server)
{
	struct ipaddr way;
	struct err e;

	if (find_way(l, server, &way, &e)) {
		if (!l->root[0])
			check_same_way(l, &way);
		return true;
	}
	found(l->f, "network", GRADE_FAIL, "%s", e.text);
	return false;
}

/* Is there any card that can be brought up? It is the kernel that will choose. */
static bool any_card(struct look *l)
{
	char path[PATH_MAX];
	cleanup_dir DIR *dir = NULL;
	const struct dirent *entry;

	snprintf(path, sizeof(path), "%s/sys/class/net", l->root);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		struct drivers d = { .root = l->root };
		unsigned n_good = 0;
		struct err ignored;

		snprintf(path, sizeof(path), "/sys/class/net/%s/device", entry->d_name);
		if (entry->d_name[0] == '.' || !root_exists(l->root, path) ||
		    !net_drivers_add(&d, entry->d_name, &ignored))
			continue;
		while (n_good < d.n && kernel_reads_module(&l->reads,
							   d.names[n_good]) != READ_NO)
			n_good++;
		if (n_good == d.n)
			return true;
	}
	return false;
}

static bool is_any(const struct net_spec *s)
{
	return !s->n_legs && !s->which.by_mac && !s->which.name[0];
}

/* The interfaces are here, and their drivers in the image. */
static void check_cards(struct look *l)
{
	struct drivers d = { .root = l->root };
	unsigned n_carriers;
	bool any = false;
	struct err e;

	for (unsigned i = 0; i < l->config->n_nets; i++) {
		any |= is_any(&l->config->nets[i]);
		if (!net_drivers_add_spec(&d, &l->config->nets[i], true, &e)) {
			found(l->f, "network", GRADE_FAIL, "%s", e.text);
			return;
		}
	}
	n_carriers = any ? net_count_carriers(l->root) : 0;
	if (n_carriers > 1)
		found(l->f, "network", GRADE_WARN, "net any: %u cards have a carrier, and a "
		      "crash takes the first that it finds: name the one that leads to the "
		      "server by its MAC", n_carriers);
	if (any && !any_card(l))
		found(l->f, "network", GRADE_FAIL, "of no network card here the driver is in "
		      "%s or built into %s: crashbox image --net IFACE, then crashbox load",
		      l->image, kernel_in_use(l));
	else
		ready_drivers(l, "network", "the interfaces", &d);
}

/* The servers may answer today over another card, which no net line is for. */
static void check_carriers(struct look *l)
{
	for (unsigned i = 0; i < l->config->n_nets; i++) {
		const struct net_spec *s = &l->config->nets[i];
		unsigned n;
		char text[MAC_TEXT];
		const char *name = net_which_format(netspec_cards(s, &n), text);

		if (!net_has_carrier(l->root, s))
			found(l->f, "network", GRADE_WARN, "net %s: it is down or has no "
			      "carrier, so nobody knows whether it leads anywhere", name);
		if (net_mac_is_set(l->root, s))
			found(l->f, "network", GRADE_WARN, "net %s: a program has set this "
			      "MAC; in a crash the card has its own, which `ethtool -P` shows",
			      name);
	}
}

/*
 * Who stands there today will stand there in a crash. Only root may have the kernel ask, and
 * a made-up machine has no gateways.
 */
static void check_gateways(struct look *l)
{
	for (unsigned i = 0; i < l->config->n_nets; i++)
		for (unsigned k = 0; k < l->config->nets[i].n_routes; k++) {
			const struct ipaddr *gateway = &l->config->nets[i].routes[k].gateway;
			char text[IP_TEXT];
			struct err e;

			if (ip_is_set(gateway) && !gateway_answers(gateway, &e))
				found(l->f, "network", GRADE_WARN, "gateway %s: %s",
				      ip_format(gateway, text), e.text);
		}
}

/* Is one of our own networks the address's? */
static bool is_neighbour(const struct config *c, const struct ipaddr *ip)
{
	for (unsigned i = 0; i < c->n_nets; i++)
		for (unsigned k = 0; k < c->nets[i].n_addresses; k++)
			if (prefix_has(&c->nets[i].addresses[k], ip))
				return true;
	return false;
}

/*
 * That nobody is told of a crash costs no dump, and so is no failure. A server by UDP cannot
 * be asked whether it listens.
 */
static void check_told(struct look *l, const char *row, const char *who,
		       const struct remote *server)
{
	struct ipaddr way;
	char text[IP_TEXT];
	struct err e;

	if (!l->config->n_nets)
		found(l->f, row, GRADE_WARN, "nothing in %s sets up a network, and %s is to "
		      "be told of a crash: add a net line to %s, or make the image with "
		      "--host", l->image, who, l->config_path);
	else if (!find_way(l, server, &way, &e))
		found(l->f, row, GRADE_WARN, "%s: %s", who, e.text);
	else if (!l->root[0] && !geteuid() && is_neighbour(l->config, &way) &&
		 !gateway_answers(&way, &e))
		found(l->f, row, GRADE_WARN, "%s: %s: %s", who,
		      ip_format(&way, text), e.text);
	else
		found(l->f, row, GRADE_OK, "%s is told of a crash, at %s port %u",
		      who, ip_format(&way, text), server->port);
}

/* True: there is somebody. */
static bool check_all_told(struct look *l)
{
	const struct fence_nodes *nodes = &l->config->fence;
	struct remote server;
	struct err ignored;
	bool any = config_line_server(l->config, &server);

	if (any)
		check_told(l, "line", l->config->report, &server);
	for (unsigned i = 0; i < nodes->n; i++)
		if (remote_parse_node(&server, nodes->names[i], &ignored)) {
			check_told(l, "cluster", nodes->names[i], &server);
			any = true;
		}
	return any;
}

/* Of rows from that one on: what fails there loses no dump. */
static void only_warn(struct check_results *f, unsigned from)
{
	for (unsigned i = from; i < f->n; i++)
		if (f->rows[i].grade == GRADE_FAIL)
			f->rows[i].grade = GRADE_WARN;
}

/* Targets on servers; *is_good if a net line leads to each of them. False: there is none. */
static bool check_targets(struct look *l, bool *is_good)
{
	bool is_wanted = false;
	struct remote server;

	*is_good = true;
	for (unsigned i = 0; i < l->config->n_targets; i++) {
		if (!target_host_of(l->config->targets[i], &server))
			continue;
		is_wanted = true;
		if (l->config->n_nets)
			*is_good &= check_way(l, &server);
	}
	if (is_wanted && !l->config->n_nets)
		found(l->f, "network", GRADE_FAIL, "nothing in %s sets up a network, and a "
		      "target is a server: add a net line to %s, or make the image with "
		      "--host", l->image, l->config_path);
	return is_wanted;
}

void ready_network(struct look *l)
{
	unsigned from = l->f->n;
	bool has_target, has_line, is_good;

	if (!l->has_image || !l->has_config)
		return;
	has_target = check_targets(l, &is_good);
	has_line = check_all_told(l);
	if (!has_target && !has_line)
		return;
	if (l->config->n_nets && is_good) {
		check_cards(l);
		check_carriers(l);
	}
	if (!l->root[0] && !geteuid())
		check_gateways(l);
	if (!l->root[0])
		ready_dhcp(l);
	if (!has_target)
		only_warn(l->f, from);
}
