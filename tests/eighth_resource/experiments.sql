CREATE TABLE experiments (
    id VARCHAR NOT NULL PRIMARY KEY,
    question VARCHAR,
    state VARCHAR,
    dataset_id VARCHAR REFERENCES datasets (id),
    answer TEXT,
    confidence FLOAT
);
