//! Where runs log their measurements.

use crate::runs::Runs;
use run_folder::spec::Tracking;

impl Runs {
    /// Where a run logs its measurements.
    pub(crate) fn tracking(&self, experiment: String) -> Tracking {
        Tracking { uri: self.tracking_uri(), experiment }
    }

    /// The address of the MLflow server where runs log their measurements, without credentials: that of the
    /// environment, else a file beside the database.
    pub fn tracking_uri(&self) -> String {
        let set = std::env::var("MLFLOW_TRACKING_URI").ok().filter(|uri| !uri.trim().is_empty());
        // The worker reads the whole address from the environment; credentials must not be written to
        // a file.
        set.map(|uri| without_credentials(&uri)).unwrap_or_else(|| {
            let file = self.store.path().with_file_name("mlflow.db");
            format!("sqlite:///{}", file.display())
        })
    }
}

/// An address without the name and password it may carry.
fn without_credentials(uri: &str) -> String {
    let Some((scheme, rest)) = uri.split_once("://") else { return uri.to_owned() };
    let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    format!("{scheme}://{}{path}", host.rsplit('@').next().unwrap_or(host))
}
