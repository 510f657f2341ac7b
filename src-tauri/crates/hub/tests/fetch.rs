//! Fetching from a hub that fails in many ways.
#![allow(clippy::unwrap_used, reason = "a test says what it found by panicking")]

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

use fake_hub::{FakeHub, Fault, Repository};
use hub::{
    CachedKind, CachedState, DatasetPart, DownloadTimes, Environment, FetchProgress, FetchRequest, Fetched,
    Hub, Keyring,
};
use platform::{Settings, SettingsFile, Work};
use schema::{Error, ErrorCode};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// Not a multiple of any buffer.
const LARGE: usize = 3_000_017;

fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at.wrapping_mul(2_654_435_761) >> 7) as u8).collect()
}

fn tiny() -> Repository {
    Repository::model("acme/tiny")
        .file("config.json", r#"{"model_type": "llama", "architectures": ["LlamaForCausalLM"]}"#)
        .file("tokenizer.json", bytes(70_001))
        .file("additional_chat_templates/tool_use.jinja", "{{ messages }}")
        .file("empty.txt", "")
        .file("README.md", "# Tiny")
        .file("setup.py", "print()")
        .large_file("model.safetensors", bytes(LARGE))
        .large_file("pytorch_model.bin", bytes(10))
}

struct World {
    server: FakeHub,
    hub: Hub,
    folder: TempDir,
}

impl World {
    fn new(repositories: Vec<Repository>) -> Self {
        Self::with_variables(repositories, &[])
    }

    fn with_variables(repositories: Vec<Repository>, variables: &[(&str, &str)]) -> Self {
        let server = FakeHub::new(repositories);
        let folder = tempfile::tempdir().unwrap();
        let hub = hub_at(server.address(), folder.path(), variables);
        Self { server, hub, folder }
    }

    async fn fetch(&self, kind: CachedKind, name: &str) -> Result<Fetched, Error> {
        let request = FetchRequest {
            kind,
            name: name.to_owned(),
            revision: None,
            commit: None,
            part: DatasetPart::default(),
        };
        self.hub.fetch(&request, &Work::unwatched()).await
    }

    async fn tiny(&self) -> Result<Fetched, Error> {
        self.fetch(CachedKind::Model, "acme/tiny").await
    }

    fn repository(&self) -> PathBuf {
        self.folder.path().join("huggingface/hub/models--acme--tiny")
    }

    /// The files of a kind in the folder of the contents.
    fn blobs(&self, are_unfinished: bool) -> usize {
        let entries = fs::read_dir(self.repository().join("blobs")).into_iter().flatten().flatten();
        entries.filter(|entry| entry.path().extension().is_some() == are_unfinished).count()
    }

    fn is_linked(&self) -> bool {
        self.repository().join("snapshots").exists()
    }
}

fn hub_at(address: &str, folder: &Path, variables: &[(&str, &str)]) -> Hub {
    let home = folder.join("huggingface").display().to_string();
    let own = [("HF_HOME", home.as_str()), ("HF_ENDPOINT", address)];
    let all = own.iter().chain(variables).map(|(name, value)| (*name, (*value).to_owned()));
    let settings = SettingsFile::from_path(folder.join("settings.json"));
    let times = DownloadTimes { silence: Duration::from_secs(60), first_wait: Duration::from_millis(2) };
    Hub::new(Environment::from_variables(all), settings, Keyring::new("fine-tuning-studio tests"))
        .with_download_times(times)
}

#[tokio::test]
async fn what_is_needed_lies_in_the_cache_as_the_libraries_have_it() {
    let world = World::new(vec![tiny()]);
    world.server.list_in_parts_of(2);
    let fetched = world.tiny().await.unwrap();
    let commit = tiny().commit();
    assert_eq!(fetched.revision, commit);
    assert_eq!(Path::new(&fetched.folder), world.repository().join("snapshots").join(&commit));
    assert_eq!((fetched.files, fetched.received), (6, fetched.bytes));
    assert_eq!(fetched.left_out, ["setup.py", "pytorch_model.bin"]);
    assert_eq!(fs::read(world.repository().join("refs/main")).unwrap(), commit.as_bytes());
    let folder = Path::new(&fetched.folder);
    assert_eq!(fs::read(folder.join("model.safetensors")).unwrap(), bytes(LARGE));
    assert_eq!(fs::read(folder.join("tokenizer.json")).unwrap(), bytes(70_001));
    assert_eq!(fs::read(folder.join("additional_chat_templates/tool_use.jinja")).unwrap(), b"{{ messages }}");
    assert_eq!(fs::read(folder.join("empty.txt")).unwrap(), b"");
    assert_eq!((world.blobs(false), world.blobs(true)), (6, 0));
    let cached = world.hub.cached().unwrap();
    assert_eq!((cached[0].name.as_str(), cached[0].state), ("acme/tiny", CachedState::Complete));

    let asked = world.server.requests().len();
    let again = world.tiny().await.unwrap();
    assert_eq!((again.received, again.bytes, again.folder), (0, fetched.bytes, fetched.folder));
    let requests = world.server.requests();
    assert!(requests[asked..].iter().all(|request| request.path.starts_with("/api/")), "{requests:?}");
}

#[tokio::test]
async fn a_new_commit_fetches_what_changed() {
    let world = World::new(vec![tiny()]);
    world.tiny().await.unwrap();
    world.server.put(tiny().file("generation_config.json", "{}"));
    let fetched = world.tiny().await.unwrap();
    assert_eq!((fetched.received, fetched.files), (2, 7));
    assert_eq!(fs::read_dir(world.repository().join("snapshots")).unwrap().count(), 2);
    let request = FetchRequest {
        kind: CachedKind::Model,
        name: "acme/tiny".to_owned(),
        revision: Some("v9".to_owned()),
        commit: None,
        part: DatasetPart::default(),
    };
    let error = world.hub.fetch(&request, &Work::unwatched()).await.unwrap_err();
    assert_eq!(error.message, "acme/tiny has no such branch, tag or commit.");
}

#[tokio::test]
async fn a_broken_connection_goes_on_behind_the_last_byte() {
    let world = World::new(vec![tiny()]);
    let cuts = [1, 65_536, 1_000_003, 0, 7];
    world.server.fail("model.safetensors", cuts.map(Fault::CutAfter));
    let fetched = world.tiny().await.unwrap();
    assert_eq!(fs::read(Path::new(&fetched.folder).join("model.safetensors")).unwrap(), bytes(LARGE));
    assert_eq!(fetched.received, fetched.bytes, "no byte came twice");
    let at_storage = world.server.requests_for("model.safetensors").into_iter().filter(|r| r.at_storage);
    let begin = |range: Option<String>| {
        range.map_or(0, |range| range["bytes=".len()..range.len() - 1].parse().unwrap())
    };
    let from: Vec<usize> = at_storage.map(|request| begin(request.range)).collect();
    assert_eq!(from.len(), cuts.len() + 1);
    // What the system has not sent yet when a connection breaks is lost, so a part may be shorter.
    assert!(
        from.windows(2).zip(cuts).all(|(pair, cut)| pair[0] <= pair[1] && pair[1] <= pair[0] + cut),
        "{from:?}"
    );
    assert!(from.last().is_some_and(|last| *last > 0), "{from:?}");
}

#[tokio::test]
async fn a_cancelled_fetch_goes_on_where_it_stopped() {
    let world = World::new(vec![tiny()]);
    world.server.fail("model.safetensors", [Fault::StopAfter(500_000)]);
    let stop = CancellationToken::new();
    let seen = Arc::new(Mutex::new(Vec::<FetchProgress>::new()));
    let (asked, log) = (stop.clone(), Arc::clone(&seen));
    let hub = world.hub.clone();
    // All but the rest of the large file is there.
    let others = 70_001 + 500_000;
    let work = Work::with_progress(stop, move |progress: FetchProgress| {
        if progress.bytes >= others {
            asked.cancel();
        }
        log.lock().unwrap().push(progress);
    });
    let request = FetchRequest {
        kind: CachedKind::Model,
        name: "acme/tiny".to_owned(),
        revision: None,
        commit: None,
        part: DatasetPart::default(),
    };
    let part = world.repository().join("blobs");
    let watched = tokio::spawn(async move { hub.fetch(&request, &work).await });
    let error = watched.await.unwrap().unwrap_err();
    assert_eq!(error.code, ErrorCode::Cancelled);
    assert!(!world.is_linked());
    assert!(part.exists());
    let progress = seen.lock().unwrap().clone();
    assert!(progress.windows(2).all(|pair| pair[0].bytes <= pair[1].bytes), "{progress:?}");
    let fetched = world.tiny().await.unwrap();
    assert!(fetched.received <= fetched.bytes - 400_000, "{fetched:?}");
    assert_eq!(fs::read(Path::new(&fetched.folder).join("model.safetensors")).unwrap(), bytes(LARGE));
}

#[tokio::test]
async fn damaged_bytes_are_fetched_once_more_and_then_refused() {
    let world = World::new(vec![tiny()]);
    world.server.fail("model.safetensors", [Fault::OtherBytes]);
    world.server.fail("tokenizer.json", [Fault::CutAfter(5), Fault::OtherBytes]);
    let fetched = world.tiny().await.unwrap();
    assert_eq!(fs::read(Path::new(&fetched.folder).join("tokenizer.json")).unwrap(), bytes(70_001));

    let world = World::new(vec![tiny()]);
    world.server.fail("model.safetensors", [Fault::OtherBytes, Fault::OtherBytes]);
    let error = world.tiny().await.unwrap_err();
    assert!(error.message.starts_with("model.safetensors of acme/tiny is damaged"), "{error}");
    assert_eq!(world.blobs(true), 0, "no damaged part is kept");
    assert!(!world.is_linked());

    let world = World::new(vec![tiny()]);
    world.server.fail("model.safetensors", [Fault::MoreBytes]);
    let error = world.tiny().await.unwrap_err();
    assert!(error.message.starts_with("model.safetensors of acme/tiny is damaged"), "{error}");
}

#[tokio::test]
async fn a_server_without_ranges_sends_the_file_again() {
    let world = World::new(vec![tiny()]);
    world.server.fail("model.safetensors", [Fault::CutAfter(1_000_000), Fault::IgnoreRange]);
    let fetched = world.tiny().await.unwrap();
    assert_eq!(fetched.received, fetched.bytes + 1_000_000);
    assert_eq!(fs::read(Path::new(&fetched.folder).join("model.safetensors")).unwrap(), bytes(LARGE));
}

#[tokio::test]
async fn a_server_in_trouble_is_asked_again_for_a_while() {
    let world = World::new(vec![tiny()]);
    let trouble = [Fault::Status(429, Some(0)), Fault::Status(500, None), Fault::Status(503, None)];
    world.server.fail("model.safetensors", trouble);
    world.tiny().await.unwrap();

    let world = World::new(vec![tiny()]);
    world.server.fail("model.safetensors", vec![Fault::Status(500, None); 7]);
    let error = world.tiny().await.unwrap_err();
    let sentence = "model.safetensors of acme/tiny could not be fetched: \
                    the Hub could not answer (HTTP status 500).";
    assert_eq!(error.message, sentence);
    assert!(!world.is_linked());

    let world = World::new(vec![tiny()]);
    world.server.fail("model.safetensors", [Fault::Status(429, Some(3600))]);
    let error = world.tiny().await.unwrap_err();
    assert_eq!(error.message, "The Hub asks to wait for 60 minutes: the Hub received too many requests.");
}

#[tokio::test]
async fn a_server_that_falls_silent_is_asked_for_the_rest() {
    let World { server, hub, folder: _folder } = World::new(vec![tiny()]);
    server.fail("model.safetensors", [Fault::StopAfter(300)]);
    let times = DownloadTimes { silence: Duration::from_secs(2), first_wait: Duration::from_millis(2) };
    let request = FetchRequest {
        kind: CachedKind::Model,
        name: "acme/tiny".to_owned(),
        revision: None,
        commit: None,
        part: DatasetPart::default(),
    };
    let fetched = hub.with_download_times(times).fetch(&request, &Work::unwatched()).await.unwrap();
    assert_eq!(fetched.received, fetched.bytes);
}

#[tokio::test]
async fn the_token_goes_to_the_hub_alone() {
    let world = World::with_variables(vec![tiny().private("hf_secret")], &[("HF_TOKEN", "hf_secret")]);
    world.tiny().await.unwrap();
    for request in world.server.requests() {
        assert_eq!(request.authorization.is_some(), !request.at_storage, "{request:?}");
    }
    let nobody = World::new(vec![tiny().private("hf_secret")]);
    let error = nobody.tiny().await.unwrap_err();
    assert_eq!(error.message, "The Hub has no public repository acme/tiny.");
    let gated = World::new(vec![tiny().gated()]);
    let error = gated.tiny().await.unwrap_err();
    assert_eq!(error.message, "Access to acme/tiny must be requested.");
    assert!(!gated.is_linked());
}

#[tokio::test]
async fn two_that_fetch_the_same_receive_it_once() {
    let world = World::new(vec![tiny()]);
    let (one, other) = tokio::join!(world.tiny(), world.tiny());
    let (one, other) = (one.unwrap(), other.unwrap());
    assert_eq!(one.received + other.received, one.bytes);
    assert_eq!(world.blobs(true), 0);
}

#[tokio::test]
async fn a_name_that_leads_out_of_the_cache_is_refused() {
    for name in ["../../evil.json", "/evil.json", "a//b.json", "..\\evil.json"] {
        let world = World::new(vec![tiny().file(name, "{}")]);
        let error = world.tiny().await.unwrap_err();
        assert!(error.message.contains("which leads out of its folder"), "{error}");
        assert!(!world.is_linked());
    }
}

#[tokio::test]
async fn offline_and_wrong_names_send_nothing() {
    let world = World::with_variables(vec![tiny()], &[("HF_HUB_OFFLINE", "1")]);
    let error = world.tiny().await.unwrap_err();
    assert_eq!(error.message, "acme/tiny was not fetched: the program is set to work offline.");
    let world = World::new(vec![tiny()]);
    world.hub.set_settings(&Settings { offline: true, ..Settings::default() }).unwrap();
    assert_eq!(world.tiny().await.unwrap_err().code, ErrorCode::Unreachable);
    let error = world.fetch(CachedKind::Model, "https://hub/acme/tiny").await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Invalid);
    assert_eq!(world.server.requests(), []);
}

#[tokio::test]
async fn a_dataset_and_an_adapter_are_fetched_with_their_own_files() {
    let rows = Repository::dataset("acme/rows")
        .file("README.md", "---\nlicense: mit\n---\n")
        .large_file("data/train-00000-of-00001.parquet", bytes(1000))
        .file("loader.py", "print()");
    let adapter = Repository::model("acme/lora")
        .file("adapter_config.json", "{}")
        .large_file("adapter_model.safetensors", bytes(500));
    let world = World::new(vec![rows, adapter]);
    let fetched = world.fetch(CachedKind::Dataset, "acme/rows").await.unwrap();
    assert_eq!((fetched.files, fetched.left_out), (2, vec!["loader.py".to_owned()]));
    assert!(world.hub.cached_dataset("acme/rows", &DatasetPart::default()).unwrap().join("data").is_dir());
    world.fetch(CachedKind::Adapter, "acme/lora").await.unwrap();
    assert!(world.hub.cached_model("acme/lora").is_some());
}

/// Two configurations: `en` with the splits train and test, and `de`, the default.
fn languages() -> Repository {
    let card = "---\nconfigs:\n- config_name: en\n  data_files:\n    train: en/train.csv\n    test: en/test.csv\n\
        - config_name: de\n  default: true\n  data_files: de.csv\n---\n";
    let rows = |word: &str| format!("text\n{word}\n");
    Repository::dataset("acme/languages")
        .file("README.md", card)
        .large_file("en/train.csv", rows("one"))
        .large_file("en/test.csv", rows("two"))
        .large_file("de.csv", rows("eins"))
}

fn part(config: Option<&str>, split: Option<&str>) -> DatasetPart {
    DatasetPart { config: config.map(str::to_owned), split: split.map(str::to_owned) }
}

#[tokio::test]
async fn only_the_files_of_the_chosen_configuration_and_split_are_fetched() {
    let world = World::new(vec![languages()]);
    let fetch = async |part: DatasetPart| {
        let name = "acme/languages".to_owned();
        let request = FetchRequest { kind: CachedKind::Dataset, name, revision: None, commit: None, part };
        world.hub.fetch(&request, &Work::unwatched()).await
    };
    let is_here = |part: &DatasetPart| world.hub.cached_dataset("acme/languages", part).is_some();
    let (whole, test, train) =
        (part(None, None), part(Some("en"), Some("test")), part(Some("en"), Some("train")));
    let fetched = fetch(test.clone()).await.unwrap();
    assert_eq!((fetched.files, fetched.left_out), (2, vec!["en/train.csv".to_owned(), "de.csv".to_owned()]));
    assert!(is_here(&test) && !is_here(&whole) && !is_here(&train) && !is_here(&part(Some("en"), None)));
    let fetched = fetch(whole.clone()).await.unwrap();
    assert_eq!(fetched.left_out, ["en/train.csv", "en/test.csv"], "the default configuration is enough");
    assert!(is_here(&whole) && is_here(&test) && !is_here(&train));
    assert_eq!(world.server.requests_for("train.csv"), []);

    for (part, message) in [
        (part(Some("fr"), None), "acme/languages has no configuration 'fr'."),
        (part(None, Some("test")), "acme/languages has no split 'test'."),
    ] {
        assert_eq!(fetch(part).await.unwrap_err().message, message);
    }
    let configs = world.hub.dataset_configs("acme/languages").await.unwrap();
    let shown: Vec<_> = configs
        .iter()
        .flat_map(|config| {
            config.splits.iter().map(|split| (config.name.as_str(), split.name.as_str(), split.bytes))
        })
        .collect();
    assert_eq!(shown, [("de", "train", Some(10)), ("en", "train", Some(9)), ("en", "test", Some(9))]);
    world.hub.set_settings(&Settings { offline: true, ..Settings::default() }).unwrap();
    let offline = world.hub.dataset_configs("acme/languages").await.unwrap();
    assert_eq!(offline.iter().map(|config| config.name.as_str()).collect::<Vec<_>>(), ["de", "en"]);
    assert_eq!(offline[1].splits[0].bytes, None);
}
