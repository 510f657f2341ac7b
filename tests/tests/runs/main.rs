//! Runs on this machine, with a worker that pretends and misbehaves.

mod axolotl;
mod evaluating;
mod killed;
mod lifecycle;
mod queue;
mod rows;
mod starting;
mod world;
