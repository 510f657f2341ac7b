-- What was found when a dataset's file was last read: enough to notice that it changed, and to reach
-- any of its rows at once. Derived from the file; a row that no longer fits it is made anew.
CREATE TABLE studio_dataset_files (
    dataset_id TEXT NOT NULL PRIMARY KEY REFERENCES datasets (id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    -- Nanoseconds since 1970.
    modified INTEGER NOT NULL,
    -- BLAKE3, in hexadecimal digits.
    hash TEXT NOT NULL,
    rows INTEGER NOT NULL,
    -- Where every so-manieth row starts; NULL where rows can't be reached that way.
    offsets BLOB
);
