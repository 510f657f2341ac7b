//! Stories in the real Python environment.

mod environment;
