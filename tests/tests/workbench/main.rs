//! A Cloudera AI workbench as a compute target, on a workbench of this machine that plays one.

mod faults;
mod lifecycle;
mod place;
mod registry;
mod studios;
mod targets;
#[path = "../runs/world.rs"]
#[expect(dead_code, reason = "the runs of this machine use the rest")]
mod world;
