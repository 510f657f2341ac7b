-- What was deleted, for thirty days. A deletion is brought back as a whole or row by row.
CREATE TABLE studio_deletions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    deleted_at TEXT NOT NULL,
    what TEXT NOT NULL
);

CREATE TABLE studio_deleted_rows (
    deletion INTEGER NOT NULL,
    table_name TEXT NOT NULL,
    row_id TEXT NOT NULL,
    label TEXT NOT NULL,
    PRIMARY KEY (deletion, table_name, row_id)
) WITHOUT ROWID;
CREATE INDEX studio_deleted_rows_by_id ON studio_deleted_rows (table_name, row_id);

-- The values of the rows, and of what hung on them (`source` is the table a value was in, `place`
-- which of its rows). `value` has no type, so that each is kept exactly as it was. `odd` says that
-- it broke a rule already: it referred to nothing, or another row had the same.
CREATE TABLE studio_deleted_values (
    deletion INTEGER NOT NULL,
    table_name TEXT NOT NULL,
    row_id TEXT NOT NULL,
    source TEXT NOT NULL,
    place INTEGER NOT NULL,
    column_name TEXT NOT NULL,
    value,
    odd INTEGER NOT NULL
);
CREATE INDEX studio_deleted_values_of_row ON studio_deleted_values (deletion, table_name, row_id);

-- References that were cleared in rows that stayed.
CREATE TABLE studio_cleared_references (
    deletion INTEGER NOT NULL,
    table_name TEXT NOT NULL,
    row_id TEXT NOT NULL,
    column_name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (deletion, table_name, row_id, column_name)
) WITHOUT ROWID;
