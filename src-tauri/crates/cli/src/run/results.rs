//! `fts run results`: the answers of an evaluation.

use clap::Args;
use studio::runs::ResultFilter;

use crate::session::{DONE, Outcome, Session};

/// Show the answers of an evaluation
#[derive(Debug, Args)]
pub(crate) struct Results {
    /// The id of a run or of one of its jobs
    id: String,
    /// The number of rows to show
    #[arg(long, value_name = "N", default_value_t = 10)]
    rows: u64,
    /// The number of rows to skip
    #[arg(long, value_name = "N", default_value_t = 0)]
    offset: u64,
}

impl Results {
    pub(super) async fn run(self, session: &Session) -> Outcome {
        let Self { id, rows, offset } = self;
        let studio = session.studio().await?;
        let results = studio.runs().results(&id, ResultFilter::All, offset, rows).await?;
        let combinations = results.combinations.iter().map(|column| match &column.adapter {
            Some(adapter) => format!("{} + {adapter}", column.model),
            None => column.model.clone(),
        });
        let header: Vec<String> =
            ["row".to_owned(), "expected".to_owned()].into_iter().chain(combinations).collect();
        let lines = results.rows.iter().map(|row| {
            let answers = row.answers.iter().map(|answer| {
                answer.as_ref().map_or(String::new(), |answer| answer.output.trim().to_owned())
            });
            [row.row.to_string(), row.expected.trim().to_owned()].into_iter().chain(answers).collect()
        });
        session.output.table(&results, header.iter().map(String::as_str), lines);
        DONE
    }
}
