//! Stories through the command line: one file a resource, and one for each thing to be done with
//! the whole store.

mod adapters;
mod archives;
mod backups;
mod check;
mod configs;
mod datasets;
mod deleted;
mod doctor;
mod environment;
mod evaluation_jobs;
mod example;
mod export;
mod fine_tuning_jobs;
mod grpc;
mod hub;
mod hub_search;
mod import;
mod lineage;
mod log;
mod models;
mod names;
mod odd_sources;
mod opening;
mod prompts;
mod shell;
mod tags;
mod transfers;
mod usage;
mod world;
