//! Search while typing, in a large studio.

use std::path::Path;

use anyhow::Result;

use super::{measure::run, snapshots, table::Table};
use crate::{program::cargo, repo};

/// Measures it. `fts` is built.
pub(super) fn measure(folder: &Path) -> Result<Table> {
    let (store, output) = (snapshots::store(folder)?, folder.join("search.md"));
    let mut bench = cargo();
    bench.args(["bench", "--quiet", "--package", "studio", "--bench", "search", "--"]).arg(store);
    run(bench.current_dir(repo::root()), None, Some(&output))?;
    Ok(Table::ready(std::fs::read_to_string(output)?))
}
