//! `fts dataset profile`: what the columns of a dataset contain.

use clap::Args;
use studio::{
    DatasetSource,
    datasets::{self, Bucket, ColumnProfile, Measure},
};

use super::{ListArgument, ReadArguments, source_parser};

use crate::{
    output::{Output, print, print_json, print_table},
    progress::watched,
    session::{DONE, Outcome, Session},
};

/// Summarize each column: kinds, lengths, distinct values, the most common values
#[derive(Debug, Args)]
pub(crate) struct Profile {
    /// A file, or the id of a dataset
    #[arg(value_name = "FILE|ID", value_parser = source_parser())]
    source: DatasetSource,
    #[command(flatten)]
    reading: ReadArguments,
    #[command(flatten)]
    list: ListArgument,
}

impl Profile {
    pub(super) async fn run(self, session: &Session) -> Outcome {
        let source = self.reading.source(self.source, &self.list)?;
        let studio = session.studio().await?;
        let profile = studio.datasets().profile(&source, &watched(&session.output)).await?;
        // Rows that could not be read are not in its numbers.
        let file = studio.datasets().file_of(&source).await?;
        session.output.aside(&studio.datasets().known_problems(file));
        print_profile(&session.output, &profile);
        DONE
    }
}

fn print_profile(output: &Output, profile: &datasets::Profile) {
    if output.json {
        return print_json(profile);
    }
    let header = ["column", "kind", "filled", "distinct", "lengths", "most common", "spread"];
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
