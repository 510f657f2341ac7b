//! What stands in a dataset's file, and what has become of it.

use std::path::PathBuf;

use clap::Subcommand;
use studio::{
    Relocated, Result, Studio,
    datasets::{Bucket, ColumnProfile, FileCondition, FileFacts, FileState, Measure, Profile},
};

use crate::{
    output::{Output, print, print_json, print_table},
    watched,
};

#[derive(Debug, Subcommand)]
pub(crate) enum DatasetFileCommand {
    /// Say what stands in each column: kinds, lengths, different values, the commonest ones
    ProfileDataset {
        /// A file, or the id of a dataset
        #[arg(value_name = "FILE|ID")]
        source: String,
    },
    /// Say what has become of a dataset's file since it was read
    DatasetFile {
        id: String,
        /// Compare the content too, not only size and time
        #[arg(long)]
        verify: bool,
    },
    /// Take another file, or the same one as it is now, for a dataset's
    RelocateDataset { id: String, file: PathBuf },
}

impl DatasetFileCommand {
    pub(crate) async fn run(self, studio: &Studio, output: &Output) -> Result<()> {
        match self {
            Self::ProfileDataset { source } => {
                profile(output, &studio.profile_dataset(&source, &watched(output)).await?);
            }
            Self::DatasetFile { id, verify: false } => state(output, &studio.dataset_file(&id).await?),
            Self::DatasetFile { id, verify: true } => {
                state(output, &studio.verify_dataset_file(&id, &watched(output)).await?);
            }
            Self::RelocateDataset { id, file } => {
                relocated(output, &studio.relocate_dataset(&id, &file, &watched(output)).await?);
            }
        }
        Ok(())
    }
}

fn profile(output: &Output, profile: &Profile) {
    if output.json {
        return print_json(profile);
    }
    let header = ["column", "kind", "filled", "distinct", "lengths", "commonest", "spread"];
    print_table(header, profile.columns.iter().map(column));
    print(&format!("{} rows in {} bytes", profile.rows, profile.bytes));
}

fn column(column: &ColumnProfile) -> Vec<String> {
    let about = |exact: bool| if exact { "" } else { "about " };
    let lengths = column.lengths.map(|l| format!("{} to {}, mean {:.1}", l.least, l.most, l.mean));
    let values = column.commonest.values.iter().map(|v| format!("{} × {}", v.rows, v.value));
    let histogram = column.histogram.as_ref();
    let of = histogram.map_or("", |h| if h.of == Measure::Values { "" } else { " characters" });
    vec![
        column.name.clone(),
        serde_json::to_value(column.kind)
            .ok()
            .and_then(|kind| kind.as_str().map(str::to_owned))
            .unwrap_or_default(),
        column.filled.to_string(),
        format!("{}{}", about(column.distinct.exact), column.distinct.count),
        lengths.unwrap_or_default(),
        values.collect::<Vec<_>>().join("\n"),
        histogram.map_or_else(String::new, |h| bars(&h.buckets, of)),
    ]
}

/// A line of blocks with the bounds at its ends.
fn bars(buckets: &[Bucket], of: &str) -> String {
    const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let most = buckets.iter().map(|bucket| bucket.rows).max().unwrap_or_default().max(1);
    let level = |rows: u64| match rows {
        0 => ' ',
        rows => usize::try_from((rows * 8).div_ceil(most) - 1)
            .ok()
            .and_then(|at| LEVELS.get(at))
            .copied()
            .unwrap_or(' '),
    };
    let line: String = buckets.iter().map(|bucket| level(bucket.rows)).collect();
    match (buckets.first(), buckets.last()) {
        (Some(first), Some(last)) => format!("{} {line} {}{of}", first.from, last.to),
        _ => line,
    }
}

fn state(output: &Output, state: &FileState) {
    if output.json {
        return print_json(state);
    }
    print(match (state.condition, state.compared) {
        (FileCondition::There, false) => "The file is there; size and time are as they were.",
        (FileCondition::There, true) => "The file is there and its content is as it was.",
        (FileCondition::Touched, false) => {
            "The file was written since. Whether its content is the same shows with --verify."
        }
        (FileCondition::Touched, true) => "The file was written since, but its content is as it was.",
        (FileCondition::Changed, _) => {
            "The file is not what it was. Take it as it is now with relocate-dataset."
        }
        (FileCondition::Missing, _) => "The file is not there. Say where it is with relocate-dataset.",
        (FileCondition::NeverRead, _) => "The file was never read here. Read it with --verify.",
    });
    let facts = |name: &str, facts: &FileFacts| {
        let rows = facts.rows.map_or(String::new(), |rows| rows.to_string());
        let hash = facts.hash.clone().unwrap_or_default();
        vec![name.to_owned(), facts.bytes.to_string(), facts.modified.clone(), rows, hash]
    };
    let then = state.then.iter().map(|then| facts("then", then));
    let now = state.now.iter().map(|now| facts("now", now));
    print_table(["", "bytes", "written", "rows", "BLAKE3"], then.chain(now));
    print(&state.path);
}

fn relocated(output: &Output, relocated: &Relocated) {
    if output.json {
        return print_json(relocated);
    }
    let content = match relocated.same_content {
        Some(true) => "The content is as it was.",
        Some(false) => "The content is another than before.",
        None => "The file was never read before, so there is nothing to compare it with.",
    };
    print(content);
    if relocated.columns_changed {
        print("The columns are others now. Look at the prompts that use them.");
    }
}
