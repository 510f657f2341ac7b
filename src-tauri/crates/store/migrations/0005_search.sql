-- Which rows changed or went, whoever did it, so that an index of words can follow. New rows need no
-- note: they have larger rowids than any row had since the last note. The index itself is never in this file.
CREATE TABLE studio_search_notes (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    table_name TEXT NOT NULL,
    -- The row's rowid, or its id where only that is known.
    row INTEGER,
    row_id TEXT,
    -- The largest rowid left, where a row went: the next new row comes after it.
    last INTEGER
);

CREATE TRIGGER studio_datasets_changed AFTER UPDATE ON datasets BEGIN
    INSERT INTO studio_search_notes (table_name, row) VALUES ('datasets', OLD.rowid);
END;
CREATE TRIGGER studio_datasets_gone AFTER DELETE ON datasets BEGIN
    INSERT INTO studio_search_notes (table_name, row, last)
    SELECT 'datasets', OLD.rowid, coalesce(max(rowid), 0) FROM datasets;
END;

CREATE TRIGGER studio_models_changed AFTER UPDATE ON models BEGIN
    INSERT INTO studio_search_notes (table_name, row) VALUES ('models', OLD.rowid);
END;
CREATE TRIGGER studio_models_gone AFTER DELETE ON models BEGIN
    INSERT INTO studio_search_notes (table_name, row, last)
    SELECT 'models', OLD.rowid, coalesce(max(rowid), 0) FROM models;
END;

CREATE TRIGGER studio_adapters_changed AFTER UPDATE ON adapters BEGIN
    INSERT INTO studio_search_notes (table_name, row) VALUES ('adapters', OLD.rowid);
END;
CREATE TRIGGER studio_adapters_gone AFTER DELETE ON adapters BEGIN
    INSERT INTO studio_search_notes (table_name, row, last)
    SELECT 'adapters', OLD.rowid, coalesce(max(rowid), 0) FROM adapters;
END;

CREATE TRIGGER studio_prompts_changed AFTER UPDATE ON prompts BEGIN
    INSERT INTO studio_search_notes (table_name, row) VALUES ('prompts', OLD.rowid);
END;
CREATE TRIGGER studio_prompts_gone AFTER DELETE ON prompts BEGIN
    INSERT INTO studio_search_notes (table_name, row, last)
    SELECT 'prompts', OLD.rowid, coalesce(max(rowid), 0) FROM prompts;
END;

CREATE TRIGGER studio_configs_changed AFTER UPDATE ON configs BEGIN
    INSERT INTO studio_search_notes (table_name, row) VALUES ('configs', OLD.rowid);
END;
CREATE TRIGGER studio_configs_gone AFTER DELETE ON configs BEGIN
    INSERT INTO studio_search_notes (table_name, row, last)
    SELECT 'configs', OLD.rowid, coalesce(max(rowid), 0) FROM configs;
END;

CREATE TRIGGER studio_fine_tuning_jobs_changed AFTER UPDATE ON fine_tuning_jobs BEGIN
    INSERT INTO studio_search_notes (table_name, row) VALUES ('fine_tuning_jobs', OLD.rowid);
END;
CREATE TRIGGER studio_fine_tuning_jobs_gone AFTER DELETE ON fine_tuning_jobs BEGIN
    INSERT INTO studio_search_notes (table_name, row, last)
    SELECT 'fine_tuning_jobs', OLD.rowid, coalesce(max(rowid), 0) FROM fine_tuning_jobs;
END;

CREATE TRIGGER studio_evaluation_jobs_changed AFTER UPDATE ON evaluation_jobs BEGIN
    INSERT INTO studio_search_notes (table_name, row) VALUES ('evaluation_jobs', OLD.rowid);
END;
CREATE TRIGGER studio_evaluation_jobs_gone AFTER DELETE ON evaluation_jobs BEGIN
    INSERT INTO studio_search_notes (table_name, row, last)
    SELECT 'evaluation_jobs', OLD.rowid, coalesce(max(rowid), 0) FROM evaluation_jobs;
END;

-- Tags are words of their rows.
CREATE TRIGGER studio_tags_put AFTER INSERT ON studio_tags BEGIN
    INSERT INTO studio_search_notes (table_name, row_id) VALUES (NEW.table_name, NEW.row_id);
END;
CREATE TRIGGER studio_tags_changed AFTER UPDATE ON studio_tags BEGIN
    INSERT INTO studio_search_notes (table_name, row_id) VALUES (NEW.table_name, NEW.row_id);
END;
CREATE TRIGGER studio_tags_taken AFTER DELETE ON studio_tags BEGIN
    INSERT INTO studio_search_notes (table_name, row_id) VALUES (OLD.table_name, OLD.row_id);
END;
