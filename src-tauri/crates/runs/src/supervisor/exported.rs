//! Records the end of an export, and registers what it made.

use schema::{ErrorCode, Result, TableName};
use serde_json::{Map, Value};
use store::{EndedExport, Registration, RowKey, Run, RunState};

use super::transition::Ended;
use crate::runs::Runs;
use run_folder::{
    export::{ExportSpec, Way},
    folder::RunFolder,
};

impl Runs {
    /// Records how an export ended, with its report. What it made is registered in the same transaction.
    pub(super) async fn record_end_of_export(
        &self,
        run: &Run,
        folder: &RunFolder,
        ended: Ended,
    ) -> Result<()> {
        let report = self.with_progress(&run.id, |progress| progress.report.clone())?;
        let Ended { state, note, hint, output, .. } = ended;
        let output = output.filter(|_| state == RunState::Succeeded);
        let spec = folder.export().ok();
        let (report, output) = match &spec {
            Some(spec) => (
                report.map(|report| spec.at_home(report)),
                output.map(|output| spec.to.clone().unwrap_or(output)),
            ),
            None => (report, output),
        };
        let json = report.as_ref().and_then(|report| serde_json::to_string(report).ok());
        let succeeded = spec.as_ref().zip(output.as_deref());
        let made = succeeded.and_then(|(spec, output)| spec.made(output));
        let facts = report.as_ref().map(|report| &report.facts);
        let registered =
            succeeded.zip(facts).and_then(|((spec, output), facts)| registered(spec, output, facts));
        let recorded = EndedExport {
            state,
            note: note.as_deref(),
            hint: hint.as_deref(),
            report: json.as_deref(),
            output: output.as_deref(),
            made,
            registered,
        };
        let refused = match self.store.end_export(&run.id, recorded.clone()).await {
            Err(error) if error.code == ErrorCode::Invalid => error,
            other => return other,
        };
        let not_added = format!("The result was not added: {}", refused.message);
        let note = note.clone().into_iter().chain([not_added]).collect::<Vec<_>>().join(" ");
        self.store.end_export(&run.id, EndedExport { note: Some(&note), made: None, ..recorded }).await
    }
}

/// Where the model or the adapter of an export was registered, if it was.
fn registered<'a>(
    spec: &ExportSpec,
    address: &'a str,
    facts: &'a Map<String, Value>,
) -> Option<Registration<'a>> {
    let row = match (&spec.adapter, &spec.model) {
        (Some(adapter), _) => RowKey { table: TableName::Adapters, id: adapter.id.clone() },
        (None, Some(model)) => RowKey { table: TableName::Models, id: model.id.clone() },
        (None, None) => return None,
    };
    let fact = |name: &str| facts.get(name).and_then(Value::as_str);
    let address = match spec.way {
        Way::Mlflow(_) => address,
        // The reference studio has the id of the model there.
        Way::Registration(_) => fact("model")?,
        _ => return None,
    };
    Some(Registration { row, address, experiment: fact("experiment_id")?, run: fact("run_id")? })
}
