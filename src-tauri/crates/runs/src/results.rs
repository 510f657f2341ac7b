//! The results of an evaluation, by the id of its run or of one of its jobs.

use platform::blocking;
use run_folder::results::{EvaluationResults, ResultQuery, read};
use schema::Result;

use crate::runs::Runs;

impl Runs {
    /// A page of the results of an evaluation, by the id of its run or of one of its jobs.
    pub async fn results(&self, id: &str, query: ResultQuery) -> Result<EvaluationResults> {
        let run = self.get(id).await?;
        let folder = self.folder(&run.id);
        blocking("reading results", move || read(&folder, &folder.spec()?, query)).await
    }
}
