//! Exports to GGUF and Ollama: what is refused before the work, and what is frozen.

use std::{fs, net::TcpListener};

use serde_json::{Map, Value, json};
use studio::{
    exports::{ExportRequest, GgufOf, GgufSettings, GgufType, OllamaSettings, Way},
    python::EnvironmentKind,
    schema::TableName,
    store::RowKey,
};

use crate::{
    exports::Exported,
    folders::{LLAMA_PARAMETERS, json_file},
};

fn gguf(r#type: GgufType, of: GgufOf) -> Way {
    Way::Gguf(GgufSettings { r#type, of })
}

fn ollama(host: &str) -> OllamaSettings {
    OllamaSettings {
        r#type: GgufType::Q8,
        name: String::new(),
        system: None,
        parameters: Map::new(),
        create: false,
        host: Some(host.to_owned()),
    }
}

/// An address on this machine where nothing listens.
fn silent() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

#[tokio::test]
async fn fewer_bits_take_less_room_and_a_quantizer_some_for_a_while() {
    let exported = Exported::new().await;
    let request = |kind| ExportRequest { way: gguf(kind, GgufOf::Merged), ..exported.request("tiny.gguf") };
    let mut last = u64::MAX;
    for kind in [GgufType::F32, GgufType::F16, GgufType::Q8, GgufType::Q6, GgufType::Q4, GgufType::Q2] {
        let plan = exported.plan(&request(kind)).await;
        assert_eq!(
            (&*plan.problems, &*plan.name),
            (&[][..], &*format!("labels {}", kind.into_str().to_uppercase()))
        );
        let bytes = plan.bytes.unwrap();
        assert!(bytes < last);
        last = bytes;
    }
    let [direct, quantized] = [GgufType::F16, GgufType::Q4].map(request);
    let (direct, quantized) = (exported.plan(&direct).await, exported.plan(&quantized).await);
    assert!(quantized.temporary_bytes > direct.temporary_bytes);
    assert_eq!(direct.bytes.unwrap() - 2 * LLAMA_PARAMETERS, 20_000_000);
}

#[tokio::test]
async fn what_can_not_be_converted_is_refused_by_name() {
    let exported = Exported::new().await;
    let world = &exported.world;
    let merged = ExportRequest { way: gguf(GgufType::Q8, GgufOf::Merged), ..exported.request("tiny.gguf") };
    let unnamed = ExportRequest { to: Some(world.path("tiny").display().to_string()), ..merged.clone() };
    let (field, message) = exported.problem(&unnamed).await;
    assert!(field == "to" && message.contains(".gguf"), "{message}");

    let alone = ExportRequest { way: gguf(GgufType::F16, GgufOf::Adapter), ..merged.clone() };
    assert_eq!(exported.plan(&alone).await.problems, []);
    let quantized = ExportRequest { way: gguf(GgufType::Q4, GgufOf::Adapter), ..merged.clone() };
    assert_eq!(exported.problem(&quantized).await.0, "type");
    let model = RowKey { table: TableName::Models, id: exported.model.clone() };
    assert_eq!(exported.problem(&ExportRequest { source: model, ..alone.clone() }).await.0, "of");

    let path = world.path("adapter/adapter_config.json");
    let mut config: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    config["use_rslora"] = json!(true);
    json_file(&path, &config);
    let (field, message) = exported.problem(&alone).await;
    assert!(field == "of" && message.contains("rsLoRA") && message.contains("merged model"), "{message}");
    assert_eq!(exported.plan(&merged).await.problems, [], "merged, it can be written");

    let path = world.path("base/config.json");
    let mut config: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    config["architectures"] = json!(["HyenaForCausalLM"]);
    json_file(&path, &config);
    let (field, message) = exported.problem(&merged).await;
    assert!(field == "base" && message.contains("HyenaForCausalLM"), "{message}");
}

#[tokio::test]
async fn a_folder_for_ollama_is_frozen_with_a_name_and_an_address() {
    let exported = Exported::new().await;
    let host = silent();
    let settings = ollama(&host);
    let request = ExportRequest { way: Way::Ollama(settings.clone()), ..exported.request("folder") };
    let plan = exported.plan(&request).await;
    assert_eq!((plan.problems, plan.ollama, plan.ollama_host), (vec![], None, Some(host.clone())));

    let badly = OllamaSettings { name: "two words".to_owned(), ..settings.clone() };
    let badly = ExportRequest { way: Way::Ollama(badly), ..request.clone() };
    assert_eq!(exported.problem(&badly).await.0, "ollama_name");
    let created = OllamaSettings { create: true, ..settings.clone() };
    let created = ExportRequest { way: Way::Ollama(created), ..request.clone() };
    let (field, message) = exported.problem(&created).await;
    assert!(field == "create" && message.contains(&host), "{message}");

    let named = ExportRequest { name: Some("Ticket labels (v2)".to_owned()), ..request };
    let run = exported.started(&named).await;
    let spec = exported.world.studio.runs().report(&run).await.unwrap().export.unwrap();
    assert_eq!(spec.environment(), EnvironmentKind::Gguf);
    let frozen = OllamaSettings { name: "ticket-labels-v2".to_owned(), ..settings };
    assert_eq!(spec.way, Way::Ollama(frozen));
}
