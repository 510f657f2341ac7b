//! A dataset file: its preview, its scan and its profile agree.

use std::path::Path;

use anyhow::{Result, bail, ensure};
use studio::{Studio, work::Work};

use crate::refusal;

pub(crate) async fn check(path: &Path, studio: &Studio) -> Result<()> {
    let source = path.display().to_string();
    match studio.datasets().preview(&source, 0, 20).await {
        Err(error) => refusal::check(path, &error)?,
        Ok(preview) => ensure!(
            preview.rows.iter().all(|row| row.values.len() <= preview.columns.len()),
            "a row has more values than there are columns"
        ),
    }
    let scan = studio.datasets().scan(path, &Work::unwatched()).await;
    let profile = studio.datasets().profile(&source, &Work::unwatched()).await;
    match (scan, profile) {
        (Ok(scan), Ok(profile)) => {
            ensure!(profile.rows == scan.rows, "{} rows profiled, {} scanned", profile.rows, scan.rows);
        }
        (scan, Err(error)) => {
            refusal::check(path, &error)?;
            if let Err(error) = scan {
                refusal::check(path, &error)?;
            }
        }
        (Err(error), Ok(_)) => bail!("it is profiled but not scanned: {error:?}"),
    }
    Ok(())
}
