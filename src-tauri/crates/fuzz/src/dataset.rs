//! A dataset file: all that read it find the same rows, and rows read plus rows named are the rows there.

use std::{fs, path::Path};

use anyhow::{Result, bail, ensure};
use studio::{
    DatasetSource, Studio,
    datasets::{Problem, Scan, Severity},
    platform::Work,
    resources::DatasetType,
};

use crate::{refusal, rows_there};

pub(crate) async fn check(path: &Path, studio: &Studio) -> Result<()> {
    let source = DatasetSource::Path(path.to_path_buf());
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
            every_row(path, &source, &scan, studio).await?;
            others(path, &source, &scan, studio).await?;
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

/// How many rows are named as left out: each has a line. `None` if not all that is said is kept, or if an error
/// is about the whole file, which then need not be read to its end.
fn left_out(scan: &Scan) -> Option<u64> {
    let all_kept = scan.errors + scan.warnings == scan.problems.len() as u64;
    let whole = scan.problems.iter().all(|p| p.severity == Severity::Warning || p.line.is_some());
    (all_kept && whole).then(|| scan.problems.iter().filter(|problem| is_error(problem)).count() as u64)
}

/// Rows read and rows named are the rows there, where these can be counted without the readers.
async fn every_row(path: &Path, source: &DatasetSource, scan: &Scan, studio: &Studio) -> Result<()> {
    let Some(left_out) = left_out(scan) else { return Ok(()) };
    let bytes = fs::read(path)?;
    let there = match scan.r#type {
        // What can't be read of a Parquet file has no line.
        DatasetType::ProjectParquet if scan.errors == 0 => rows_there::of_parquet(bytes),
        DatasetType::ProjectParquet => None,
        kind => {
            // Other encodings are not decoded here; some of them are full of NUL bytes.
            let text = std::str::from_utf8(&bytes).ok().filter(|text| !text.contains('\0'));
            let Some(text) = text.map(|text| text.strip_prefix('\u{feff}').unwrap_or(text)) else {
                return Ok(());
            };
            match kind {
                DatasetType::ProjectJsonl => Some(rows_there::of_json_lines(text)),
                DatasetType::ProjectJson => rows_there::of_json_list(text),
                _ => {
                    let found = studio.datasets().recognize(source).await?.found;
                    let separator = match found.separator.map(|separator| separator.to_string()).as_deref() {
                        Some("tab") => b'\t',
                        Some(other) => other.bytes().next().unwrap_or(b','),
                        None => b',',
                    };
                    // Behind a header that can't be used, no row is read.
                    let in_header =
                        |line: u64| scan.problems.iter().any(|p| is_error(p) && p.line <= Some(line));
                    rows_there::of_csv(text, separator)
                        .filter(|(_, header)| !in_header(*header))
                        .map(|(rows, _)| rows)
                }
            }
        }
    };
    let Some(there) = there else { return Ok(()) };
    ensure!(
        scan.rows + left_out == there as u64,
        "{} rows read, {left_out} named, {there} there: {:?}",
        scan.rows,
        scan.problems
    );
    Ok(())
}

/// Whether it is an error with a line.
fn is_error(problem: &Problem) -> bool {
    problem.severity == Severity::Error && problem.line.is_some()
}

/// The doctor and the conversion find the rows of the scan; what a conversion leaves out it counts.
async fn others(path: &Path, source: &DatasetSource, scan: &Scan, studio: &Studio) -> Result<()> {
    let whole = !scan.problems.iter().any(|problem| problem.message.contains("different keys"));
    if !whole {
        return Ok(());
    }
    let diagnosis = match studio.datasets().diagnose(source, &Work::unwatched()).await {
        Ok(diagnosis) => diagnosis,
        Err(error) => return refusal::check(path, &error),
    };
    ensure!(diagnosis.rows == scan.rows, "{} rows diagnosed, {} scanned", diagnosis.rows, scan.rows);
    let target = path.with_extension("converted.jsonl");
    let made = studio.datasets().convert(source, diagnosis.shape, &target, true, &Work::unwatched()).await;
    let _ = fs::remove_file(&target);
    match made {
        Ok(made) => {
            ensure!(made.rows == scan.rows, "{} rows converted, {} scanned", made.rows, scan.rows);
            let named = scan.problems.iter().filter(|problem| is_error(problem)).count();
            ensure!(made.left_out >= named as u64, "{} left out, {named} named", made.left_out);
            Ok(())
        }
        Err(error) if scan.rows == 0 => refusal::check(path, &error),
        Err(error) => bail!("{} rows are scanned, but not converted: {error:?}", scan.rows),
    }
}
