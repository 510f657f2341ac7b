//! What the program's own environments are for.

use schema::text_enum;

use crate::{Interpreter, unpack};

text_enum! {
    /// What an environment of the program is for. axolotl has one of its own, because it takes other
    /// versions of the same libraries.
    pub enum EnvironmentKind {
        /// Trainings and evaluations.
        Training = "training", "Training and evaluation";
        /// Trainings by axolotl.
        Axolotl = "axolotl", "axolotl";
    }
}

/// The bytes that must be free beyond the size of an environment before its creation begins.
const RESERVE: u64 = 1_500_000_000;

impl EnvironmentKind {
    /// The bytes on disk of a complete one, measured on Linux, where PyTorch comes with the CUDA
    /// libraries.
    pub(crate) const fn size(self) -> u64 {
        match self {
            Self::Training => 6_500_000_000,
            Self::Axolotl => 6_800_000_000,
        }
    }

    /// The bytes that must be free before the creation begins.
    pub(crate) const fn room(self) -> u64 {
        self.size() + RESERVE
    }

    /// The packages, pinned with hashes.
    pub(crate) const fn requirements(self) -> &'static str {
        match self {
            Self::Training => unpack::REQUIREMENTS,
            Self::Axolotl => unpack::AXOLOTL_REQUIREMENTS,
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
        match self {
            Self::Training => python.missing.clone(),
            // What axolotl itself needs comes with it.
            Self::Axolotl => match python.packages.get("axolotl") {
                Some(Some(_)) => Vec::new(),
                _ => vec!["axolotl".to_owned()],
            },
        }
    }
}
