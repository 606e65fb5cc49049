/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The network as this running machine has it now, written down, so that the capture
 * kernel needs neither DHCP nor routers' advertisements.
 */
#ifndef IMAGE_NETWORK_FREEZE_H
#define IMAGE_NETWORK_FREEZE_H

#include <stdbool.h>

struct config;
struct err;

/*
 * Adds to config->nets the named interfaces, or those that lead to the targets if none is
 * named. Cards go by their MAC, as udev's names are not there. VLANs and active-backup
 * bonds are rebuilt; of a bridge the one port that leads out is used. The MACs of gateways
 * are kept for the case that they do not answer. What crashbox could not rebuild is
 * refused.
 */
bool network_freeze(struct config *config, const char *const *interfaces, unsigned n_interfaces,
		    struct err *e);

#endif
