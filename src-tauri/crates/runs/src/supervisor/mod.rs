//! Starts waiting runs, notices what became of the others, and registers their results.

mod exported;
mod fetching;
mod known_states;
mod outcome;
mod start;
mod supervise;
mod transition;
