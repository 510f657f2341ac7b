//! Runs on compute targets: real servers of this machine, with a worker that pretends and misbehaves.

mod asked;
mod cluster;
mod contract;
mod cuts;
mod disk;
mod exports;
mod hundred_cuts;
mod killed;
mod lifecycle;
mod moved;
mod place;
mod prepare;
mod queue;
mod secrets;
#[path = "../runs/served.rs"]
mod served;
mod targets;
#[path = "../runs/world.rs"]
#[expect(dead_code, reason = "the runs of this machine use the rest")]
mod world;
