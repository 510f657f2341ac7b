//! Adapters and the models they belong to.

use std::fs;

use safetensors::Dtype;
use serde_json::json;
use studio::{
    AdapterReport, WeightsSource,
    schema::TableName,
    weights::{BaseModel, PlaceState},
};

use crate::{
    folders::{LLAMA, fetched, json_file, llama, lora, safetensors},
    world::{World, id},
};

impl World {
    async fn folder_model(&self, name: &str) -> String {
        let folder = llama(&self.path(name));
        let fields = json!({"type": "project", "name": name, "location": folder});
        id(&self.create(TableName::Models, fields).await.unwrap())
    }

    async fn fit(&self, base: &str, width: usize, model: &str) -> AdapterReport {
        let folder = lora(&self.path("adapter"), base, width);
        self.studio.inspector().adapter(&WeightsSource::Folder(folder.to_owned()), Some(model)).await.unwrap()
    }
}

#[test]
fn a_base_is_meant_by_name_or_by_path() {
    let name = |text| BaseModel(text).hub_name();
    assert_eq!(name("acme/tiny").as_deref(), Some("acme/tiny"));
    assert_eq!(name("gpt2").as_deref(), Some("gpt2"));
    let cached = "/home/ada/.cache/huggingface/hub/models--acme--tiny/snapshots/0123";
    assert_eq!(name(cached).as_deref(), Some("acme/tiny"));
    for path in ["/models/tiny", "../tiny", "./tiny", "C:\\models\\tiny", "/a/b--c--d", "."] {
        assert_eq!(name(path), None, "{path}");
    }
}

#[tokio::test]
async fn an_adapter_finds_its_base_by_what_it_says() {
    let world = World::new().await;
    let hub = world.model().await;
    let folder = world.folder_model("Local").await;
    let decoy = json!({"type": "huggingface", "huggingface_model_name": "lab/tiny-two"});
    world.create(TableName::Models, decoy).await.unwrap();
    let location = world.path("Local").display().to_string();
    let cases = [
        ("lab/tiny".to_owned(), Some(&hub)),
        ("LAB/Tiny".to_owned(), Some(&hub)),
        ("/else/hub/models--lab--tiny/snapshots/0123".to_owned(), Some(&hub)),
        (location.clone(), Some(&folder)),
        (format!("{location}/"), Some(&folder)),
        ("Local".to_owned(), Some(&folder)),
        ("lab/other".to_owned(), None),
    ];
    for (base, expected) in cases {
        let report = world.fit(&base, 8, &hub).await;
        let found: Vec<&String> = report.bases.iter().map(|sample| &sample.id).collect();
        assert_eq!(found, Vec::from_iter(expected), "{base}");
        let accepted = report.misfits.is_empty();
        assert_eq!(accepted, expected == Some(&hub), "{base}: {:?}", report.misfits);
    }
}

#[tokio::test]
async fn a_model_from_the_cache_is_the_one_of_that_name() {
    let world = World::new().await;
    let snapshot = llama(&fetched(&world.cache(), "models--acme--tiny"));
    let fields = json!({"type": "project", "name": "From the cache", "location": snapshot});
    let model = id(&world.create(TableName::Models, fields).await.unwrap());
    let report = world.fit("acme/tiny", 8, &model).await;
    assert_eq!(report.bases.len(), 1);
    assert_eq!(report.misfits, Vec::<String>::new());
}

#[tokio::test]
async fn what_does_not_fit_is_said() {
    let world = World::new().await;
    let model = world.folder_model("Local").await;
    let misfits = world.fit("Local", 8, &model).await.misfits;
    assert_eq!(misfits, Vec::<String>::new());

    let misfits = world.fit("acme/other", 8, &model).await.misfits;
    assert_eq!(misfits, ["The adapter's configuration names the base model acme/other, not Local."]);

    let misfits = world.fit("Local", 16, &model).await.misfits;
    assert!(misfits[0].contains("q_proj is 16 × 16 in it, and 8 × 8 here"), "{misfits:?}");

    let other = [("transformer.h.0.attn.c_attn.weight", &[8, 24][..])];
    safetensors(&world.path("Local/model.safetensors"), Dtype::F32, &other);
    let misfits = world.fit("Local", 8, &model).await.misfits;
    assert_eq!(misfits, ["The adapter changes the modules q_proj, v_proj, which the model doesn't have."]);

    // Without readable weights there is still the width of the layers.
    fs::rename(world.path("Local/model.safetensors"), world.path("Local/pytorch_model.bin")).unwrap();
    let misfits = world.fit("Local", 16, &model).await.misfits;
    assert_eq!(misfits, ["The adapter was made for layers that are 16 wide; this model's are 8."]);

    // Packed weights have other shapes than what they stand for, and missing parts say nothing.
    safetensors(
        &world.path("Local/model.safetensors"),
        Dtype::U8,
        &[1, 2, 3, 4].map(|at| (LLAMA[at].0, if at % 2 == 1 { &[32, 1][..] } else { &[16, 1] })),
    );
    assert_eq!(world.fit("Local", 8, &model).await.misfits, Vec::<String>::new());
    let index = json!({"weight_map": {"a": "model.safetensors", "b": "gone.safetensors"}});
    json_file(&world.path("Local/model.safetensors.index.json"), &index);
    safetensors(&world.path("Local/model.safetensors"), Dtype::F32, &other);
    assert_eq!(world.fit("Local", 8, &model).await.misfits, Vec::<String>::new());
}

#[tokio::test]
async fn the_check_names_misfits_and_missing_parts() {
    let world = World::new().await;
    let model = world.folder_model("Local").await;
    let folder = lora(&world.path("adapter"), "acme/other", 16);
    let fields = json!({"name": "Wrong", "model_id": model, "location": folder});
    let adapter = id(&world.create(TableName::Adapters, fields).await.unwrap());
    // A folder of any kind may be a row; only a broken one is reported.
    fs::remove_file(world.path("Local/model.safetensors")).unwrap();
    let index = json!({"weight_map": {"a": "model-00001-of-00002.safetensors"}});
    json_file(&world.path("Local/model.safetensors.index.json"), &index);

    let findings = world.studio.check().await.unwrap();
    let reported: Vec<_> = findings
        .iter()
        .map(|f| (f.id.as_deref().unwrap(), f.column.as_deref().unwrap(), f.message.as_str()))
        .collect();
    let expected = [
        (&*model, "location", "'Local': The file model-00001-of-00002.safetensors is missing."),
        (
            &*adapter,
            "model_id",
            "'Wrong': The adapter's configuration names the base model acme/other, not Local.",
        ),
        (
            &*adapter,
            "model_id",
            "'Wrong': The adapter was made for layers that are 16 wide; this model's are 8.",
        ),
    ];
    assert_eq!(reported, expected);
    let report = world.studio.inspector().model(&WeightsSource::Id(model.clone())).await.unwrap();
    assert_eq!(report.place.state, PlaceState::Incomplete);
    fs::remove_dir_all(world.path("Local")).unwrap();
    assert_eq!(
        world.studio.inspector().model(&WeightsSource::Id(model.clone())).await.unwrap().place.state,
        PlaceState::Missing
    );
}

#[tokio::test]
async fn the_check_names_trainings_that_quantize_twice() {
    let world = World::new().await;
    let model = world.folder_model("Local").await;
    let mut database = world.stranger().await;
    for (id, settings) in [("on", r#"{"load_in_4bit": true}"#), ("off", r#"{"load_in_4bit": false}"#)] {
        let insert = "INSERT INTO fine_tuning_jobs (id, base_model_id, adapter_bnb_config) VALUES (?, ?, ?)";
        sqlx::query(insert).bind(id).bind(&model).bind(settings).execute(&mut database).await.unwrap();
    }
    let config = world.path("Local/config.json");
    let plain: serde_json::Value = serde_json::from_slice(&fs::read(&config).unwrap()).unwrap();
    for (method, expected) in [("awq", vec!["on"]), ("bitsandbytes", vec![])] {
        let mut quantized = plain.clone();
        quantized["quantization_config"] = json!({"quant_method": method});
        json_file(&config, &quantized);
        let findings = world.studio.check().await.unwrap();
        let reported = findings.iter().filter(|finding| finding.message.contains("can't be quantized again"));
        let reported: Vec<_> = reported.map(|finding| finding.id.clone().unwrap()).collect();
        assert_eq!(reported, expected, "{method}: {findings:?}");
    }
}
