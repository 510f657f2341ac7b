use std::{fs, path::PathBuf};

use exchange::{RegisteredVersions, RegistryChoice, fetch_version, search, versions};
use platform::Work;
use schema::{ErrorCode, TableName};
use serde_json::{Value, json};
use workbench::VersionRequest;

use crate::world::World;

/// An experiment and a run of it there, with these files among its artifacts. Returns the ids of both.
fn logged(world: &World, files: &[(&str, &str)]) -> (String, String) {
    let project = world.there.project();
    let number = world.there.list(&format!("projects/{project}/experiments")).len();
    let (experiment, run) = (format!("e-{number}"), format!("r-{number}"));
    let artifacts = format!(".experiments/{experiment}/{run}/artifacts");
    for (path, content) in files {
        fs::write(world.place(&format!("{artifacts}/{path}")), content).unwrap();
    }
    let place = format!("projects/{project}/experiments");
    world.there.add(&place, json!({"id": experiment, "project_id": project, "name": experiment}));
    let object = json!({
        "id": run, "experiment_id": experiment, "status": "EXPERIMENT_RUN_FINISHED",
        "artifact_uri": format!("/home/cdsw/{artifacts}"),
    });
    world.there.add(&format!("{place}/{experiment}/runs"), object);
    (experiment, run)
}

/// A version of a name there, of a new run with these files.
async fn register(world: &World, name: &str, files: &[(&str, &str)]) -> RegisteredVersions {
    let (experiment, run) = logged(world, files);
    let request = VersionRequest {
        name: name.to_owned(),
        experiment,
        run,
        path: "model".to_owned(),
        ..VersionRequest::default()
    };
    world.workbench.register_version(&request).await.unwrap();
    versions(&world.workbench, name).await.unwrap()
}

/// Fetches the newest version into a folder of that name.
async fn fetch(
    world: &World,
    found: &RegisteredVersions,
    table: TableName,
    name: &str,
) -> schema::Result<PathBuf> {
    let to = world.folder.path().join("fetched").join(name);
    fetch_version(&world.workbench, found, &found.versions[0], table, &to, &Work::unwatched()).await?;
    Ok(to)
}

#[tokio::test(flavor = "multi_thread")]
async fn models_are_found_whatever_the_case_and_shown_with_their_versions() {
    let world = World::new().await;
    world.there.behave(|behavior| behavior.largest_page = 2);
    for name in ["Tickets", "tickets old", "Answers"] {
        register(&world, name, &[]).await;
    }
    let found = register(&world, "Tickets", &[]).await;
    let names = async |text: &str| {
        let found = search(&world.workbench, text).await.unwrap();
        found.into_iter().map(|model| model.name).collect::<Vec<_>>()
    };
    assert_eq!(names("TICKETS").await, ["Tickets", "tickets old"]);
    assert_eq!(names("").await.len(), 3);
    assert_eq!(found.versions.iter().map(|version| version.number).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(found, versions(&world.workbench, &found.model.id).await.unwrap());
    assert_eq!(versions(&world.workbench, "icket").await.unwrap_err().code, ErrorCode::NotFound);

    let choice = RegistryChoice { version: Some(1), ..RegistryChoice::default() };
    let (table, row) = found.row(&choice).unwrap();
    let expected = json!({
        "type": "model_registry", "name": "Tickets", "cml_registered_model_id": found.model.id,
        "mlflow_experiment_id": found.versions[1].experiment, "mlflow_run_id": found.versions[1].run,
    });
    let filled: Value = row.into_iter().filter(|(_, value)| !value.is_null()).collect();
    assert_eq!((table, filled), (TableName::Models, expected));
    let choice = RegistryChoice { base: Some("m".to_owned()), name: Some("Own".to_owned()), version: None };
    let (table, row) = found.row(&choice).unwrap();
    assert_eq!((table, &row["model_id"], &row["name"]), (TableName::Adapters, &json!("m"), &json!("Own")));
    assert_eq!(row["mlflow_run_id"], found.versions[0].run);
    let none = found.row(&RegistryChoice { version: Some(7), ..RegistryChoice::default() }).unwrap_err();
    assert!(none.code == ErrorCode::NotFound && none.message.contains("version 7"), "{none:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_is_fetched_as_the_folder_that_programs_load() {
    let world = World::new().await;
    let found = register(
        &world,
        "Tickets",
        &[
            ("model/MLmodel", "flavors:"),
            ("model/model/config.json", "{}"),
            ("model/model/model-00001-of-00002.safetensors", "weights"),
            ("model/components/tokenizer/tokenizer_config.json", "{}"),
            ("model/components/tokenizer/tokenizer.json", "tokens"),
            ("other/config.json", "of another"),
        ],
    )
    .await;
    let folder = fetch(&world, &found, TableName::Models, "first").await.unwrap();
    let mut names: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let expected =
        ["config.json", "model-00001-of-00002.safetensors", "tokenizer.json", "tokenizer_config.json"];
    assert_eq!(names, expected);
    assert_eq!(fs::read_to_string(folder.join("config.json")).unwrap(), "{}");
    let again = fetch(&world, &found, TableName::Models, "first").await.unwrap_err();
    assert_eq!(again.code, ErrorCode::Conflict, "{again:?}");
    assert_eq!(fs::read_dir(world.folder.path().join("fetched")).unwrap().count(), 1, "something was left");

    let found = register(&world, "Adapter", &[("model/peft/adapter_config.json", "{}")]).await;
    let not_a_model = fetch(&world, &found, TableName::Models, "m").await.unwrap_err();
    assert!(not_a_model.hint.as_deref().is_some_and(|hint| hint.contains("an adapter")), "{not_a_model:?}");
    let adapter = fetch(&world, &found, TableName::Adapters, "a").await.unwrap();
    assert!(adapter.join("adapter_config.json").is_file());
}

#[tokio::test(flavor = "multi_thread")]
async fn files_out_of_reach_are_named_with_a_way_on() {
    let world = World::new().await;
    let empty = register(&world, "Gone", &[]).await;
    let gone = fetch(&world, &empty, TableName::Models, "first").await.unwrap_err();
    assert!(gone.code == ErrorCode::NotFound && gone.hint.is_some(), "{gone:?}");
    let project = world.there.project();
    world.there.clear(&format!("projects/{project}/experiments/{}/runs", empty.versions[0].experiment));
    let no_run = fetch(&world, &empty, TableName::Models, "first").await.unwrap_err();
    assert!(no_run.message.contains(&empty.versions[0].run), "{no_run:?}");
    let mut unknown = empty.clone();
    unknown.versions[0].run.clear();
    let unknown = fetch(&world, &unknown, TableName::Models, "first").await.unwrap_err();
    assert!(unknown.message.contains("which run of MLflow"), "{unknown:?}");
}
