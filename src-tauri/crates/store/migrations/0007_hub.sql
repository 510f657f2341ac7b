-- What the Hugging Face hub last said of a name, so that rows by hub name can be told verified or
-- not without asking again. Facts are JSON.
CREATE TABLE studio_hub (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    checked_at TEXT NOT NULL,
    facts TEXT NOT NULL,
    PRIMARY KEY (kind, name)
) WITHOUT ROWID;
