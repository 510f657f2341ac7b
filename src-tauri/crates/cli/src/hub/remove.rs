//! `fts hub remove`.

use clap::Args;
use serde_json::json;
use studio::{
    CacheUse, Error, ErrorCode, hub::HubKind, platform::disk::format_bytes, resources::Described as _,
};

use crate::{
    output::print,
    question::is_agreed,
    session::{DONE, Outcome, Session},
    values::choice,
};

/// Remove a model, an adapter or a dataset from the local cache of the Hugging Face Hub
///
/// What uses it is printed before. Rows stay, and a run that needs it fetches it again. It is not removed while
/// a run uses it, queued ones included, a program fetches it or a paused transfer of it can go on, or Try it or
/// Serve of any program of the studio has loaded it. What other programs read of the cache is not known.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  fts hub remove HuggingFaceTB/SmolLM2-135M")]
pub(crate) struct Remove {
    /// The name, as organization/name
    name: String,
    /// What the name is of, if the cache has a model and a dataset with that name
    #[arg(long, value_parser = choice::<HubKind>())]
    kind: Option<HubKind>,
    /// Remove it without a question
    #[arg(long)]
    yes: bool,
}

impl Remove {
    pub(crate) async fn run(self, session: &Session) -> Outcome {
        let (studio, output) = (session.studio().await?, &session.output);
        let uses = studio.hub_rows().uses(self.kind, &self.name).await?;
        if !output.json {
            print_uses(&uses);
        }
        if !self.yes && uses.refusal().is_none() && !is_agreed("Remove it?", output.json) {
            let error = Error::new(ErrorCode::Invalid, "Nothing was removed.");
            return Err(error.hint("Give --yes to remove it without a question.").into());
        }
        let removed = studio.hub_rows().remove(self.kind, &self.name).await?;
        if !output.json(&json!({"removed": removed, "rows": uses.rows})) {
            print(&format!("Removed {}; {} are free.", removed.name, format_bytes(removed.bytes)));
        }
        DONE
    }
}

fn print_uses(uses: &CacheUse) {
    let repository = &uses.repository;
    print(&format!(
        "{}: {}, {} in {}",
        repository.name,
        repository.kind.into_str(),
        format_bytes(repository.bytes),
        repository.folder
    ));
    for row in &uses.rows {
        print(&format!("Used by the {} {} ({}).", row.table.table().singular, row.label, row.id));
    }
    for run in &uses.runs {
        print(&format!("Used by the run {}, which has not ended.", run.name));
    }
    for transfer in &uses.transfers {
        print(&format!("The transfer {} of it is {}.", transfer.id, transfer.state.into_str()));
    }
    if uses.is_loaded {
        print("Loaded by Try it or Serve.");
    }
    if uses.rows.is_empty() && uses.refusal().is_none() {
        print("No row and no run uses it.");
    }
}
