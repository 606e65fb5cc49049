#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Nothing in the repository names the machine or the folders it was written on. Where root
# has its SSH keys is a convention of kdump's, and no such folder.
# shellcheck source=tests/lint/lib.sh
. "${0%/*}/lib.sh"

pattern="/wor[k]/|[.]librar[y]|/root[/]([^.]|[.][^s])|\\bissue [0-9]"
files | grep -v "^LICENSE$" | grep_in -anHiE "$pattern" > build/lint-private
verdict < build/lint-private
