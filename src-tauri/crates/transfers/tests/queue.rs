//! Transfers by one and by several programs, from a hub that fails.
#![allow(clippy::unwrap_used, reason = "a test says what it found by panicking")]

use std::{fs, path::PathBuf, time::Duration};

use fake_hub::{FakeHub, Fault, Repository};
use hub::{CachedKind, DatasetPart, DownloadTimes, Environment, Hub, Keyring};
use platform::{Settings, SettingsFile};
use schema::ErrorCode;
use store::Store;
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use transfers::{Transfer, TransferRequest, TransferRule, TransferState, Transfers};

const LARGE: usize = 2_000_003;

fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at.wrapping_mul(2_654_435_761) >> 7) as u8).collect()
}

fn model(name: &str) -> Repository {
    Repository::model(name)
        .file("config.json", r#"{"model_type": "llama", "architectures": ["LlamaForCausalLM"]}"#)
        .large_file("model.safetensors", bytes(LARGE))
}

struct World {
    server: FakeHub,
    folder: TempDir,
}

/// Transfers that are supervised, as by a program of its own: only the files are shared.
struct Program {
    transfers: Transfers,
    end: CancellationToken,
    supervising: JoinHandle<()>,
}

impl World {
    fn new(repositories: Vec<Repository>) -> Self {
        Self { server: FakeHub::new(repositories), folder: tempfile::tempdir().unwrap() }
    }

    fn hub(&self) -> Hub {
        let home = self.folder.path().join("huggingface").display().to_string();
        let variables = [("HF_HOME", home), ("HF_ENDPOINT", self.server.address().to_owned())];
        let settings = SettingsFile::from_path(self.folder.path().join("settings.json"));
        let times = DownloadTimes { silence: Duration::from_secs(60), first_wait: Duration::from_millis(2) };
        Hub::new(Environment::from_variables(variables), settings, Keyring::new("fine-tuning-studio tests"))
            .with_download_times(times)
    }

    async fn transfers(&self) -> Transfers {
        let store = Store::open(&self.folder.path().join("studio.db")).await.unwrap();
        Transfers::new(store, self.hub())
    }

    async fn program(&self) -> Program {
        let transfers = self.transfers().await;
        let end = CancellationToken::new();
        let supervising = tokio::spawn({
            let (transfers, end) = (transfers.clone(), end.clone());
            async move { transfers.supervise(end, |_| {}).await }
        });
        Program { transfers, end, supervising }
    }

    fn repository(&self, name: &str) -> PathBuf {
        let folder = format!("huggingface/hub/models--{}", name.replace('/', "--"));
        self.folder.path().join(folder)
    }

    /// The bytes that came of a repository's files.
    fn received(&self, name: &str) -> u64 {
        let entries = fs::read_dir(self.repository(name).join("blobs")).into_iter().flatten().flatten();
        entries.filter_map(|entry| entry.metadata().ok()).map(|metadata| metadata.len()).sum()
    }

    /// The first bytes that were asked for in each request for the weights' content.
    fn ranges(&self) -> Vec<Option<String>> {
        let requests = self.server.requests_for("model.safetensors").into_iter();
        requests.filter(|request| request.at_storage).map(|request| request.range).collect()
    }
}

impl Program {
    async fn add(&self, name: &str) -> Transfer {
        self.transfers.add(&request(name), None).await.unwrap()
    }

    /// As a program that is killed: its locks are released, and nothing is recorded.
    async fn kill(self) {
        self.supervising.abort();
        let _ = self.supervising.await;
    }

    async fn quit(self) {
        self.end.cancel();
        self.supervising.await.unwrap();
    }
}

fn request(name: &str) -> TransferRequest {
    TransferRequest {
        kind: CachedKind::Model,
        name: name.to_owned(),
        revision: None,
        part: DatasetPart::default(),
    }
}

async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let searched = async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let found = tokio::time::timeout(Duration::from_secs(30), searched).await.ok();
    assert!(found.is_some(), "waited in vain for {what}");
    found.unwrap()
}

async fn until_state(transfers: &Transfers, id: &str, state: TransferState) -> Transfer {
    until(state.into_str(), async || Some(transfers.get(id).await.unwrap()).filter(|t| t.state == state))
        .await
}

#[tokio::test]
async fn a_transfer_ends_with_what_it_fetched_and_another_request_looks_for_newer_files() {
    let world = World::new(vec![model("acme/tiny")]);
    let program = world.program().await;
    let added = program.add(" acme/tiny ").await;
    let done = until_state(&program.transfers, &added.id, TransferState::Done).await;
    assert_eq!(done.commit.as_deref(), Some(model("acme/tiny").commit().as_str()));
    assert_eq!((Some(done.bytes), done.total), (done.total, done.fetched.as_ref().map(|f| f.bytes)));
    assert_eq!((done.files, done.of_files), (2, Some(2)));

    world.server.put(model("acme/tiny").file("generation_config.json", "{}"));
    let again = program.add("acme/tiny").await;
    assert_eq!(again.id, added.id, "one transfer for the same files");
    let done = until_state(&program.transfers, &added.id, TransferState::Done).await;
    assert_eq!(done.fetched.unwrap().received, 2);
    assert_eq!(program.transfers.list().await.unwrap().len(), 1);
    program.transfers.forget(None).await.unwrap();
    assert_eq!(program.transfers.list().await.unwrap(), []);
    program.quit().await;
}

#[tokio::test]
async fn another_program_goes_on_behind_the_last_byte_of_one_that_was_killed() {
    let world = World::new(vec![model("acme/tiny")]);
    world.server.fail("model.safetensors", [Fault::StopAfter(1_000_000)]);
    let (first, second) = (world.program().await, world.transfers().await);
    let added = first.add("acme/tiny").await;
    until("a part", async || (world.received("acme/tiny") >= 1_000_000).then_some(())).await;
    first.kill().await;
    assert_eq!(second.get(&added.id).await.unwrap().state, TransferState::Running);
    // Whoever asks next finds the commit that the first one began.
    world.server.put(model("acme/tiny"));
    let third = world.program().await;
    let done = until_state(&second, &added.id, TransferState::Done).await;
    let received = done.fetched.unwrap().received;
    assert!(received <= LARGE as u64 - 1_000_000, "what was there came again: {received}");
    assert_eq!(world.ranges()[1].as_deref(), Some("bytes=1000000-"));
    third.quit().await;
}

#[tokio::test]
async fn a_program_that_ends_leaves_its_transfers_to_the_next() {
    let world = World::new(vec![model("acme/tiny")]);
    world.server.fail("model.safetensors", [Fault::StopAfter(500_000)]);
    let first = world.program().await;
    let added = first.add("acme/tiny").await;
    until("a part", async || (world.received("acme/tiny") >= 500_000).then_some(())).await;
    first.quit().await;
    let second = world.program().await;
    until_state(&second.transfers, &added.id, TransferState::Done).await;
    assert!(world.ranges()[1].is_some());
    second.quit().await;
}

#[tokio::test]
async fn any_program_pauses_and_resumes() {
    let world = World::new(vec![model("acme/tiny")]);
    world.server.fail("model.safetensors", [Fault::StopAfter(700_000)]);
    let (carrier, other) = (world.program().await, world.transfers().await);
    let added = carrier.add("acme/tiny").await;
    until("a part", async || (world.received("acme/tiny") >= 700_000).then_some(())).await;
    let paused = other.pause("acme/tiny").await.unwrap();
    assert_eq!(paused.state, TransferState::Paused);
    until("the end of the requests", async || (!carrier.transfers.is_carried_here(&added.id)).then_some(()))
        .await;
    let kept = world.received("acme/tiny");
    assert!(kept >= 700_000);
    assert_eq!(other.get(&added.id).await.unwrap().state, TransferState::Paused);
    other.resume(&added.id).await.unwrap();
    until_state(&other, &added.id, TransferState::Done).await;
    assert!(world.ranges()[1].is_some(), "{:?}", world.ranges());
    let refused = other.pause(&added.id).await.unwrap_err();
    assert_eq!(refused.message, "There is nothing to pause: the transfer of acme/tiny is done.");
    carrier.quit().await;
}

#[tokio::test]
async fn a_cancelled_transfer_leaves_nothing_and_can_begin_again() {
    let world = World::new(vec![model("acme/tiny")]);
    world.server.fail("model.safetensors", [Fault::StopAfter(700_000)]);
    let (carrier, other) = (world.program().await, world.transfers().await);
    let added = carrier.add("acme/tiny").await;
    until("a part", async || (world.received("acme/tiny") >= 700_000).then_some(())).await;
    assert_eq!(other.cancel(&added.id).await.unwrap().state, TransferState::Cancelled);
    until("nothing left", async || (!world.repository("acme/tiny").exists()).then_some(())).await;
    other.resume(&added.id).await.unwrap();
    until_state(&other, &added.id, TransferState::Done).await;
    // What was fetched before stays if a later fetch is cancelled.
    let before = world.received("acme/tiny");
    let snapshot = world.repository("acme/tiny").join("snapshots").join(model("acme/tiny").commit());
    world.server.put(
        Repository::model("acme/tiny")
            .file("config.json", "{}")
            .large_file("model.safetensors", bytes(900_001)),
    );
    world.server.fail("model.safetensors", [Fault::StopAfter(300_000)]);
    carrier.add("acme/tiny").await;
    until("a part", async || (world.received("acme/tiny") >= LARGE as u64 + 300_000).then_some(())).await;
    other.cancel(&added.id).await.unwrap();
    until("the first commit alone", async || (world.received("acme/tiny") == before).then_some(())).await;
    assert_eq!(fs::read(snapshot.join("model.safetensors")).unwrap(), bytes(LARGE));
    carrier.quit().await;
}

#[tokio::test]
async fn a_cancelled_transfer_keeps_what_another_one_needs() {
    let world = World::new(vec![model("acme/tiny")]);
    world.server.fail("model.safetensors", [Fault::StopAfter(400_000)]);
    let carrier = world.program().await;
    let added = carrier.add("acme/tiny").await;
    until("a part", async || (world.received("acme/tiny") >= 400_000).then_some(())).await;
    carrier.transfers.pause(&added.id).await.unwrap();
    let pinned = TransferRequest { revision: Some(model("acme/tiny").commit()), ..request("acme/tiny") };
    carrier.transfers.set_rule(TransferRule { at_once: 1 }).await.unwrap();
    world.server.fail("model.safetensors", [Fault::StopAfter(1)]);
    let other = carrier.transfers.add(&pinned, None).await.unwrap();
    until_state(&carrier.transfers, &other.id, TransferState::Running).await;
    carrier.transfers.cancel(&other.id).await.unwrap();
    until("its end", async || (!carrier.transfers.is_carried_here(&other.id)).then_some(())).await;
    assert!(world.received("acme/tiny") >= 400_000);
    carrier.quit().await;
}

#[tokio::test]
async fn no_more_run_at_once_than_the_rule_allows() {
    let names = ["acme/a", "acme/b", "acme/c", "acme/d"];
    let world = World::new(names.map(model).to_vec());
    world.server.fail("model.safetensors", [Fault::StopAfter(10), Fault::StopAfter(10)]);
    let (one, other) = (world.program().await, world.program().await);
    for name in names {
        one.add(name).await;
    }
    let states = async || -> Vec<TransferState> {
        one.transfers.list().await.unwrap().into_iter().map(|transfer| transfer.state).collect()
    };
    let running = |states: &[TransferState]| states.iter().filter(|s| **s == TransferState::Running).count();
    // Both that run stand still, so the others wait.
    until("two to run", async || (running(&states().await) == 2).then_some(())).await;
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(states().await[2..], [TransferState::Queued; 2]);
    other.transfers.set_rule(TransferRule { at_once: 4 }).await.unwrap();
    until("the others", async || {
        (states().await.iter().filter(|state| **state == TransferState::Done).count() == 2).then_some(())
    })
    .await;
    one.quit().await;
    other.quit().await;
}

#[tokio::test]
async fn a_failed_transfer_says_why_and_goes_on_when_it_is_tried_again() {
    let world = World::new(vec![model("acme/tiny")]);
    world.server.fail(
        "model.safetensors",
        [vec![Fault::CutAfter(300_000)], vec![Fault::Status(500, None); 7]].concat(),
    );
    let program = world.program().await;
    let added = program.add("acme/tiny").await;
    let failed = until_state(&program.transfers, &added.id, TransferState::Failed).await;
    let error = failed.error().unwrap();
    assert_eq!(error.code, ErrorCode::Unreachable);
    assert!(error.message.starts_with("model.safetensors of acme/tiny could not be fetched"), "{error}");
    assert_eq!(error.hint.as_deref(), Some("Try again later. What was received is kept."));
    program.transfers.resume(&added.id).await.unwrap();
    let done = until_state(&program.transfers, &added.id, TransferState::Done).await;
    assert!(done.fetched.unwrap().received < LARGE as u64);
    assert_eq!((done.code, done.message), (None, None));
    program.quit().await;
}

#[tokio::test]
async fn what_can_not_be_fetched_is_not_queued() {
    let world = World::new(vec![]);
    let transfers = world.transfers().await;
    let refused = transfers.add(&request("https://hub/acme/tiny"), None).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Invalid);
    world.hub().set_settings(&Settings { offline: true, ..Settings::default() }).unwrap();
    let refused = transfers.add(&request("acme/tiny"), None).await.unwrap_err();
    assert_eq!(refused.message, "acme/tiny was not fetched: the program is set to work offline.");
    assert_eq!(transfers.list().await.unwrap(), []);
}
