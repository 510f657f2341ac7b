//! Runs on this machine, with a worker that pretends and misbehaves.

mod axolotl;
mod cache;
mod choices;
mod conversations;
mod disk;
mod evaluating;
mod fetching;
mod killed;
mod lengths;
mod lifecycle;
mod methods;
mod preferences;
mod processes;
mod queue;
mod rows;
mod secrets;
mod served;
mod serving;
mod starting;
mod world;
