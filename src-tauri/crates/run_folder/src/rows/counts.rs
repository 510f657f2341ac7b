//! How many rows a dataset has, cached because a plan is made at every change of a form.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use datasets::{DatasetFile, ReadOptions, Reading, Stamp};
use platform::Work;
use schema::Result;

use super::splits::Splits;

/// Row counts by dataset path, valid while the stamp of its files is the same.
#[derive(Debug, Clone, Default)]
pub struct RowCountCache(Arc<Mutex<HashMap<PathBuf, Known>>>);

#[derive(Debug, Clone)]
struct Known {
    stamp: Stamp,
    options: ReadOptions,
    rows: Vec<(String, u64)>,
}

impl RowCountCache {
    /// The row count of each split, in their order. `known` is the last complete reading of the
    /// dataset, which saves counting a single file.
    pub fn counts(
        &self,
        file: &DatasetFile,
        splits: &Splits,
        stamp: Stamp,
        known: Option<&Reading>,
    ) -> Result<Vec<(String, u64)>> {
        let memory = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) =
            memory().get(&file.path).filter(|known| known.stamp == stamp && known.options == file.options)
        {
            return Ok(known.rows.clone());
        }
        let rows = match (splits.names.as_slice(), known.filter(|known| known.is_of(file))) {
            ([only], Some(known)) => vec![(only.clone(), known.rows)],
            _ => {
                let count = |name: &String| {
                    let rows =
                        datasets::each_row(file.clone(), Some(name), 0, &Work::unwatched(), |_| Ok(()))?;
                    Ok((name.clone(), rows))
                };
                splits.names.iter().map(count).collect::<Result<_>>()?
            }
        };
        memory()
            .insert(file.path.clone(), Known { stamp, options: file.options.clone(), rows: rows.clone() });
        Ok(rows)
    }
}
