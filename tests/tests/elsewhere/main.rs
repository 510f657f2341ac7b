//! Runs on compute targets: real servers of this machine, with a worker that pretends and misbehaves.

mod cluster;
mod contract;
mod cuts;
mod killed;
mod lifecycle;
mod place;
mod prepare;
mod queue;
mod secrets;
mod targets;
#[path = "../runs/world.rs"]
#[expect(dead_code, reason = "the runs of this machine use the rest")]
mod world;
