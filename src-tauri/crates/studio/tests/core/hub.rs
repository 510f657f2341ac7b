//! Asking the Hub, and doing without it.

use std::{fs, time::Duration};

use serde_json::{Value, json};
use studio::store::BackupReason;
use studio::{
    FolderUse, Studio, folders,
    hub::{Environment, Hub, HubKind, Keyring, Standing, TokenSource},
    platform::{Settings, SettingsFile},
    schema::TableName,
};

use crate::{
    hub_server::{Say, Server, rows, tiny},
    world::{World, id, row},
};

/// A studio whose Hub is at an address, with these variables besides.
async fn world(address: &str, variables: &[(&str, &str)]) -> World {
    let empty = World::new().await;
    let home = empty.path("huggingface").display().to_string();
    let own = [("HF_HOME", home.as_str()), ("HF_ENDPOINT", address)];
    let server = ("FINE_TUNING_STUDIO_DATASETS_SERVER", address);
    let all = own.iter().chain([&server]).chain(variables).map(|(name, value)| (*name, (*value).to_owned()));
    let settings = SettingsFile::from_path(empty.path("config/settings.json"));
    let hub = Hub::new(Environment::from_variables(all), settings, Keyring::new("fine-tuning-studio tests"));
    let hub = hub.with_answer_timeout(Duration::from_millis(400));
    empty.studio.close().await;
    let studio = Studio::open_with(&empty.path("studio.db"), hub).await.unwrap();
    World { studio, ..empty }
}

#[tokio::test]
async fn a_model_is_described_by_what_the_hub_knows() {
    let server = Server::new(vec![("/api/models/acme/tiny", Say::Json(tiny()))]);
    let world = world(&server.address, &[]).await;
    let answer = world.studio.hub_rows().ask(HubKind::Model, " acme/tiny ").await.unwrap();
    assert_eq!(answer.standing, Standing::Found);
    let facts = answer.facts.unwrap();
    assert_eq!(
        (facts.architectures, facts.model_type),
        (vec!["LlamaForCausalLM".to_owned()], Some("llama".to_owned()))
    );
    assert_eq!((facts.parameters, facts.precisions[0].dtype.as_str()), (Some(1000), "BF16"));
    assert_eq!((facts.bytes, facts.gated), (Some(2_000_000_000), false));
    assert_eq!(
        (facts.license.as_deref(), facts.base_model.as_deref()),
        (Some("apache-2.0"), Some("acme/base"))
    );
    assert_eq!(server.asked(), [("/api/models/acme/tiny".to_owned(), None)]);
}

#[tokio::test]
async fn a_datasets_columns_come_from_its_card_or_from_who_has_read_it() {
    let info = json!({"dataset_info": {
        "other": {"features": {"x": {}}},
        "default": {"features": {"text": {"dtype": "string", "_type": "Value"}, "label": {}},
                    "splits": {"test": {"num_examples": 3}}, "download_size": 7},
    }});
    let server = Server::new(vec![
        ("/api/datasets/acme/rows", Say::Json(rows())),
        ("/api/datasets/acme/bare", Say::Json(json!({"id": "acme/bare", "cardData": {}}))),
        ("/info?dataset=acme%2Fbare", Say::Json(info)),
        ("/api/datasets/acme/silent", Say::Json(json!({"id": "acme/silent"}))),
    ]);
    let world = world(&server.address, &[]).await;
    let ask =
        async |name: &str| world.studio.hub_rows().ask(HubKind::Dataset, name).await.unwrap().facts.unwrap();
    let facts = ask("acme/rows").await;
    assert_eq!(facts.columns, Some(vec!["question".to_owned(), "answer".to_owned()]));
    assert_eq!((facts.description.as_deref(), facts.bytes), (Some("Questions."), Some(16_000)));
    assert_eq!(
        (facts.splits[0].name.as_str(), facts.splits[0].rows, facts.gated),
        ("train", Some(87_599), true)
    );
    let facts = ask("acme/bare").await;
    assert_eq!(facts.columns, Some(vec!["text".to_owned(), "label".to_owned()]));
    assert_eq!(
        (facts.subset.as_deref(), facts.splits[0].rows, facts.bytes),
        (Some("default"), Some(3), Some(7))
    );
    assert_eq!(ask("acme/silent").await.columns, None, "the dataset is there all the same");
}

#[tokio::test]
async fn every_refusal_is_put_in_words() {
    let server = Server::new(vec![
        ("/api/models/a/private", Say::Refused(401, "RepoNotFound")),
        ("/api/models/a/gated", Say::Refused(403, "GatedRepo")),
        ("/api/models/a/busy", Say::Text(429, "slow down")),
        ("/api/models/a/failing", Say::Text(500, "<html>")),
        ("/api/models/a/broken", Say::Text(200, "{\"id\": ")),
        ("/api/models/a/list", Say::Text(200, "[]")),
        ("/api/models/a/slow", Say::Nothing),
        ("/api/models/a/endless", Say::Endless),
    ]);
    let world = world(&server.address, &[]).await;
    let cases = [
        ("a/private", Standing::NeedsToken, "no public repository a/private"),
        ("a/gated", Standing::Gated, "must be requested"),
        ("a/gone", Standing::NotFound, "no repository a/gone"),
        ("a/busy", Standing::Unreachable, "too many requests"),
        ("a/failing", Standing::Unreachable, "500"),
        ("a/broken", Standing::Unreachable, "can't be parsed"),
        ("a/list", Standing::Unreachable, "can't be parsed"),
        ("a/slow", Standing::Unreachable, "in time"),
        ("a/endless", Standing::Unreachable, "too large"),
        ("no name", Standing::NotFound, "is not a Hub name"),
        ("../../etc", Standing::NotFound, "is not a Hub name"),
    ];
    for (name, standing, words) in cases {
        let answer = world.studio.hub_rows().ask(HubKind::Model, name).await.unwrap();
        assert_eq!(answer.standing, standing, "{name}: {}", answer.message);
        assert!(answer.message.contains(words), "{name}: {}", answer.message);
        assert_eq!(answer.facts, None);
    }
}

#[tokio::test]
async fn a_name_is_saved_whatever_the_hub_says_and_verified_later() {
    // Nobody listens at an address that was let go.
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let alone = world(&format!("http://{nobody}"), &[]).await;
    let answer = alone.studio.hub_rows().ask(HubKind::Dataset, "acme/rows").await.unwrap();
    assert_eq!(
        (answer.standing, answer.message.as_str()),
        (Standing::Unreachable, "The Hub can't be reached.")
    );
    let fields = json!({"type": "huggingface", "huggingface_name": "acme/rows"});
    let saved = alone.create(TableName::Datasets, fields).await.unwrap();
    assert_eq!(saved.row["features"], Value::Null);
    let record = alone.studio.hub_rows().record(TableName::Datasets, &id(&saved)).await.unwrap().unwrap();
    assert_eq!((record.name.as_str(), record.verified), ("acme/rows", None));

    let server = Server::new(vec![("/api/datasets/acme/rows", Say::Json(rows()))]);
    let hub = Environment::from_variables([("HF_ENDPOINT", server.address.clone())]);
    let hub = Hub::new(
        hub,
        SettingsFile::from_path(alone.path("none.json")),
        Keyring::new("fine-tuning-studio tests"),
    );
    alone.studio.close().await;
    let studio = Studio::open_with(&alone.path("studio.db"), hub).await.unwrap();
    assert_eq!(
        studio.hub_rows().verify(TableName::Datasets, &id(&saved)).await.unwrap().standing,
        Standing::Found
    );
    let verified = studio.store().get(TableName::Datasets, &id(&saved)).await.unwrap().row;
    assert_eq!(
        (&verified["features"], &verified["description"]),
        (&json!(r#"["question", "answer"]"#), &json!("Questions."))
    );
    let record = studio.hub_rows().record(TableName::Datasets, &id(&saved)).await.unwrap().unwrap();
    assert_eq!(record.verified.unwrap().facts.name, "acme/rows");

    // A name that was asked about before it was saved needs no second question, and another name
    // has other columns.
    let asked = server.asked().len();
    let again = json!({"name": "other", "huggingface_name": "acme/other"});
    studio.rows().update(TableName::Datasets, &id(&saved), row(again)).await.unwrap();
    let changed = studio.store().get(TableName::Datasets, &id(&saved)).await.unwrap().row;
    assert_eq!(changed["features"], Value::Null);
    let fields = json!({"type": "huggingface", "huggingface_name": "acme/rows", "description": "Mine"});
    let created = studio.rows().create(TableName::Datasets, row(fields)).await.unwrap().row.row;
    assert_eq!(
        (&created["features"], &created["description"]),
        (&json!(r#"["question", "answer"]"#), &json!("Mine"))
    );
    assert_eq!(server.asked().len(), asked);

    // What is gone from the Hub is no longer verified.
    let server = Server::new(vec![]);
    let hub = Environment::from_variables([("HF_ENDPOINT", server.address.clone())]);
    let hub = Hub::new(
        hub,
        SettingsFile::from_path(alone.path("none.json")),
        Keyring::new("fine-tuning-studio tests"),
    );
    studio.close().await;
    let studio = Studio::open_with(&alone.path("studio.db"), hub).await.unwrap();
    let created = created["id"].as_str().unwrap();
    assert_eq!(
        studio.hub_rows().verify(TableName::Datasets, created).await.unwrap().standing,
        Standing::NotFound
    );
    assert_eq!(studio.hub_rows().record(TableName::Datasets, created).await.unwrap().unwrap().verified, None);
}

#[tokio::test]
async fn offline_asks_nothing() {
    let server = Server::new(vec![("/api/models/acme/tiny", Say::Json(tiny()))]);
    for (variable, offline) in [("1", true), ("yes", true), ("0", false)] {
        let world = world(&server.address, &[("HF_HUB_OFFLINE", variable)]).await;
        let answer = world.studio.hub_rows().ask(HubKind::Model, "acme/tiny").await.unwrap();
        assert_eq!(answer.standing == Standing::Offline, offline, "{variable}");
    }
    let world = world(&server.address, &[]).await;
    world.studio.hub().set_settings(&Settings { offline: true, ..Settings::default() }).unwrap();
    assert_eq!(
        world.studio.hub_rows().ask(HubKind::Model, "acme/tiny").await.unwrap().standing,
        Standing::Offline
    );
    // Settings that can't be parsed are taken for the careful choice.
    fs::write(world.path("config/settings.json"), "{").unwrap();
    assert_eq!(
        world.studio.hub_rows().ask(HubKind::Model, "acme/tiny").await.unwrap().standing,
        Standing::Offline
    );
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn the_token_goes_to_the_hub_and_nowhere_else() {
    const SECRET: &str = "hf_verysecret";
    let server = Server::new(vec![
        ("/api/models/acme/tiny", Say::Json(tiny())),
        ("/api/models/acme/other", Say::Refused(401, "RepoNotFound")),
    ]);
    let world = world(&server.address, &[("HF_TOKEN", SECRET)]).await;
    world.studio.hub_rows().ask(HubKind::Model, "acme/tiny").await.unwrap();
    assert_eq!(server.asked()[0].1.as_deref(), Some(SECRET));
    let refused = world.studio.hub_rows().ask(HubKind::Model, "acme/other").await.unwrap();
    assert!(refused.message.contains("does not accept the token"), "{}", refused.message);
    let settings = world.studio.hub().settings().await.unwrap();
    assert_eq!(settings.token.source, TokenSource::Environment { variable: "HF_TOKEN".to_owned() });
    let reported = format!("{settings:?} {refused:?} {:?}", world.studio);
    let stored = fs::read(world.path("studio.db")).unwrap();
    assert!(
        !reported.contains(SECRET) && !stored.windows(SECRET.len()).any(|part| part == SECRET.as_bytes())
    );
}

#[tokio::test]
async fn the_token_of_the_hubs_own_programs_is_found() {
    let server = Server::new(vec![]);
    let world = world(&server.address, &[]).await;
    let source = async || world.studio.hub().settings().await.unwrap().token.source;
    assert_eq!(source().await, TokenSource::None);
    let file = world.path("huggingface/token");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, "hf_fromfile\n").unwrap();
    assert_eq!(source().await, TokenSource::File { path: file.display().to_string() });
    world.studio.hub_rows().ask(HubKind::Model, "acme/tiny").await.unwrap();
    assert_eq!(server.asked()[0].1.as_deref(), Some("hf_fromfile"));
    for wrong in ["", "  ", "two words", "line\nbreak"] {
        assert!(world.studio.hub().set_token(Some(wrong.to_owned())).await.is_err(), "{wrong:?}");
    }
}

#[tokio::test]
async fn settings_are_kept_whole_or_not_at_all() {
    let world = world("", &[]).await;
    let hub = world.studio.hub();
    let set = |endpoint: &str| {
        hub.set_settings(&Settings { endpoint: Some(endpoint.to_owned()), ..Settings::default() })
    };
    set("https://mirror.example/ ").unwrap();
    assert_eq!(hub.settings().await.unwrap().endpoint, "https://mirror.example");
    for wrong in ["mirror", "ftp://mirror.example", "https://name:secret@mirror.example", "https://"] {
        assert_eq!(set(wrong).unwrap_err().fields[0].column, "endpoint", "{wrong}");
    }
    assert_eq!(hub.settings().await.unwrap().settings.endpoint.as_deref(), Some("https://mirror.example"));
    let names: Vec<_> = fs::read_dir(world.path("config")).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names, ["settings.json"], "no half-written file stays");
}

#[tokio::test]
async fn folders_are_listed_whether_or_not_they_are_there() {
    let world = World::new().await;
    world.file("beside.bin", [0; 1000]);
    let reported = async || {
        let folders = folders(world.studio.hub(), Some(world.studio.path())).await.unwrap();
        folders.into_iter().map(|folder| (folder.what, folder.bytes)).collect::<Vec<_>>()
    };
    let database = fs::metadata(world.studio.path()).unwrap().len();
    let before = reported().await;
    assert_eq!(before[0], (FolderUse::Database, Some(database)), "what lies beside it is not counted");
    assert_eq!(before[1..3], [(FolderUse::Backups, None), (FolderUse::HubCache, None)]);
    let backup = world.studio.store().back_up(BackupReason::Manual).await.unwrap();
    assert_eq!(reported().await[1], (FolderUse::Backups, Some(backup.bytes)));
}
