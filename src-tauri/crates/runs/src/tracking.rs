//! Where runs log their measurements.

use crate::runs::Runs;
use run_folder::spec::Tracking;

impl Runs {
    /// The MLflow server of the environment, else a file beside the database.
    pub(crate) fn tracking(&self, experiment: String) -> Tracking {
        let set = std::env::var("MLFLOW_TRACKING_URI").ok().filter(|uri| !uri.trim().is_empty());
        // The worker reads the whole address from the environment; credentials must not be written to
        // a file.
        let uri = set.map(|uri| without_credentials(&uri)).unwrap_or_else(|| {
            let file = self.store.path().with_file_name("mlflow.db");
            format!("sqlite:///{}", file.display())
        });
        Tracking { uri, experiment }
    }
}

/// An address without the name and password it may carry.
fn without_credentials(uri: &str) -> String {
    let Some((scheme, rest)) = uri.split_once("://") else { return uri.to_owned() };
    let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    format!("{scheme}://{}{path}", host.rsplit('@').next().unwrap_or(host))
}
