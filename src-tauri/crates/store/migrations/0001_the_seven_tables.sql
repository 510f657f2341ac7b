-- The seven tables as every program that knows them expects them: names, types and references.
-- A database of the reference studio already has them, hence IF NOT EXISTS.
CREATE TABLE IF NOT EXISTS models (
    id VARCHAR NOT NULL PRIMARY KEY,
    type VARCHAR,
    framework VARCHAR,
    name VARCHAR,
    description VARCHAR,
    huggingface_model_name VARCHAR,
    location VARCHAR,
    cml_registered_model_id VARCHAR,
    mlflow_experiment_id VARCHAR,
    mlflow_run_id VARCHAR
);

CREATE TABLE IF NOT EXISTS datasets (
    id VARCHAR NOT NULL PRIMARY KEY,
    type VARCHAR,
    name VARCHAR,
    description TEXT,
    huggingface_name VARCHAR,
    location TEXT,
    features TEXT
);

CREATE TABLE IF NOT EXISTS prompts (
    id VARCHAR NOT NULL PRIMARY KEY,
    type VARCHAR,
    name VARCHAR,
    description VARCHAR,
    dataset_id VARCHAR REFERENCES datasets (id),
    prompt_template VARCHAR,
    input_template VARCHAR,
    completion_template VARCHAR
);

CREATE TABLE IF NOT EXISTS configs (
    id VARCHAR NOT NULL PRIMARY KEY,
    type VARCHAR,
    description VARCHAR,
    config TEXT,
    model_family VARCHAR,
    is_default INTEGER
);

CREATE TABLE IF NOT EXISTS adapters (
    id VARCHAR NOT NULL PRIMARY KEY,
    type VARCHAR,
    name VARCHAR,
    description VARCHAR,
    huggingface_name VARCHAR,
    model_id VARCHAR REFERENCES models (id),
    location TEXT,
    fine_tuning_job_id VARCHAR REFERENCES fine_tuning_jobs (id),
    prompt_id VARCHAR REFERENCES prompts (id),
    cml_registered_model_id VARCHAR,
    mlflow_experiment_id VARCHAR,
    mlflow_run_id VARCHAR
);

CREATE TABLE IF NOT EXISTS fine_tuning_jobs (
    id VARCHAR NOT NULL PRIMARY KEY,
    base_model_id VARCHAR REFERENCES models (id),
    dataset_id VARCHAR REFERENCES datasets (id),
    prompt_id VARCHAR REFERENCES prompts (id),
    num_workers INTEGER,
    cml_job_id VARCHAR,
    adapter_id VARCHAR REFERENCES adapters (id),
    num_cpu INTEGER,
    num_gpu INTEGER,
    num_memory INTEGER,
    num_epochs INTEGER,
    learning_rate DOUBLE,
    out_dir VARCHAR,
    training_arguments_config_id VARCHAR REFERENCES configs (id),
    model_bnb_config_id VARCHAR REFERENCES configs (id),
    adapter_bnb_config_id VARCHAR REFERENCES configs (id),
    lora_config_id VARCHAR REFERENCES configs (id),
    training_arguments_config VARCHAR,
    model_bnb_config VARCHAR,
    adapter_bnb_config VARCHAR,
    lora_config VARCHAR,
    dataset_fraction DOUBLE,
    train_test_split DOUBLE,
    user_script VARCHAR,
    user_config_id VARCHAR REFERENCES configs (id),
    framework_type VARCHAR,
    axolotl_config_id VARCHAR REFERENCES configs (id),
    gpu_label_id INTEGER,
    adapter_name VARCHAR
);

CREATE TABLE IF NOT EXISTS evaluation_jobs (
    id VARCHAR NOT NULL PRIMARY KEY,
    type VARCHAR,
    cml_job_id VARCHAR,
    parent_job_id VARCHAR,
    base_model_id VARCHAR REFERENCES models (id),
    dataset_id VARCHAR REFERENCES datasets (id),
    prompt_id VARCHAR REFERENCES prompts (id),
    num_workers INTEGER,
    adapter_id VARCHAR REFERENCES adapters (id),
    num_cpu INTEGER,
    num_gpu INTEGER,
    num_memory INTEGER,
    evaluation_dir VARCHAR,
    model_bnb_config_id VARCHAR REFERENCES configs (id),
    adapter_bnb_config_id VARCHAR REFERENCES configs (id),
    generation_config_id VARCHAR REFERENCES configs (id),
    model_bnb_config VARCHAR,
    adapter_bnb_config VARCHAR,
    generation_config VARCHAR
);

-- When a row was made and last changed here. The seven tables have no times of their own.
CREATE TABLE studio_times (
    table_name TEXT NOT NULL,
    row_id TEXT NOT NULL,
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    PRIMARY KEY (table_name, row_id)
) WITHOUT ROWID;

-- The references people walk most, both ways.
CREATE INDEX IF NOT EXISTS studio_prompts_dataset ON prompts (dataset_id);
CREATE INDEX IF NOT EXISTS studio_adapters_model ON adapters (model_id);
CREATE INDEX IF NOT EXISTS studio_adapters_prompt ON adapters (prompt_id);
CREATE INDEX IF NOT EXISTS studio_adapters_job ON adapters (fine_tuning_job_id);
CREATE INDEX IF NOT EXISTS studio_jobs_model ON fine_tuning_jobs (base_model_id);
CREATE INDEX IF NOT EXISTS studio_jobs_dataset ON fine_tuning_jobs (dataset_id);
CREATE INDEX IF NOT EXISTS studio_jobs_prompt ON fine_tuning_jobs (prompt_id);
CREATE INDEX IF NOT EXISTS studio_evaluations_model ON evaluation_jobs (base_model_id);
CREATE INDEX IF NOT EXISTS studio_evaluations_dataset ON evaluation_jobs (dataset_id);
CREATE INDEX IF NOT EXISTS studio_evaluations_prompt ON evaluation_jobs (prompt_id);
CREATE INDEX IF NOT EXISTS studio_evaluations_adapter ON evaluation_jobs (adapter_id);
