//! The rules of the core, on real databases and real files.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::allow_attributes,
    reason = "a test stops at the first surprise, and some lints fire only in some modules"
)]

mod axolotl;
mod backups;
mod changes;
mod checking;
mod configs;
mod contract;
mod conversions;
mod dataset_files;
mod dataset_formats;
mod dataset_identity;
mod dataset_seeking;
mod deleted;
mod deleted_exactly;
mod doctor;
mod elsewhere;
mod environment;
mod example;
mod export;
mod export_rows;
mod exports;
mod exports_gguf;
mod fitting;
mod folders;
mod hostile;
mod hub;
mod hub_cache;
mod hub_server;
mod import;
mod interpreters;
mod interrupted;
mod lineage;
mod lossless;
mod odd_databases;
mod odd_snapshots;
mod opening;
mod profiles;
mod python;
mod pythons;
mod rendering;
mod rules;
mod schema;
mod search;
mod snapshots;
mod tags;
mod targets;
mod training_choices;
mod travelling;
mod trials;
mod weights;
mod world;
