//! Settings of a merge.

use serde::{Deserialize, Serialize};

/// How an adapter is merged into its base model.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(default)]
pub struct MergeSettings {
    /// The number format of the weights; none for that of the base model.
    pub precision: Option<MergePrecision>,
    /// The largest size of a file of weights, in bytes; none for 5 GB.
    pub shard_size: Option<u64>,
    /// Whether a row of the models is made for the result.
    pub register: bool,
}

/// A number format of weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum MergePrecision {
    /// 32 bits.
    Float32,
    /// 16 bits with the range of 32.
    Bfloat16,
    /// 16 bits with more digits and less range.
    Float16,
}

impl MergePrecision {
    /// The bytes of a number.
    pub const fn bytes(self) -> u64 {
        match self {
            Self::Float32 => 4,
            Self::Bfloat16 | Self::Float16 => 2,
        }
    }
}
