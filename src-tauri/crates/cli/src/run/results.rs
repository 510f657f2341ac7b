//! `fts run results`: the answers of an evaluation, or which answers it prefers.

use clap::Args;
use studio::runs::{Answer, EvaluationResults, Judgment, ResultFilter, ResultOrder, ResultQuery, ResultRow};

use crate::{
    session::{DONE, Outcome, Session},
    values::choice,
};

/// Show the answers of an evaluation, or which answers the models prefer
///
/// Of two answers that are compared, each model has 'right' where it prefers the chosen one, and the margin: the
/// difference of the rewards, or of the log-probabilities where the model has no reference.
#[derive(Debug, Args)]
pub(crate) struct Results {
    /// The id of a run or of one of its jobs
    id: String,
    /// The number of rows to show
    #[arg(long, value_name = "N", default_value_t = 10)]
    rows: u32,
    /// The number of rows to skip
    #[arg(long, value_name = "N", default_value_t = 0)]
    offset: u32,
    /// Which rows to show
    #[arg(long, value_parser = choice::<ResultFilter>(), default_value_t = ResultFilter::All)]
    filter: ResultFilter,
    /// The order of the rows
    #[arg(long, value_parser = choice::<ResultOrder>(), default_value_t = ResultOrder::Rows)]
    order: ResultOrder,
}

impl Results {
    pub(super) async fn run(self, session: &Session) -> Outcome {
        let Self { id, rows, offset, filter, order } = self;
        let studio = session.studio().await?;
        let query = ResultQuery { filter, order, offset, limit: rows };
        let results = studio.runs().results(&id, query).await?;
        let header = header(&results);
        let lines = results.rows.iter().map(line);
        session.output.table(&results, header.iter().map(String::as_str), lines);
        DONE
    }
}

fn header(results: &EvaluationResults) -> Vec<String> {
    let texts: &[&str] = match results.rows.first() {
        Some(ResultRow { rejected: Some(_), .. }) => &["row", "chosen", "rejected"],
        Some(ResultRow { label: Some(_), .. }) => &["row", "answer", "label"],
        _ => &["row", "expected"],
    };
    let combinations = results.combinations.iter().map(|column| match &column.adapter {
        Some(adapter) => format!("{} + {adapter}", column.model),
        None => column.model.clone(),
    });
    texts.iter().map(|text| (*text).to_owned()).chain(combinations).collect()
}

fn line(row: &ResultRow) -> Vec<String> {
    let mut line = vec![row.row.to_string(), row.expected.trim().to_owned()];
    line.extend(row.rejected.as_ref().map(|rejected| rejected.trim().to_owned()));
    line.extend(row.label.map(|good| if good { "good" } else { "bad" }.to_owned()));
    let found = row.answers.iter().zip(&row.judgments).map(|(answer, judgment)| match (answer, judgment) {
        (Some(Answer { output, .. }), _) => output.trim().to_owned(),
        (None, Some(judgment)) => judged(judgment),
        (None, None) => String::new(),
    });
    line.extend(found);
    line
}

fn judged(judgment: &Judgment) -> String {
    let right = judgment.right.map(|right| if right { "right" } else { "wrong" });
    let only = judgment.answers.first().and_then(|answer| answer.reward.or(answer.logps));
    let number = judgment.margin.or(only).map(|number| format!("{number:+.3}"));
    right.map(str::to_owned).into_iter().chain(number).collect::<Vec<_>>().join(" ")
}
