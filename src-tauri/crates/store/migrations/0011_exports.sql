-- Exports: what a run of the kind `export` was asked for and what came of it. The row that it was made
-- from may be deleted and the export stays, so there are no foreign keys.
CREATE TABLE studio_exports (
    run_id TEXT NOT NULL PRIMARY KEY,
    -- `merge`, …: what is written.
    way TEXT NOT NULL,
    -- The row that is exported.
    source_table TEXT NOT NULL,
    source_id TEXT NOT NULL,
    -- JSON: the request as it was made, and the report of the last attempt that wrote one.
    request TEXT NOT NULL,
    report TEXT,
    -- The path or the address of the result.
    output TEXT,
    -- The row that was registered for the result.
    made_table TEXT,
    made_id TEXT
) WITHOUT ROWID;
CREATE INDEX studio_exports_source ON studio_exports (source_table, source_id);
CREATE INDEX studio_exports_made ON studio_exports (made_table, made_id);
