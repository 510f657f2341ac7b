//! How many rows a dataset has, cached because a plan is made at every change of a form.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use datasets::{Reading, Stamp};
use platform::Work;
use schema::Result;

use super::splits::Splits;

/// Row counts by dataset path, valid while the stamp of its files is the same.
#[derive(Debug, Clone, Default)]
pub(crate) struct RowCountCache(Arc<Mutex<HashMap<PathBuf, Known>>>);

#[derive(Debug, Clone)]
struct Known {
    stamp: Stamp,
    rows: Vec<(String, u64)>,
}

impl RowCountCache {
    /// The row count of each split, in their order. `known` is the last complete reading of the
    /// dataset, which saves counting a single file.
    pub(crate) fn counts(
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
        let rows = match (splits.names.as_slice(), known.filter(|known| known.is_of(path))) {
            ([only], Some(known)) => vec![(only.clone(), known.rows)],
            _ => {
                let count = |name: &String| {
                    let rows = datasets::each_row(path, Some(name), 0, &Work::unwatched(), |_| Ok(()))?;
                    Ok((name.clone(), rows))
                };
                splits.names.iter().map(count).collect::<Result<_>>()?
            }
        };
        memory().insert(path.to_owned(), Known { stamp, rows: rows.clone() });
        Ok(rows)
    }
}
