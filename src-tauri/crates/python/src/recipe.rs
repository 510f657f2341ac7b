//! What an environment is created from.

use crate::{EnvironmentKind, managed::hash};

/// What an environment is created from.
#[derive(Debug, Clone)]
pub struct Recipe {
    /// What the environment is for.
    pub kind: EnvironmentKind,
    /// The requirements, as pip reads them.
    pub requirements: String,
    /// The bytes that must be free.
    pub room: u64,
    /// Environment variables for the installer, in addition to those of this process.
    pub variables: Vec<(String, String)>,
}

impl Recipe {
    /// The hash of the requirements, by which an environment is recognized: 64 hexadecimal digits.
    pub fn hash(&self) -> String {
        hash(&self.requirements)
    }

    /// The packages of this program for that kind of environment.
    pub fn new(kind: EnvironmentKind) -> Self {
        Self { kind, requirements: kind.requirements().to_owned(), room: kind.room(), variables: Vec::new() }
    }
}
