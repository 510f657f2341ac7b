-- What a person has set for this database, such as how many backups to keep. Values are JSON.
CREATE TABLE studio_settings (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
