//! A Cloudera AI workbench as a compute target, on a workbench of this machine that plays one.

mod place;
mod registry;
mod studios;
mod targets;
