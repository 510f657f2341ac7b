//! What an environment is created from.

use crate::unpack;

/// The size of the environment on disk in bytes, measured on Linux, where PyTorch comes with the CUDA
/// libraries.
pub(crate) const SIZE: u64 = 6_500_000_000;
/// The bytes that must be free before the creation begins: [`SIZE`] and a reserve.
const ROOM: u64 = 8_000_000_000;

/// What an environment is created from.
#[derive(Debug, Clone)]
pub struct Recipe {
    /// The requirements, as pip reads them.
    pub requirements: String,
    /// The bytes that must be free.
    pub room: u64,
    /// Environment variables for the installer, in addition to those of this process.
    pub variables: Vec<(String, String)>,
}

impl Default for Recipe {
    /// The libraries that training needs.
    fn default() -> Self {
        Self { requirements: unpack::REQUIREMENTS.to_owned(), room: ROOM, variables: Vec::new() }
    }
}
