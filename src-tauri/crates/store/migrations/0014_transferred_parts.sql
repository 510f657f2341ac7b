-- The part of a dataset that a transfer fetches, as JSON with `config` and `split`; empty for what is fetched where
-- nothing is chosen.
ALTER TABLE studio_transfers ADD COLUMN part TEXT NOT NULL DEFAULT '';

DROP INDEX studio_transfers_of;
CREATE UNIQUE INDEX studio_transfers_of ON studio_transfers (kind, name, revision, part);
