-- What a person chose for a training beyond the columns of its job. A training without a row here is
-- done as its columns say.
CREATE TABLE studio_training_choices (
    table_name TEXT NOT NULL,
    row_id TEXT NOT NULL,
    -- JSON: method, row format, chat template and the like, each null where nothing was chosen.
    choices TEXT NOT NULL,
    PRIMARY KEY (table_name, row_id)
) WITHOUT ROWID;
