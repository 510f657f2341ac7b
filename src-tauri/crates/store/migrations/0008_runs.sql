-- Runs: what of the jobs happens on this machine. A run is one fine-tuning job, or a group of
-- evaluation jobs; everything else about it lies in its folder.
CREATE TABLE studio_runs (
    -- The fine-tuning job's id, or the evaluation jobs' `parent_job_id`.
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    -- The order in the queue.
    place INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    -- What the executor knows the worker by: the process id and when it started.
    handle TEXT,
    -- Why it ended as it did, and what to do.
    note TEXT,
    hint TEXT,
    created_at TEXT NOT NULL,
    started_at TEXT,
    stop_asked_at TEXT,
    ended_at TEXT
) WITHOUT ROWID;
