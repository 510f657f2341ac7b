//! What is published on the Hugging Face Hub.

use run_folder::export::{MergeSettings, PublishSettings, Published};
use schema::{Result, TableName};
use store::RowKey;

use super::merge;
use crate::{
    card::{Cards, Relation, hub_name},
    draft::Draft,
    plan::PlannedPublication,
    publication::{Asked, Scanned},
};

/// Adds to a plan what is sent, the card, and what keeps it from being published. The settings are completed
/// by what the rows say.
pub(super) async fn plan(draft: &mut Draft<'_>, row: &RowKey, settings: &mut PublishSettings) -> Result<()> {
    let fits = match settings.what {
        Published::Adapter | Published::Merged => row.table == TableName::Adapters,
        Published::Model => row.table == TableName::Models,
        Published::Dataset => row.table == TableName::Datasets,
    };
    if !fits {
        draft.refuse(
            "what",
            "This is not what such a row has. Publish an adapter, a model or a dataset as such.",
        );
        return Ok(());
    }
    settings.repository = settings.repository.trim().trim_matches('/').to_owned();
    if settings.repository.is_empty() {
        draft.refuse("repository", "Name the repository to send it to, as organization/name.");
    } else if !is_repository(&settings.repository) {
        draft.refuse(
            "repository",
            "Write it as organization/name, with letters, digits, '-', '_' and '.': the organization may be \
             your own name on the Hub.",
        );
    }
    if settings.revision.trim().is_empty() {
        draft.refuse("revision", "Name a branch, such as main.");
    }
    if draft.hub.is_offline() {
        draft.refuse("repository", "The program is set to work offline. Go online in Settings to publish.");
    }
    settings.base_model = base_model(draft, settings.base_model.as_deref());
    let card = card(draft, row, settings).await?;
    if settings.what == Published::Merged {
        merge::plan(draft, &MergeSettings::default());
    }
    let mut publication = PlannedPublication { card: card.clone(), ..PlannedPublication::default() };
    let card = settings.card.get_or_insert(card).clone();
    scan(draft, settings, &card, &mut publication).await;
    for finding in &publication.findings {
        draft.refuse(if finding.path == "README.md" { "card" } else { "files" }, finding.text.clone());
    }
    if settings.what != Published::Merged {
        // What is sent as it is needs no comparison.
        draft.plan.samples = 0;
    }
    if settings.what == Published::Merged {
        draft.plan.temporary_bytes = draft.plan.bytes.unwrap_or_default();
    } else {
        draft.plan.bytes = Some(publication.files.iter().map(|file| file.bytes).sum());
    }
    draft.plan.publication = Some(publication);
    Ok(())
}

/// The name that a user gives, else that of the model's row.
fn base_model(draft: &mut Draft<'_>, given: Option<&str>) -> Option<String> {
    let given = given.map(str::trim).filter(|name| !name.is_empty());
    if let Some(name) = given
        && !resources::is_hub_name(name)
    {
        draft.refuse("base_model", "Write it as organization/name, as the Hub calls it.");
    }
    // A model that is published is its own base, unless a user says what it was made from.
    let own = draft.plan.adapter.as_ref().and(draft.row_of_model.as_ref()).and_then(hub_name);
    given.map(str::to_owned).or(own)
}

async fn card(draft: &Draft<'_>, row: &RowKey, settings: &PublishSettings) -> Result<String> {
    let cards = Cards::new(draft.store, draft.hub);
    let base = settings.base_model.as_deref();
    let relation = if settings.what == Published::Merged { Relation::Merge } else { Relation::Adapter };
    let mut card = match row.table {
        TableName::Datasets => return cards.dataset(&row.id).await?.text(),
        TableName::Models => cards.model(&row.id, base).await?,
        _ => cards.adapter(&row.id, relation, base).await?,
    };
    card.repository.clone_from(&settings.repository);
    card.name.clone_from(&draft.plan.name);
    card.text()
}

async fn scan(
    draft: &mut Draft<'_>,
    settings: &PublishSettings,
    card: &str,
    publication: &mut PlannedPublication,
) {
    let (what, source) = match settings.what {
        Published::Adapter => ("adapter", &draft.plan.adapter),
        // What the merged model has beside its weights is that of its base.
        Published::Merged | Published::Model => ("model", &draft.plan.model),
        Published::Dataset => ("dataset", &draft.plan.dataset),
    };
    let (Some(source), Some(worker)) = (source.clone(), draft.worker.clone()) else { return };
    let workspace = draft.store.path().parent().unwrap_or(draft.store.path()).to_owned();
    let asked = Asked {
        what,
        source: &source.source,
        card: None,
        base_model: settings.base_model.as_deref(),
        repository: &settings.repository,
        workspace: &workspace,
    };
    let of_card = Asked { what: "card", card: Some(card), ..asked };
    for asked in [asked, of_card] {
        let Scanned { found, refusal } = match draft.scans.scan(&worker, &asked).await {
            Ok(scanned) => scanned,
            Err(error) => {
                draft.refuse("files", error.message);
                continue;
            }
        };
        publication.files.retain(|file| found.files.iter().all(|other| other.path != file.path));
        publication.files.extend(found.files);
        publication.left_out.extend(found.left_out);
        publication.findings.extend(found.findings);
        if let Some(refusal) = refusal {
            let hint = refusal.hint.map(|hint| format!(" {hint}")).unwrap_or_default();
            let field = if refusal.message.contains("base model") { "base_model" } else { "files" };
            draft.refuse(field, format!("{}{hint}", refusal.message));
        }
    }
    publication.files.sort_by(|one, other| one.path.cmp(&other.path));
}

/// Whether the Hub takes it as the name of a repository.
fn is_repository(name: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty()
            && part.len() <= 96
            && part.chars().all(|one| one.is_ascii_alphanumeric() || "-_.".contains(one))
            && !part.starts_with(['-', '.'])
            && !part.ends_with(['-', '.'])
            && !part.contains("--")
            && !part.contains("..")
    };
    name.split_once('/')
        .is_some_and(|(owner, name)| is_part(owner) && is_part(name) && !name.ends_with(".git"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_repositories_are_those_that_the_hub_takes() {
        for name in ["me/labels", "my-org/Labels_v1.2", "a/b"] {
            assert!(is_repository(name), "{name}");
        }
        for name in
            ["labels", "me/", "/labels", "me/a/b", "me/a b", "me/-a", "me/a..b", "me/a--b", "me/a.git"]
        {
            assert!(!is_repository(name), "{name}");
        }
    }
}
