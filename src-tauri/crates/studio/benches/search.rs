//! How long search takes in a large studio: `cargo bench --bench search -- DATABASE` types into the
//! lists of a database, a letter at a time, and says how long each answer took.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, reason = "a program for measuring")]

use std::{
    path::Path,
    time::{Duration, Instant},
};

use studio::{
    Studio,
    schema::TableName,
    store::{Filter, ListQuery, Sort},
};

/// What a person might type, and a person who pastes.
const TYPED: &[&str] =
    &["refund cust", "evenement quest", "learning_rate 0.0001", "prompt 12", "adapter-104"];

fn query(search: &str, sort: Option<&str>, filter: Option<(&str, &str)>) -> ListQuery {
    ListQuery {
        search: Some(search.to_owned()),
        sort: sort.map(|column| Sort { column: column.to_owned(), descending: false }),
        filters: filter
            .map(|(column, value)| Filter { column: column.to_owned(), value: value.to_owned() })
            .into_iter()
            .collect(),
        offset: 0,
        limit: 100,
    }
}

/// The name of a case, its table, order and filter.
type Case = (&'static str, TableName, Option<&'static str>, Option<(&'static str, &'static str)>);

#[tokio::main]
async fn main() {
    let path = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let studio = Studio::open(Path::new(&path.expect("the path of a database"))).await.unwrap();
    let rows: u64 = studio.workspace().await.unwrap().counts.iter().map(|count| count.rows).sum();

    let scan =
        timed(async { studio.store().list(TableName::Configs, &query("refund cust", None, None)).await })
            .await;
    let index = timed(studio.store().index_words()).await;
    println!("{rows} rows; the index is made in {}; before that one search takes {}.\n", ms(index), ms(scan));

    let cases: &[Case] = &[
        ("52,192 configs", TableName::Configs, None, None),
        ("the same, by description", TableName::Configs, Some("description"), None),
        ("the same, by time", TableName::Configs, Some("changed_at"), None),
        ("the same, of one type", TableName::Configs, None, Some(("type", "training_arguments"))),
        ("13,048 adapters, by model", TableName::Adapters, Some("model_id"), None),
        ("4,349 prompts of 4 KB", TableName::Prompts, None, None),
    ];
    println!("| Each letter typed, first page and count | Median | Most | Target | |");
    println!("|---|---|---|---|---|");
    for (what, table, sort, filter) in cases {
        let mut times = Vec::new();
        for search in typed() {
            times.push((timed(studio.store().list(*table, &query(&search, *sort, *filter))).await, search));
        }
        line(what, times);
    }
    let mut times = Vec::new();
    for search in typed() {
        times.push((timed(studio.store().search_everywhere(&search, 4)).await, search));
    }
    line("all tables at once, for the palette", times);
    for sort in [None, Some("description"), Some("changed_at")] {
        let mut times = Vec::new();
        for _ in 0..7 {
            times.push((
                timed(studio.store().list(TableName::Configs, &query("", sort, None))).await,
                String::new(),
            ));
        }
        line(&format!("52,192 configs without a search, by {}", sort.unwrap_or("age")), times);
    }
    studio.close().await;
}

/// Every beginning of what is typed.
fn typed() -> impl Iterator<Item = String> {
    TYPED.iter().flat_map(|text| (1..=text.len()).map(|end| text[..end].to_owned()))
}

async fn timed<T, E: std::fmt::Debug>(work: impl Future<Output = Result<T, E>>) -> Duration {
    let start = Instant::now();
    work.await.unwrap();
    start.elapsed()
}

/// What was measured, each time with what was typed.
fn line(what: &str, mut times: Vec<(Duration, String)>) {
    times.sort();
    let ((median, _), (most, typed)) = (&times[times.len() / 2], &times[times.len() - 1]);
    let verdict = if *most <= Duration::from_millis(50) { "met" } else { "missed" };
    let slowest = if typed.is_empty() { String::new() } else { format!(" ({typed})") };
    println!("| {what} | {} | {}{slowest} | ≤ 50 ms | {verdict} |", ms(*median), ms(*most));
}

fn ms(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}
