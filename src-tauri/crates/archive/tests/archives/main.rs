//! Archives as a whole: what goes in comes out, what is broken or hostile is refused, and nothing is left of
//! what failed.

mod hostile;
mod laws;
mod links;
mod stops;
mod world;
