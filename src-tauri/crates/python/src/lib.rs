//! Python on this machine: the interpreters and what they have of what training needs, the program's
//! own environments, and the command that starts the worker.
//!
//! The worker's package is part of the program and is unpacked when it is first used, so that any
//! interpreter with the libraries can run it. Nothing is installed into interpreters of others.
//!
//! May use: `schema`; `platform` for files, blocking work, settings and progress.

mod candidates;
mod create;
mod environment_kind;
mod install;
mod install_fault;
mod interpreter;
mod managed;
mod overlay;
mod own_environment;
mod places;
mod probe;
mod probe_cache;
mod process;
mod progress;
mod python;
mod recipe;
mod report;
mod unpack;
mod uv;
mod worker;
mod working;

pub use environment_kind::EnvironmentKind;
pub use install::Downloads;
pub use install_fault::InstallFault;
pub use interpreter::{Accelerator, Interpreter, InterpreterSource, MinorVersion, OLDEST, minor_version};
pub use managed::EnvironmentState;
pub use own_environment::OwnEnvironment;
pub use places::Places;
pub use progress::{CreationStep, EnvironmentProgress};
pub use python::Python;
pub use recipe::Recipe;
pub use report::EnvironmentReport;
pub use uv::UV_VERSION;
pub use worker::WorkerCommand;
pub use working::{CREATE_AXOLOTL_ENVIRONMENT, CREATE_ENVIRONMENT, CREATE_GGUF_ENVIRONMENT};
