-- What a person chose about how a dataset's file is read. A dataset without a row here is read as its
-- bytes say.
CREATE TABLE studio_read_options (
    table_name TEXT NOT NULL,
    row_id TEXT NOT NULL,
    -- JSON: separator, encoding, quote and list, each null where nothing was chosen.
    options TEXT NOT NULL,
    PRIMARY KEY (table_name, row_id)
) WITHOUT ROWID;

-- The choices with which the file was read then, as JSON: with others, rows are elsewhere.
ALTER TABLE studio_dataset_files ADD COLUMN options TEXT NOT NULL DEFAULT '{}';
