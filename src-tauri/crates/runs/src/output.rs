//! Which runs have written something since the last look.

use std::{collections::HashMap, path::Path};

use schema::Result;
use store::Store;

use run_folder::folder::RunFolder;

/// The output of the runs being worked on, as it was at the last look. Their rows do not change while
/// they report progress.
#[derive(Debug)]
pub struct RunOutput {
    store: Store,
    /// By the id of the run.
    sizes: HashMap<String, Sizes>,
}

/// Bytes of the events and of the log.
type Sizes = [u64; 2];

impl RunOutput {
    /// Looks at no run yet.
    pub fn new(store: Store) -> Self {
        Self { store, sizes: HashMap::new() }
    }

    /// Looks from now on at the runs that are being worked on, and at no others.
    pub async fn follow(&mut self) -> Result<()> {
        let live = self.store.live_runs().await?;
        let active = live.into_iter().filter(|run| run.state.is_active());
        let database = self.store.path();
        self.sizes = active.map(|run| (run.id.clone(), sizes(database, &run.id))).collect();
        Ok(())
    }

    /// The ids of those that have written something since the last look.
    pub fn look(&mut self) -> Vec<String> {
        let database = self.store.path();
        let mut grown = Vec::new();
        for (id, before) in &mut self.sizes {
            let now = sizes(database, id);
            if std::mem::replace(before, now) != now {
                grown.push(id.clone());
            }
        }
        grown
    }
}

fn sizes(database: &Path, run: &str) -> Sizes {
    let folder = RunFolder::new(database, run);
    // A file that is not there yet is empty.
    [folder.events(), folder.log()].map(|file| file.metadata().map_or(0, |file| file.len()))
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
        for file in [folder.events(), folder.log(), folder.events()] {
            write(file);
            assert_eq!(output.look(), ["run"]);
            assert!(output.look().is_empty());
        }
        output.follow().await.unwrap();
        assert!(output.look().is_empty());
    }
}
