-- The record. Keys are content hashes (16 bytes; pages 32), every insert may be repeated.
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- Bytes of a page: one gzip member of pages/NNNNN.warc.gz. Never changed.
CREATE TABLE raw_page (
  sha256 BLOB PRIMARY KEY, segment INTEGER NOT NULL, start INTEGER NOT NULL, stored INTEGER NOT NULL,
  len INTEGER NOT NULL, mime TEXT NOT NULL, charset TEXT
) WITHOUT ROWID;
CREATE INDEX raw_page_place ON raw_page (segment, start, stored);

-- The same page seen again adds a line here, not a document. An unknown time is ''.
CREATE TABLE capture (
  sha256 BLOB NOT NULL, url TEXT NOT NULL, captured_at TEXT NOT NULL, source TEXT NOT NULL,
  PRIMARY KEY (sha256, url, captured_at, source)
) WITHOUT ROWID;

-- doc_id = H(page, address). known: days since year 0 plus one, 0 unknown. head: the coding shown.
CREATE TABLE document (
  n INTEGER PRIMARY KEY, doc_id BLOB NOT NULL UNIQUE, sha256 BLOB NOT NULL, url TEXT NOT NULL,
  known INTEGER NOT NULL, head BLOB NOT NULL
);
CREATE INDEX document_known ON document (known);
CREATE INDEX document_page ON document (sha256);

-- A cleaned article. Offsets are bytes of the text.
CREATE TABLE article (
  article_id BLOB PRIMARY KEY, doc_id BLOB NOT NULL, text_sha TEXT NOT NULL, title TEXT NOT NULL,
  site TEXT, published TEXT, lang TEXT, article_z BLOB NOT NULL, text_z BLOB NOT NULL
);
CREATE INDEX article_text ON article (text_sha);

-- One reading of one article by one set of rules: times and coding as one zlib JSON, because they
-- are always read together.
CREATE TABLE coding (
  coding_id BLOB PRIMARY KEY, doc_id BLOB NOT NULL, article_id BLOB NOT NULL, ruleset_id BLOB NOT NULL,
  made_at TEXT NOT NULL, events INTEGER NOT NULL, marks_z BLOB NOT NULL
);
CREATE UNIQUE INDEX coding_reading ON coding (doc_id, ruleset_id);
CREATE TABLE ruleset (ruleset_id BLOB PRIMARY KEY, label TEXT NOT NULL, parts TEXT NOT NULL) WITHOUT ROWID;

-- What the shown coding names, folded: the filters of search.
CREATE TABLE term (
  n INTEGER NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (n, kind, value)
) WITHOUT ROWID;

CREATE TABLE correction (
  seq INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, why TEXT NOT NULL, kind TEXT NOT NULL,
  key TEXT NOT NULL, field TEXT NOT NULL, old TEXT NOT NULL, new TEXT NOT NULL,
  prev TEXT NOT NULL, hash TEXT NOT NULL
);
CREATE TRIGGER correction_stays BEFORE UPDATE ON correction
  BEGIN SELECT RAISE(ABORT, 'corrections are append-only'); END;
CREATE TRIGGER correction_is_kept BEFORE DELETE ON correction
  BEGIN SELECT RAISE(ABORT, 'corrections are append-only'); END;

CREATE TABLE change_log (seq INTEGER PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL);

CREATE TABLE inbox (
  key TEXT PRIMARY KEY, name TEXT NOT NULL, stage TEXT NOT NULL, result TEXT NOT NULL, error TEXT,
  remedy TEXT, doc_id BLOB, at TEXT NOT NULL
) WITHOUT ROWID;

-- Tokens come ready from our own analyser. rowid = known << 32 | n: newest first is the index's own
-- order, and a range of days is a range of rowids.
CREATE VIRTUAL TABLE fts USING fts5 (
  title, body, content = '', contentless_delete = 1, tokenize = 'ascii'
);
