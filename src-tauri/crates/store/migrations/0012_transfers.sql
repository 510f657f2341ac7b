-- Transfers: fetches from the Hugging Face Hub into its local cache. The program that holds the lock of a
-- transfer, a file in the folder `transfers` beside the database, carries it out.
CREATE TABLE studio_transfers (
    id TEXT NOT NULL PRIMARY KEY,
    -- model, adapter or dataset
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    -- A branch, a tag or a commit; empty for main.
    revision TEXT NOT NULL,
    state TEXT NOT NULL,
    -- The order in the queue.
    place INTEGER NOT NULL,
    -- The run that it was queued for.
    run_id TEXT,
    -- The commit that the revision had when the transfer began.
    commit_hash TEXT,
    bytes_done INTEGER NOT NULL DEFAULT 0,
    bytes_total INTEGER,
    files_done INTEGER NOT NULL DEFAULT 0,
    files_total INTEGER,
    -- The bytes at an earlier time, from which the rate is computed, and the time of the progress.
    rate_bytes INTEGER,
    rate_from TEXT,
    progress_at TEXT,
    -- Why no bytes come at the moment, or why it failed: code, sentence, what to do.
    code TEXT,
    message TEXT,
    hint TEXT,
    -- What was fetched, as JSON.
    fetched TEXT,
    -- Partial files of a cancelled transfer are still to be removed.
    discards INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    started_at TEXT,
    ended_at TEXT
) WITHOUT ROWID;

-- There is one transfer of the same files.
CREATE UNIQUE INDEX studio_transfers_of ON studio_transfers (kind, name, revision);
