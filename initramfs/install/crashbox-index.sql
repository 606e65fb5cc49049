-- SPDX-License-Identifier: GPL-2.0-or-later
-- Tables and views for the lines of `crashbox index`, in PostgreSQL 13 and later. May be run
-- again at any time. What is asked often is narrow; the files as they are lie in a table of
-- their own, so that counting a million crashes reads no report.

CREATE TABLE IF NOT EXISTS crashes (
	id text PRIMARY KEY CHECK (id ~ '^[0-9a-f]{64}$'),
	folder text NOT NULL,
	host text NOT NULL,
	crashed timestamptz,		-- null: no clock was right
	kernel text NOT NULL,
	panic text NOT NULL,
	state text NOT NULL,
	bytes bigint NOT NULL,
	encrypted boolean NOT NULL,
	signature text,			-- null: nobody could tell
	coarse text,
	title text,
	loaded timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS crashes_of_signature ON crashes (signature, crashed);
CREATE INDEX IF NOT EXISTS crashes_of_host ON crashes (host, crashed);
CREATE INDEX IF NOT EXISTS crashes_in_time ON crashes (crashed);

CREATE TABLE IF NOT EXISTS crash_files (
	id text PRIMARY KEY REFERENCES crashes ON DELETE CASCADE,
	manifest jsonb,
	report jsonb
);

-- How often each fault, by day: what all other views are made of. One row for each host and
-- kernel of a fault and day, so that a fleet's loop of crashes is one row.
CREATE MATERIALIZED VIEW IF NOT EXISTS crash_days AS
	SELECT coalesce(signature, '') AS signature, coalesce(max(title), max(panic)) AS title,
		kernel, host, date_trunc('day', crashed) AS day, count(*) AS crashes,
		min(crashed) AS first, max(crashed) AS last,
		count(*) FILTER (WHERE state = 'complete') AS complete
	FROM crashes GROUP BY signature, kernel, host, date_trunc('day', crashed);

-- By fault over time.
CREATE MATERIALIZED VIEW IF NOT EXISTS crashes_by_signature_and_day AS
	SELECT signature, max(title) AS title, day, sum(crashes) AS crashes,
		count(DISTINCT host) AS hosts
	FROM crash_days GROUP BY signature, day;
CREATE MATERIALIZED VIEW IF NOT EXISTS crashes_by_signature AS
	SELECT signature, max(title) AS title, sum(crashes) AS crashes,
		count(DISTINCT host) AS hosts, count(DISTINCT kernel) AS kernels,
		min(first) AS first, max(last) AS last, sum(complete) AS complete
	FROM crash_days GROUP BY signature;
CREATE MATERIALIZED VIEW IF NOT EXISTS crashes_by_kernel AS
	SELECT kernel, sum(crashes) AS crashes, count(DISTINCT host) AS hosts,
		count(DISTINCT signature) AS signatures, min(first) AS first, max(last) AS last
	FROM crash_days GROUP BY kernel;
CREATE MATERIALIZED VIEW IF NOT EXISTS crashes_by_host AS
	SELECT host, sum(crashes) AS crashes, count(DISTINCT signature) AS signatures,
		min(first) AS first, max(last) AS last
	FROM crash_days GROUP BY host;

-- What is being loaded: empty before and after.
CREATE UNLOGGED TABLE IF NOT EXISTS crash_lines (line jsonb);

-- Takes a line of `crashbox index` each out of crash_lines; a crash that is known is renewed.
CREATE OR REPLACE FUNCTION crashes_take() RETURNS bigint LANGUAGE sql AS $$
	WITH newest AS (
		SELECT DISTINCT ON (line->>'id') line FROM crash_lines ORDER BY line->>'id'
	), taken AS (
		INSERT INTO crashes (id, folder, host, crashed, kernel, panic, state, bytes,
				     encrypted, signature, coarse, title)
		SELECT line->>'id', line->>'folder', line->>'host',
			nullif((line->>'time')::timestamptz, '1970-01-01 00:00:00Z'),
			line->>'kernel', line->>'panic', line->>'state', (line->>'bytes')::bigint,
			(line->>'encrypted')::boolean,
			coalesce(line#>>'{report,signature,id}', line#>>'{manifest,signature}'),
			line#>>'{report,signature,coarse}',
			coalesce(line#>>'{report,signature,title}', line#>>'{manifest,title}')
		FROM newest
		ON CONFLICT (id) DO UPDATE SET folder = excluded.folder, state = excluded.state,
			bytes = excluded.bytes, signature = excluded.signature,
			coarse = excluded.coarse, title = excluded.title, loaded = now()
		RETURNING id
	), files AS (
		INSERT INTO crash_files (id, manifest, report)
		SELECT line->>'id', nullif(line->'manifest', 'null'), nullif(line->'report', 'null')
		FROM newest
		ON CONFLICT (id) DO UPDATE SET manifest = excluded.manifest, report = excluded.report
	)
	SELECT count(*) FROM taken
$$;
