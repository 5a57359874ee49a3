-- What the people of a desk keep beside the record: briefs of their own, saved queries, feeds that
-- are watched. Every change is a new version; an empty body takes the thing away.
CREATE TABLE kept (
  kind TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, at TEXT NOT NULL, who TEXT NOT NULL,
  body TEXT NOT NULL, PRIMARY KEY (kind, id, version)
) WITHOUT ROWID;
CREATE TRIGGER kept_stays BEFORE UPDATE ON kept
  BEGIN SELECT RAISE(ABORT, 'versions are append-only'); END;
CREATE TRIGGER kept_is_kept BEFORE DELETE ON kept
  BEGIN SELECT RAISE(ABORT, 'versions are append-only'); END;

-- State of a thing that needs no history: when a feed was read last.
CREATE TABLE state (kind TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID;
