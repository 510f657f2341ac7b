//! The splits of a dataset that a run uses.

use resources::FineTuningJob;
use std::path::Path;

use schema::{Error, ErrorCode, Result, column};

/// Splits that a dataset holds back itself; the first that exists is used. A folder's `eval` is
/// read as `test`.
const HELD_BACK: [&str; 2] = ["test", "validation"];

/// The splits of a dataset, and which of them holds rows back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Splits {
    /// All of them, in the order in which their rows are numbered.
    pub names: Vec<String>,
    /// The split that is held back, if the dataset has one.
    pub held_back: Option<String>,
}

impl Splits {
    /// The split to train on.
    pub const TRAIN: &str = "train";

    /// The splits of a file or folder. Refused where none of them is called `train`.
    pub fn read(path: &Path) -> Result<Self> {
        let names = datasets::split_names(path)?;
        if !names.iter().any(|name| name == Self::TRAIN) {
            let message = format!("{} has no split called train.", path.display());
            return Err(Error::new(ErrorCode::Invalid, message)
                .hint(format!("It has {}. Name a file or folder of it train.", names.join(", ")))
                .on(column!(FineTuningJob, dataset_id)));
        }
        let held_back = HELD_BACK.iter().find(|held| names.iter().any(|name| name == *held));
        Ok(Self { held_back: held_back.map(|name| (*name).to_owned()), names })
    }
}
