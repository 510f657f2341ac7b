-- What a person chose about how a dataset's file is read. A dataset without a row here is read as its
-- bytes say; '' stands for what was not chosen.
CREATE TABLE studio_read_options (
    table_name TEXT NOT NULL,
    row_id TEXT NOT NULL,
    -- A character, or `tab`.
    separator TEXT NOT NULL,
    -- As the web platform names encodings: `windows-1252`.
    encoding TEXT NOT NULL,
    -- `double` or `backslash`.
    quote TEXT NOT NULL,
    -- The key of a JSON object under which the rows are.
    list TEXT NOT NULL,
    PRIMARY KEY (table_name, row_id)
) WITHOUT ROWID;

-- The choices with which the file was read then, as JSON: with others, rows are elsewhere.
ALTER TABLE studio_dataset_files ADD COLUMN options TEXT NOT NULL DEFAULT '{}';
