//! Models and adapters that a worker on a target loads: fetched there, or sent.

use std::path::{Path, PathBuf};

use compute::{HubModels, Parcel, Sent, TargetSettings};
use hub::Hub;
use run_folder::spec::Source;

/// Where the worker's package lies below the target's folder.
const WORKERS: &str = "worker";
/// Where models and adapters lie below the target's folder.
const MODELS: &str = "models";

/// The worker's package and the folders of models and adapters in a parcel, each once.
#[derive(Debug)]
pub(super) struct SentFolders {
    /// Those of models and adapters, in the order in which they are in the parcel, after the worker's package.
    models: Vec<PathBuf>,
}

impl SentFolders {
    /// A parcel with the worker's package and every source that lies in a folder.
    pub(super) fn pack<'a>(worker: &Path, sources: impl IntoIterator<Item = &'a Source>) -> (Self, Parcel) {
        let mut parcel = Parcel::new().with_folder(worker, WORKERS);
        let mut models = Vec::<PathBuf>::new();
        for source in sources.into_iter().filter(|source| is_folder(&source.source)) {
            let path = PathBuf::from(&source.source);
            if !models.contains(&path) {
                parcel = parcel.with_folder(&path, MODELS);
                models.push(path);
            }
        }
        (Self { models }, parcel)
    }

    /// The folder with the worker's package there, by what was sent.
    pub(super) fn worker(sent: &Sent) -> String {
        sent.folders.first().cloned().unwrap_or_default()
    }

    /// The folder of a source there, relative to the target's; none where it was not sent.
    pub(super) fn place<'a>(&self, source: &Source, sent: &'a Sent) -> Option<&'a str> {
        let at = self.models.iter().position(|folder| Path::new(&source.source) == folder)?;
        sent.folders.get(at + 1).map(String::as_str)
    }
}

/// Has the target fetch a model of the Hub by its name and the commit that is here, where its settings say so and this
/// machine may use the Hub.
pub(super) fn fetch_there(source: &mut Source, hub: &Hub, settings: &TargetSettings) {
    if settings.options.models(settings.kind) == Ok(HubModels::Fetch)
        && !hub.is_offline()
        && let Some((name, commit)) = hub.named_snapshot(Path::new(&source.source))
    {
        (source.source, source.revision) = (name, Some(commit));
    }
}

/// Whether a source is a folder of this machine, and no name on the Hub.
fn is_folder(source: &str) -> bool {
    Path::new(source).is_absolute()
}
