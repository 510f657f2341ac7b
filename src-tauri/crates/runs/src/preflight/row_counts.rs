//! How many rows a dataset has, remembered while a form is filled in.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use datasets::{Reading, Stamp};
use platform::Work;
use schema::Result;

use crate::Splits;

/// How many rows each split of a dataset has, kept as long as its files stay as they are.
#[derive(Debug, Clone, Default)]
pub(crate) struct RowCounts(Arc<Mutex<HashMap<PathBuf, Known>>>);

#[derive(Debug, Clone)]
struct Known {
    stamp: Stamp,
    rows: Vec<(String, u64)>,
}

impl RowCounts {
    /// The rows of each of the splits of what lies there, in their order. `known` is what was read of it
    /// before.
    pub(super) fn of(
        &self,
        path: &Path,
        splits: &Splits,
        stamp: Stamp,
        known: Option<&Reading>,
    ) -> Result<Vec<(String, u64)>> {
        let memory = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = memory().get(path).filter(|known| known.stamp == stamp) {
            return Ok(known.rows.clone());
        }
        let rows = match (splits.names(), known.filter(|known| known.is_of(path))) {
            ([only], Some(known)) => vec![(only.clone(), known.rows)],
            _ => {
                let count = |name: &String| {
                    let rows = datasets::each_row(path, Some(name), 0, &Work::unwatched(), |_| Ok(()))?;
                    Ok((name.clone(), rows))
                };
                splits.names().iter().map(count).collect::<Result<_>>()?
            }
        };
        memory().insert(path.to_owned(), Known { stamp, rows: rows.clone() });
        Ok(rows)
    }
}
