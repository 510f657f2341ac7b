//! What is particular to each way.

mod gguf;
mod gguf_limits;
mod merge;
mod ollama;

use run_folder::export::Way;
use schema::TextEnum as _;

use crate::{draft::Draft, request::ExportRequest};

/// The name of a result that the request does not name.
pub(crate) fn default_name(way: &Way, row: &str) -> String {
    match way {
        Way::Merge(_) => format!("{row} merged"),
        Way::Gguf(settings) => format!("{row} {}", settings.r#type.label()),
        Way::Ollama(_) => format!("{row} for Ollama"),
    }
}

/// Adds to a plan what is particular to its way.
pub(crate) fn plan(draft: &mut Draft<'_>, way: &Way) {
    match way {
        Way::Merge(settings) => merge::plan(draft, settings),
        Way::Gguf(settings) => gguf::plan(draft, settings),
        Way::Ollama(settings) => ollama::plan(draft, settings),
    }
}

/// The way as it is frozen: with what the request leaves open.
pub(crate) fn frozen(draft: &Draft<'_>, request: &ExportRequest) -> Way {
    match &request.way {
        Way::Ollama(settings) => Way::Ollama(ollama::frozen(draft, request.name.as_deref(), settings)),
        way => way.clone(),
    }
}

/// The Ollama that answers where the request says, for a way that has to do with it, and a refusal where the
/// request needs one and there is none.
pub(crate) async fn look_for_ollama(draft: &mut Draft<'_>, way: &Way) {
    if let Way::Ollama(settings) = way {
        ollama::look_for(draft, settings).await;
    }
}
