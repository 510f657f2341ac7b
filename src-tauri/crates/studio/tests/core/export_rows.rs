//! Exports of chosen rows: those rows, with what they refer to if asked for, and nothing else.

use std::fs;
use studio::resources::Described as _;

use serde_json::{Value, json};
use studio::{
    ErrorCode,
    platform::Work,
    schema::TableName,
    snapshot::{ImportPolicy, RowsForm},
};
use tokio_util::sync::CancellationToken;

use crate::{
    snapshots::import,
    world::{World, id},
};

const ALONE: RowsForm = RowsForm::Json { with_references: false };
const WITH_REFERENCES: RowsForm = RowsForm::Json { with_references: true };

/// Two datasets, each with a prompt, and a model with an adapter made with the first prompt.
struct Studied {
    world: World,
    prompts: [String; 2],
    adapter: String,
}

async fn studied() -> Studied {
    let world = World::new().await;
    let mut prompts = Vec::new();
    for name in ["first", "second"] {
        let file = world.file(&format!("{name}.csv"), "question,answer\nWhy?,Because.\n");
        let fields = json!({"type": "project_csv", "name": name, "location": file});
        let dataset = id(&world.create(TableName::Datasets, fields).await.unwrap());
        let fields = json!({
            "name": name, "dataset_id": dataset,
            "input_template": "Q: {question}\nA: ", "completion_template": "{answer}",
        });
        prompts.push(id(&world.create(TableName::Prompts, fields).await.unwrap()));
    }
    let model = world.model().await;
    let fields = json!({
        "type": "huggingface", "name": "tuned", "huggingface_name": "lab/tuned",
        "model_id": model, "prompt_id": prompts[0],
    });
    let adapter = id(&world.create(TableName::Adapters, fields).await.unwrap());
    let tags = ["kept, \"quoted\"".to_owned()];
    world.studio.store().tag(TableName::Prompts, &prompts[..1], &tags).await.unwrap();
    Studied { world, prompts: prompts.try_into().unwrap(), adapter }
}

impl Studied {
    async fn export(&self, name: &str, table: TableName, ids: &[String], form: RowsForm) -> Vec<u8> {
        let target = self.world.path(name);
        let work = Work::unwatched();
        let exported =
            self.world.studio.snapshots().export_rows(&target, table, ids, form, &work).await.unwrap();
        assert_eq!(exported.bytes, fs::metadata(&target).unwrap().len());
        fs::read(&target).unwrap()
    }
}

fn names(snapshot: &Value, table: &str) -> Vec<String> {
    let rows = snapshot[table]["data"].as_array().into_iter().flatten();
    rows.map(|row| row["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn chosen_rows_come_alone_or_with_what_they_refer_to() {
    let studied = studied().await;
    let alone = studied.export("alone.json", TableName::Prompts, &studied.prompts[..1], ALONE).await;
    let alone: Value = serde_json::from_slice(&alone).unwrap();
    let tables: Vec<&String> = alone.as_object().unwrap().keys().collect();
    assert_eq!(tables, ["prompts", "studio_times", "studio_tags"]);
    assert_eq!(names(&alone, "prompts"), ["first"]);
    let hung: Vec<&Value> = alone["studio_tags"]["data"].as_array().unwrap().iter().collect();
    assert_eq!(hung.len(), 1);
    assert_eq!(hung[0]["tag"], "kept, \"quoted\"");
    assert_eq!(alone["studio_times"]["data"].as_array().unwrap().len(), 1);

    let adapters = std::slice::from_ref(&studied.adapter);
    let with = studied.export("with.json", TableName::Adapters, adapters, WITH_REFERENCES).await;
    let with: Value = serde_json::from_slice(&with).unwrap();
    let found = ["datasets", "models", "adapters", "prompts"].map(|table| names(&with, table));
    assert_eq!(
        found,
        [["first"], ["lab/tiny"], ["tuned"], ["first"]].map(|names| names.map(str::to_owned).to_vec())
    );
}

#[tokio::test]
async fn what_was_exported_with_its_references_is_imported_whole() {
    let studied = studied().await;
    let adapters = std::slice::from_ref(&studied.adapter);
    studied.export("with.json", TableName::Adapters, adapters, WITH_REFERENCES).await;
    let elsewhere = World::new().await;
    import(&elsewhere.studio, &studied.world.path("with.json"), &ImportPolicy::default()).await.unwrap();
    let there = elsewhere.studio.store().get(TableName::Adapters, &studied.adapter).await.unwrap();
    let here = studied.world.studio.store().get(TableName::Adapters, &studied.adapter).await.unwrap();
    assert_eq!(there, here);
    assert!(there.links.iter().all(|link| link.label.is_some()), "{:?}", there.links);
    let prompt = elsewhere.studio.store().get(TableName::Prompts, &studied.prompts[0]).await.unwrap();
    assert_eq!(prompt.tags, ["kept, \"quoted\""]);
    assert!(elsewhere.studio.store().get(TableName::Prompts, &studied.prompts[1]).await.is_err());
}

#[tokio::test]
async fn csv_has_the_columns_and_every_value_as_it_is() {
    let studied = studied().await;
    let bytes = studied.export("rows.csv", TableName::Prompts, &studied.prompts, RowsForm::Csv).await;
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let columns: Vec<&str> = TableName::Prompts.table().columns.iter().map(|column| column.name).collect();
    assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), columns);
    let mut found = 0;
    for record in reader.records() {
        let record = record.unwrap();
        let listed = studied.world.studio.store().get(TableName::Prompts, &record[0]).await.unwrap();
        for (column, cell) in columns.iter().zip(record.iter()) {
            assert_eq!(listed.row[*column].as_str().unwrap_or_default(), cell, "{column}");
        }
        found += 1;
    }
    assert_eq!(found, 2);

    let mut database = studied.world.stranger().await;
    sqlx::query("INSERT INTO fine_tuning_jobs (id, learning_rate, num_cpu) VALUES ('j', 2e-4, -7)")
        .execute(&mut database)
        .await
        .unwrap();
    let jobs = studied.export("jobs.csv", TableName::FineTuningJobs, &["j".to_owned()], RowsForm::Csv).await;
    let mut reader = csv::Reader::from_reader(jobs.as_slice());
    let headers = reader.headers().unwrap().clone();
    let record = reader.records().next().unwrap().unwrap();
    let cell = |name: &str| &record[headers.iter().position(|header| header == name).unwrap()];
    assert_eq!(cell("learning_rate").parse::<f64>().unwrap().to_bits(), 2e-4_f64.to_bits());
    assert_eq!((cell("num_cpu"), cell("base_model_id")), ("-7", ""));
}

#[tokio::test]
async fn a_refused_or_stopped_export_leaves_what_was_there() {
    let studied = studied().await;
    let studio = &studied.world.studio;
    let target = studied.world.file("out.json", "precious");
    for form in [ALONE, RowsForm::Csv] {
        let both = [studied.prompts[0].clone(), "nobody".to_owned()];
        let refused = studio
            .snapshots()
            .export_rows(&target, TableName::Prompts, &both, form, &Work::unwatched())
            .await;
        let error = refused.unwrap_err();
        assert_eq!(error.code, ErrorCode::NotFound);
        assert!(error.message.contains("nobody"), "{error}");
        let none =
            studio.snapshots().export_rows(&target, TableName::Prompts, &[], form, &Work::unwatched()).await;
        assert_eq!(none.unwrap_err().code, ErrorCode::Invalid);
        let stop = CancellationToken::new();
        stop.cancel();
        let work = Work::new(stop, |_| {});
        let stopped =
            studio.snapshots().export_rows(&target, TableName::Prompts, &studied.prompts, form, &work).await;
        assert_eq!(stopped.unwrap_err().code, ErrorCode::Cancelled);
    }
    assert_eq!(fs::read(&target).unwrap(), b"precious");
    let left = fs::read_dir(studied.world.folder.path()).unwrap().flatten();
    assert!(left.into_iter().all(|entry| !entry.file_name().to_string_lossy().ends_with(".part")));
}
