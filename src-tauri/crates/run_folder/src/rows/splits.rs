//! The splits of a dataset that a run uses.

use datasets::DatasetFile;
use resources::FineTuningJob;
use schema::{Error, ErrorCode, Result, column};

/// Splits that a dataset holds back itself; the first that exists is used. A folder's `eval` is
/// read as `test`.
const HELD_BACK: [&str; 2] = ["test", "validation"];

/// The splits of a dataset, and which of them holds rows back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Splits {
    /// All of them, in the order in which their rows are numbered.
    pub names: Vec<String>,
    /// The split to train on: the only one that was chosen, else `train`.
    pub train: String,
    /// The split that is held back, if the dataset has one.
    pub held_back: Option<String>,
}

impl Splits {
    /// The name of the split to train on.
    pub fn train_of(file: &DatasetFile) -> &str {
        let chosen = file.options.part.split.as_deref().filter(|_| file.path.is_dir());
        chosen.unwrap_or("train")
    }

    /// The splits of a file or folder. Refused where none is chosen and none of them is called `train`.
    pub fn read(file: &DatasetFile) -> Result<Self> {
        let names = datasets::split_names(file)?;
        let train = Self::train_of(file).to_owned();
        if !names.contains(&train) {
            let message = format!("{} has no split called {train}.", file.path.display());
            return Err(Error::new(ErrorCode::Invalid, message)
                .hint(format!("It has {}. Name a file or folder of it train.", names.join(", ")))
                .on(column!(FineTuningJob, dataset_id)));
        }
        let is_held_back = |held: &&&str| names.iter().any(|name| name == **held && *name != train);
        let held_back = HELD_BACK.iter().find(is_held_back);
        Ok(Self { held_back: held_back.map(|name| (*name).to_owned()), names, train })
    }
}
