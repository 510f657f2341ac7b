//! Records the end of an export, and registers what it made.

use schema::{ErrorCode, Result};
use store::{EndedExport, Run, RunState};

use super::transition::Ended;
use crate::runs::Runs;
use run_folder::folder::RunFolder;

impl Runs {
    /// Records how an export ended, with its report. What it made is registered in the same transaction.
    pub(super) async fn record_end_of_export(
        &self,
        run: &Run,
        folder: &RunFolder,
        ended: Ended,
    ) -> Result<()> {
        let report = self.with_progress(&run.id, |progress| progress.report.clone())?;
        let report = report.and_then(|report| serde_json::to_string(&report).ok());
        let Ended { state, note, hint, output, .. } = ended;
        let output = output.filter(|_| state == RunState::Succeeded);
        let spec = folder.export().ok();
        let made = spec.zip(output.as_deref()).and_then(|(spec, output)| spec.made(output));
        let recorded = EndedExport {
            state,
            note: note.as_deref(),
            hint: hint.as_deref(),
            report: report.as_deref(),
            output: output.as_deref(),
            made,
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
