//! The answers of the Hub about repositories, so that the next plan need not ask again.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use hub::{Hub, HubAnswer, HubKind};
use schema::Result;

/// When the Hub was asked, and its answer if one came in time.
type Remembered = (Instant, Option<HubAnswer>);

/// The answers of the Hub about repositories, by kind and name. Cheap to clone; clones share the answers.
#[derive(Debug, Clone)]
pub(crate) struct HubAnswers {
    known: Arc<Mutex<HashMap<(HubKind, String), Remembered>>>,
    /// How long an answer is waited for.
    longest: Duration,
    /// How long an answer, or that none came in time, is used again.
    reused: Duration,
}

impl Default for HubAnswers {
    fn default() -> Self {
        // Each change on the start page makes a plan, which waits no longer than this.
        Self { known: Arc::default(), longest: Duration::from_secs(3), reused: Duration::from_secs(300) }
    }
}

impl HubAnswers {
    /// The answer about a name, which the Hub is asked for unless it was asked before; `None` if none came
    /// in time.
    pub(super) async fn about(&self, hub: &Hub, kind: HubKind, name: &str) -> Result<Option<HubAnswer>> {
        let repository = (kind, name.to_owned());
        if let Some(known) = self.known(&repository) {
            return Ok(known);
        }
        let asked = tokio::time::timeout(self.longest, hub.look_up(kind, name)).await;
        let answer = asked.ok().transpose()?;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(repository, (Instant::now(), answer.clone()));
        Ok(answer)
    }

    /// The last answer about a name; `Some(None)` if none came in time.
    fn known(&self, repository: &(HubKind, String)) -> Option<Option<HubAnswer>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(repository).filter(|(at, _)| at.elapsed() < self.reused).map(|(_, answer)| answer.clone())
    }
}

#[cfg(test)]
mod tests {
    use std::{
        net::{TcpListener, TcpStream},
        sync::mpsc::{self, Receiver},
        thread,
    };

    use hub::{Environment, Keyring};
    use platform::SettingsFile;

    use super::*;

    const NAME: &str = "lab/tiny";

    /// A hub that takes connections and never answers, and the connections that it took.
    fn silent(folder: &tempfile::TempDir) -> (Hub, Receiver<TcpStream>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (connections, taken) = mpsc::channel();
        thread::spawn(move || {
            for connection in listener.incoming().map_while(std::result::Result::ok) {
                connections.send(connection).ok();
            }
        });
        let home = folder.path().join("huggingface").display().to_string();
        let environment = Environment::from_variables([("HF_HOME", home), ("HF_ENDPOINT", address)]);
        let settings = SettingsFile::from_path(folder.path().join("settings.json"));
        (Hub::new(environment, settings, Keyring::new("fine-tuning-studio tests")), taken)
    }

    /// Answers that are waited for half a second. The Hub itself waits far longer.
    fn answers(reused: Duration) -> HubAnswers {
        HubAnswers { longest: Duration::from_millis(500), reused, ..HubAnswers::default() }
    }

    #[tokio::test]
    async fn a_hub_that_did_not_answer_in_time_is_not_asked_again() {
        let folder = tempfile::tempdir().unwrap();
        let (hub, taken) = silent(&folder);
        let answers = answers(Duration::from_secs(300));
        assert_eq!(answers.about(&hub, HubKind::Model, NAME).await.unwrap(), None);
        let _open = taken.recv().unwrap();
        let asked = Instant::now();
        assert_eq!(answers.about(&hub, HubKind::Model, NAME).await.unwrap(), None);
        assert!(asked.elapsed() < answers.longest, "it was waited for again");
        assert!(taken.try_recv().is_err(), "it was asked again");
    }

    #[tokio::test]
    async fn a_hub_that_did_not_answer_in_time_is_asked_again_later() {
        let folder = tempfile::tempdir().unwrap();
        let (hub, taken) = silent(&folder);
        let answers = answers(Duration::ZERO);
        for _ in 0..2 {
            assert_eq!(answers.about(&hub, HubKind::Model, NAME).await.unwrap(), None);
        }
        let _open = [taken.recv().unwrap(), taken.recv().unwrap()];
    }
}
