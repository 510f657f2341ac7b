//! One Python interpreter and what it has of what training needs.

use std::collections::BTreeMap;

use schema::text_enum;
use serde::{Deserialize, Serialize};

text_enum! {
    /// How an interpreter was found.
    pub enum InterpreterSource {
        /// It was chosen in the settings.
        Chosen = "chosen", "Chosen";
        /// It is that of the program's own environment.
        Managed = "managed", "Made by this program";
        /// A virtual environment is active.
        VirtualEnv = "virtual_env", "Active virtual environment";
        /// A conda environment is active.
        Conda = "conda", "Active conda environment";
        /// It is on the system's path.
        Path = "path", "On the path";
        /// pyenv installed it.
        Pyenv = "pyenv", "pyenv";
    }
}

/// A device that training can run on, other than the CPU.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Accelerator {
    /// PyTorch's name for its kind: `cuda` or `mps`.
    pub kind: String,
    /// The name of the model, as its driver reports it.
    pub name: String,
    /// Its own memory, if it is known.
    #[serde(default)]
    pub memory_bytes: Option<u64>,
    /// Whether it has bfloat16 in hardware, as NVIDIA's have since 2020.
    #[serde(default)]
    pub bfloat16: bool,
    /// Whether models can be quantized on it, which depends on its kind and on bitsandbytes.
    #[serde(default)]
    pub quantizes: bool,
}

/// A Python interpreter on this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Interpreter {
    /// The path of the program.
    pub path: String,
    /// How it was found.
    pub source: InterpreterSource,
    /// The version of Python; `None` if it did not answer.
    pub version: Option<String>,
    /// The version of each library that training uses; `None` if it is not installed.
    pub packages: BTreeMap<String, Option<String>>,
    /// The libraries that training needs and that are not installed.
    pub missing: Vec<String>,
    /// Why it can't be used.
    pub problem: Option<String>,
}

impl Interpreter {
    /// Whether it can run the worker.
    pub fn complete(&self) -> bool {
        self.problem.is_none() && self.missing.is_empty()
    }

    /// Its major and minor version.
    pub(crate) fn minor_version(&self) -> Option<MinorVersion> {
        minor_version(self.version.as_deref()?)
    }
}

/// The oldest Python that runs the worker and its libraries.
pub const OLDEST: MinorVersion = (3, 11);

/// Major and minor version.
pub type MinorVersion = (u32, u32);

/// Parses `3.11.7`.
pub fn minor_version(version: &str) -> Option<MinorVersion> {
    let mut parts = version.split('.').map(str::parse);
    Some((parts.next()?.ok()?, parts.next()?.ok()?))
}
