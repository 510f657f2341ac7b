-- Short words a person puts on rows of any table, the same in any case.
CREATE TABLE studio_tags (
    table_name TEXT NOT NULL,
    row_id TEXT NOT NULL,
    tag TEXT NOT NULL COLLATE NOCASE,
    PRIMARY KEY (table_name, row_id, tag)
) WITHOUT ROWID;

-- Which rows have a tag.
CREATE INDEX studio_tags_by_tag ON studio_tags (tag, table_name, row_id);

-- Searches, filters and orders of a list that a person keeps under a name. The view is JSON.
CREATE TABLE studio_filters (
    table_name TEXT NOT NULL,
    name TEXT NOT NULL COLLATE NOCASE,
    view TEXT NOT NULL,
    PRIMARY KEY (table_name, name)
) WITHOUT ROWID;
