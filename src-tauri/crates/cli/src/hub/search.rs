//! `fts hub search`.

use clap::Args;
use studio::{
    HubResult, HubResults,
    estimate::Fit,
    hub::{CachedState, HubKind, RepositoryFormat, SearchRequest, SearchSort},
    platform::disk::format_bytes,
};

use crate::{
    output::{Output, print, print_table},
    session::{DONE, Outcome, Session},
    values::choice,
};

/// The most repositories in one request.
const PAGE: u32 = 100;

/// Search the Hugging Face Hub, or its local cache if the Hub does not answer
///
/// Models whose adapters can be trained with the memory of this machine come first, in each hundred of the results.
/// The memory is an estimate, by the number of parameters.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  fts hub search model smollm --task text-generation --size-max 2B")]
pub(crate) struct Search {
    /// What to search for; adapters are among the models
    #[arg(value_parser = choice::<HubKind>())]
    kind: HubKind,
    /// A part of the name; without it, everything is listed
    #[arg(default_value = "")]
    text: String,
    /// The task, such as text-generation
    #[arg(long)]
    task: Option<String>,
    /// The license, such as apache-2.0
    #[arg(long)]
    license: Option<String>,
    /// The largest number of parameters of a model, such as 135M, 7B or 1.5B
    #[arg(long, value_name = "PARAMETERS", value_parser = parameters)]
    size_max: Option<u64>,
    /// The form of the weights or rows
    #[arg(long, value_parser = choice::<RepositoryFormat>())]
    format: Option<RepositoryFormat>,
    /// The order
    #[arg(long, value_parser = choice::<SearchSort>(), default_value = "downloads")]
    sort: SearchSort,
    /// The most results
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    limit: u32,
}

/// A number of parameters: `7B`, `1.5b`, `135M`, `1000000`.
fn parameters(text: &str) -> Result<u64, String> {
    let (number, factor) = match text.char_indices().next_back() {
        Some((end, 'K' | 'k')) => (&text[..end], 1e3),
        Some((end, 'M' | 'm')) => (&text[..end], 1e6),
        Some((end, 'B' | 'b')) => (&text[..end], 1e9),
        _ => (text, 1.0),
    };
    match number.trim().parse::<f64>() {
        Ok(number) if number > 0.0 && number * factor < 1e18 => Ok((number * factor).round() as u64),
        _ => Err("a number of parameters is written like 135M, 7B or 1.5B".to_owned()),
    }
}

impl Search {
    pub(crate) async fn run(self, session: &Session) -> Outcome {
        let studio = session.studio().await?;
        let mut request = SearchRequest {
            task: self.task,
            license: self.license,
            format: self.format,
            parameters_max: self.size_max,
            sort: self.sort,
            limit: self.limit.min(PAGE),
            ..SearchRequest::new(self.kind, &self.text)
        };
        let limit = self.limit as usize;
        let mut found = studio.hub_rows().search(&request).await?;
        while let Some(next) = found.next.take().filter(|_| found.results.len() < limit) {
            request.after = Some(next);
            let page = studio.hub_rows().search(&request).await?;
            found.results.extend(page.results);
            found.next = page.next;
        }
        found.results.truncate(limit);
        print_results(&session.output, self.kind, &found);
        DONE
    }
}

fn print_results(output: &Output, kind: HubKind, found: &HubResults) {
    if output.json(found) {
        return;
    }
    if let Some(answer) = &found.answer {
        print(&answer.message);
        answer.hint.iter().for_each(|hint| print(hint));
    }
    match kind {
        HubKind::Model => {
            let header = ["name", "task", "parameters", "weights", "license", "downloads", "memory", ""];
            print_table(header, found.results.iter().map(model));
            let memory = found.memory.as_ref();
            if let Some((memory, bytes)) = memory.and_then(|memory| Some((memory, memory.bytes?))) {
                print(&format!(
                    "Memory: about what training an adapter takes, of {} ({}).",
                    format_bytes(bytes),
                    memory.device
                ));
            }
        }
        HubKind::Dataset => {
            let header = ["name", "task", "rows", "size", "license", "downloads", ""];
            print_table(header, found.results.iter().map(dataset));
        }
    }
}

fn model(result: &HubResult) -> Vec<String> {
    let found = &result.found;
    let memory = match (result.fit, result.memory_bytes) {
        (Some(Fit::Fits), Some(bytes)) => format!("{}, fits", format_bytes(bytes)),
        (Some(Fit::FitsQuantized), Some(bytes)) => format!("{}, fits in 4 bits", format_bytes(bytes)),
        (Some(Fit::TooLarge), Some(bytes)) => format!("{}, too large", format_bytes(bytes)),
        _ => String::new(),
    };
    vec![
        found.name.clone(),
        found.task.clone().unwrap_or_default(),
        found.parameters.map(short).unwrap_or_default(),
        found.bytes.map(format_bytes).unwrap_or_default(),
        found.license.clone().unwrap_or_default(),
        downloads(result),
        memory,
        notes(result),
    ]
}

fn dataset(result: &HubResult) -> Vec<String> {
    let found = &result.found;
    vec![
        found.name.clone(),
        found.task.clone().unwrap_or_default(),
        found.rows.clone().unwrap_or_default(),
        found.bytes.map(format_bytes).unwrap_or_default(),
        found.license.clone().unwrap_or_default(),
        downloads(result),
        notes(result),
    ]
}

fn downloads(result: &HubResult) -> String {
    result.found.downloads.map(|count| count.to_string()).unwrap_or_default()
}

/// Further properties of a result.
fn notes(result: &HubResult) -> String {
    let found = &result.found;
    let formats = found
        .formats
        .iter()
        .filter(|format| matches!(format, RepositoryFormat::Peft | RepositoryFormat::Gguf));
    let here = match result.cached {
        Some(CachedState::Complete) => Some("on this machine"),
        Some(CachedState::Unfinished | CachedState::Broken) => Some("partly on this machine"),
        None => None,
    };
    let notes = [
        found.gated.then_some("access on request"),
        found.private.then_some("private"),
        here,
        result.row.as_ref().map(|_| "in the studio"),
    ];
    let notes = formats.map(|format| format.into_str()).chain(notes.into_iter().flatten());
    notes.collect::<Vec<_>>().join(", ")
}

/// A number of parameters: `135M`, `7.6B`.
fn short(parameters: u64) -> String {
    match parameters as f64 {
        few if few < 999_500.0 => format!("{:.0}K", few / 1e3),
        some if some < 999_500_000.0 => format!("{:.0}M", some / 1e6),
        many => format!("{:.1}B", many / 1e9),
    }
}

#[cfg(test)]
mod tests {
    use super::{parameters, short};

    #[test]
    fn parameters_are_read_as_people_write_them() {
        assert_eq!(parameters("135M"), Ok(135_000_000));
        assert_eq!(parameters("1.5b"), Ok(1_500_000_000));
        assert_eq!(parameters("1000"), Ok(1_000));
        for wrong in ["", "B", "-1B", "7GB", "NaN", "1e30B"] {
            assert!(parameters(wrong).is_err(), "{wrong}");
        }
        assert_eq!([134_515_008, 7_615_616_512, 999_900_000].map(short), ["135M", "7.6B", "1.0B"]);
    }
}
