//! What is particular to each way.

mod gguf;
mod gguf_limits;
mod merge;
mod ollama;
mod publish;
mod register;
mod workbench;

use run_folder::export::{Published, Way};
use schema::{Result, TextEnum as _};

use crate::{draft::Draft, request::ExportRequest};

/// The name of a result that the request does not name.
pub(crate) fn default_name(way: &Way, row: &str) -> String {
    match way {
        Way::Merge(_) => format!("{row} merged"),
        Way::Publish(_) | Way::Mlflow(_) | Way::Endpoint(_) | Way::Registration(_) => row.to_owned(),
        Way::Gguf(settings) => format!("{row} {}", settings.r#type.label()),
        Way::Ollama(_) => format!("{row} for Ollama"),
    }
}

/// Whether a way takes rows of the table of datasets.
pub(crate) const fn takes_datasets(way: &Way) -> bool {
    matches!(way, Way::Publish(_))
}

/// Whether a way reads the files of an adapter's base model.
pub(crate) fn needs_base(way: &Way) -> bool {
    match way {
        Way::Publish(settings) => settings.what != Published::Adapter,
        Way::Endpoint(_) | Way::Registration(_) => false,
        Way::Merge(_) | Way::Gguf(_) | Way::Ollama(_) | Way::Mlflow(_) => true,
    }
}

/// Whether what is on the Hub alone is fetched before the work. The other ways are planned by the files.
pub(crate) const fn fetches_first(way: &Way) -> bool {
    matches!(way, Way::Merge(_))
}

/// Adds to a plan what is particular to its way, and completes the settings by what the rows say. `tracking_uri`
/// gives the MLflow server where runs log their measurements.
pub(crate) async fn plan(
    draft: &mut Draft<'_>,
    request: &ExportRequest,
    way: &mut Way,
    tracking_uri: impl Fn() -> String,
) -> Result<()> {
    match way {
        Way::Merge(settings) => merge::plan(draft, settings),
        Way::Gguf(settings) => gguf::plan(draft, settings),
        Way::Ollama(settings) => ollama::plan(draft, request.name.as_deref(), settings).await,
        Way::Publish(settings) => publish::plan(draft, &request.source, settings).await?,
        Way::Mlflow(settings) => register::plan(draft, settings, tracking_uri()),
        Way::Endpoint(settings) => workbench::plan_endpoint(draft, &request.source, settings).await?,
        Way::Registration(settings) => workbench::plan_registration(draft, &request.source, settings).await?,
    }
    Ok(())
}
