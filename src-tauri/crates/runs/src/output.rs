//! Of which runs something was written since the last look.

use std::{collections::HashMap, path::Path, time::SystemTime};

use schema::Result;
use store::Store;

use run_folder::folder::RunFolder;

/// The output of the runs being worked on, as it was at the last look. Their rows do not change while
/// they report progress.
#[derive(Debug)]
pub struct RunOutput {
    store: Store,
    /// By the id of the run.
    written: HashMap<String, Written>,
}

/// The bytes of the events and of the log, and when it was written how far the run is on its target.
type Written = (u64, u64, Option<SystemTime>);

impl RunOutput {
    /// Looks at no run yet.
    pub fn new(store: Store) -> Self {
        Self { store, written: HashMap::new() }
    }

    /// Looks from now on at the runs that are being worked on, and at no others.
    pub async fn follow(&mut self) -> Result<()> {
        let live = self.store.live_runs().await?;
        let active = live.into_iter().filter(|run| run.state.is_active());
        let database = self.store.path();
        self.written = active.map(|run| (run.id.clone(), written(database, &run.id))).collect();
        Ok(())
    }

    /// The ids of those of which something was written since the last look.
    pub fn look(&mut self) -> Vec<String> {
        let database = self.store.path();
        let mut grown = Vec::new();
        for (id, before) in &mut self.written {
            let now = written(database, id);
            if std::mem::replace(before, now) != now {
                grown.push(id.clone());
            }
        }
        grown
    }
}

fn written(database: &Path, run: &str) -> Written {
    let folder = RunFolder::new(database, run);
    // A file that is not there yet is empty.
    let [events, log] =
        [folder.events(), folder.log()].map(|file| file.metadata().map_or(0, |file| file.len()));
    let elsewhere = folder.elsewhere().metadata().and_then(|file| file.modified());
    (events, log, elsewhere.ok())
}

#[cfg(test)]
mod tests {
    use std::{fs::File, io::Write as _};

    use resources::TrainingChoices;
    use store::RunKind;

    use super::*;

    #[tokio::test]
    async fn output_of_a_followed_run_is_found_once() {
        let place = tempfile::tempdir().unwrap();
        let store = Store::open(&place.path().join("studio.db")).await.unwrap();
        let folder = RunFolder::new(store.path(), "run");
        folder.create().unwrap();
        let write = |path| {
            let mut file = File::options().create(true).append(true).open(path).unwrap();
            file.write_all(b"something\n").unwrap();
        };
        store
            .create_with_run(Vec::new(), "run", RunKind::Training, "A run", &TrainingChoices::default(), None)
            .await
            .unwrap();
        let mut output = RunOutput::new(store.clone());
        output.follow().await.unwrap();
        write(folder.log());
        assert!(output.look().is_empty(), "it waits");

        assert!(store.begin_run("run").await.unwrap());
        output.follow().await.unwrap();
        assert!(output.look().is_empty());
        for file in [folder.events(), folder.log(), folder.events(), folder.elsewhere()] {
            write(file);
            assert_eq!(output.look(), ["run"]);
            assert!(output.look().is_empty());
        }
        output.follow().await.unwrap();
        assert!(output.look().is_empty());
    }
}
