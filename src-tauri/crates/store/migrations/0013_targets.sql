-- Compute targets: machines and clusters on which runs work besides this one. Never keys or passwords.
CREATE TABLE studio_targets (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE,
    -- What it is and how it is reached, as JSON.
    settings TEXT NOT NULL,
    -- The seal of the settings that a person confirmed, which holds on their machine alone.
    confirmed TEXT,
    -- The last check with these settings and its time, as JSON.
    last_check TEXT,
    created_at TEXT NOT NULL
) WITHOUT ROWID;

-- The target on which a run works; none for this machine.
ALTER TABLE studio_runs ADD COLUMN target TEXT;
