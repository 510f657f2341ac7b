//! `fts dataset status` and `relocate`: the file of a dataset and whether it has changed.

use std::path::PathBuf;

use clap::Args;
use studio::{
    DatasetSource, Relocated,
    datasets::{self, FileCondition, FileFacts, FileState},
};

use super::{ListArgument, ReadArguments};

use crate::{
    output::{Output, print, print_json, print_table},
    progress::watched,
    session::{DONE, Outcome, Session},
};

/// Show whether a dataset's file has changed since it was read
#[derive(Debug, Args)]
pub(crate) struct Status {
    /// The id of the dataset
    id: String,
    /// Compare the content too, not only size and time
    #[arg(long)]
    verify: bool,
}

/// Set the file of a dataset, or read the same file again
#[derive(Debug, Args)]
pub(crate) struct Relocate {
    /// The id of the dataset
    id: String,
    /// The file
    file: PathBuf,
    #[command(flatten)]
    reading: ReadArguments,
    #[command(flatten)]
    list: ListArgument,
}

impl Status {
    pub(super) async fn run(self, session: &Session) -> Outcome {
        let (studio, output) = (session.studio().await?, &session.output);
        let state = match self.verify {
            true => studio.datasets().verify_file(&self.id, &watched(output)).await?,
            false => studio.datasets().file(&self.id).await?,
        };
        print_state(output, &state);
        DONE
    }
}

impl Relocate {
    pub(super) async fn run(self, session: &Session) -> Outcome {
        let file = datasets::DatasetFile::new(&self.file, self.reading.options(&self.list));
        let (studio, output) = (session.studio().await?, &session.output);
        let relocated = studio.datasets().relocate(&self.id, file, &watched(output)).await?;
        let file = studio.datasets().file_of(&DatasetSource::Id(self.id)).await?;
        output.aside(&studio.datasets().known_warnings(file));
        print_relocated(output, &relocated);
        DONE
    }
}

fn print_state(output: &Output, state: &FileState) {
    if output.json {
        return print_json(state);
    }
    print(match (state.condition, state.compared) {
        (FileCondition::There, false) => "The file exists; its size and time have not changed.",
        (FileCondition::There, true) => "The file exists; its content has not changed.",
        (FileCondition::Touched, false) => {
            "The file was written after it was read. Compare its content with --verify."
        }
        (FileCondition::Touched, true) => {
            "The file was written after it was read, but its content has not changed."
        }
        (FileCondition::Changed, _) => {
            "The file has changed. Accept the new content with `fts dataset relocate`."
        }
        (FileCondition::Missing, _) => {
            "The file does not exist. Set its new place with `fts dataset relocate`."
        }
        (FileCondition::NeverRead, _) => "The file has not been read yet. Read it with --verify.",
    });
    let facts = |name: &str, facts: &FileFacts| {
        let rows = facts.rows.map_or(String::new(), |rows| rows.to_string());
        let hash = facts.hash.clone().unwrap_or_default();
        vec![name.to_owned(), facts.bytes.to_string(), facts.modified.clone(), rows, hash]
    };
    let then = state.then.iter().map(|then| facts("read", then));
    let now = state.now.iter().map(|now| facts("now", now));
    print_table(["", "bytes", "written", "rows", "BLAKE3"], then.chain(now));
    print(&state.path);
}

fn print_relocated(output: &Output, relocated: &Relocated) {
    if output.json {
        return print_json(relocated);
    }
    let content = match relocated.same_content {
        Some(true) => "The content is the same.",
        Some(false) => "The content is different.",
        None => "The file had not been read before, so its content was not compared.",
    };
    print(content);
    if relocated.columns_changed {
        print("The columns have changed. Check the prompts that use them.");
    }
}
