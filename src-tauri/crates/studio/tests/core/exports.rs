//! Exports: what keeps them from starting, what they leave, and what was made by them.

use std::fs;

use serde_json::{Value, json};
use studio::{
    Error, ErrorCode,
    exports::{ExportPlan, ExportRequest, MergePrecision, MergeSettings, Way},
    python::{Places, Python},
    schema::TableName,
    store::{Dependents, EndedExport, LineageEdge, RowKey, RunKind, RunState},
};

use crate::{
    folders::{LLAMA_PARAMETERS, json_file, llama, lora},
    world::{World, id},
};

/// A model, and an adapter of it.
pub(crate) struct Exported {
    pub(crate) world: World,
    pub(crate) model: String,
    pub(crate) adapter: String,
}

impl Exported {
    pub(crate) async fn new() -> Self {
        let mut world = World::new().await;
        // Nothing is started here: the worker need only be named.
        let places = Places { worker: Some(world.path("worker")), ..Places::default() };
        let python = Python::new(places, world.studio.hub().settings_file().clone());
        world.studio = world.studio.clone().with_python(python);
        let base = llama(&world.path("base"));
        let fields = json!({"type": "project", "name": "Tiny", "location": base});
        let model = id(&world.create(TableName::Models, fields).await.unwrap());
        let folder = lora(&world.path("adapter"), "base", 8);
        let fields = json!({"type": "project", "name": "labels", "location": folder, "model_id": model});
        let adapter = id(&world.create(TableName::Adapters, fields).await.unwrap());
        Self { world, model, adapter }
    }

    pub(crate) fn request(&self, to: &str) -> ExportRequest {
        let settings = MergeSettings { register: true, ..MergeSettings::default() };
        ExportRequest {
            source: RowKey { table: TableName::Adapters, id: self.adapter.clone() },
            base: None,
            name: None,
            to: Some(self.world.path(to).display().to_string()),
            way: Way::Merge(settings),
            target: None,
        }
    }

    pub(crate) async fn plan(&self, request: &ExportRequest) -> ExportPlan {
        self.world.studio.exports().plan(request).await.unwrap()
    }

    /// The field and the sentence of the only problem.
    pub(crate) async fn problem(&self, request: &ExportRequest) -> (String, String) {
        let problems = self.plan(request).await.problems;
        assert_eq!(problems.len(), 1, "{problems:?}");
        let refused = self.world.studio.exports().start(request).await.unwrap_err();
        assert_eq!(refused.fields, problems);
        (problems[0].column.clone(), problems[0].message.clone())
    }

    /// Starts an export, and returns the id of its run.
    pub(crate) async fn started(&self, request: &ExportRequest) -> String {
        self.world.studio.exports().start(request).await.unwrap().id
    }

    /// Ends an export with success, as its worker would.
    async fn succeed(&self, run: &str, output: &str) -> Result<(), Error> {
        let store = self.world.studio.store();
        let export = self.world.studio.runs().report(run).await?.export.unwrap();
        let ended = EndedExport {
            state: RunState::Succeeded,
            note: None,
            hint: None,
            report: Some(r#"{"way": "merge", "bytes": 7, "facts": {"precision": "bfloat16"}}"#),
            output: Some(output),
            made: export.made(output),
            registered: None,
        };
        store.begin_run(run).await?;
        store.end_export(run, ended).await
    }
}

#[tokio::test]
async fn a_plan_says_what_is_written() {
    let exported = Exported::new().await;
    let mut request = exported.request("merged");
    let plan = exported.plan(&request).await;
    assert_eq!((&*plan.problems, &*plan.name), (&[][..], "labels merged"));
    assert_eq!(plan.precision.as_deref(), Some("bfloat16"));
    let names = [plan.model, plan.adapter].map(|source| source.unwrap().name);
    assert_eq!(names, ["Tiny", "labels"]);
    assert_eq!((plan.samples, plan.samples_of), (8, None), "fixed texts where no training is known");
    let wide = MergeSettings { precision: Some(MergePrecision::Float32), ..MergeSettings::default() };
    request.way = Way::Merge(wide);
    let twice = exported.plan(&request).await.bytes.unwrap();
    assert_eq!(twice - plan.bytes.unwrap(), 2 * LLAMA_PARAMETERS);
}

#[tokio::test]
async fn what_keeps_a_merge_from_starting_is_said_with_its_field() {
    let exported = Exported::new().await;
    let world = &exported.world;
    let good = exported.request("merged");
    let lacking = ExportRequest { to: None, ..good.clone() };
    assert_eq!(exported.problem(&lacking).await.0, "to");
    fs::create_dir(world.path("taken")).unwrap();
    assert_eq!(exported.plan(&exported.request("taken")).await.problems, [], "an empty folder is free");
    fs::write(world.path("taken/file"), "").unwrap();
    for (place, said) in [("taken", "exists already"), ("adapter/merged", "inside the folder")] {
        let (field, message) = exported.problem(&exported.request(place)).await;
        assert!(field == "to" && message.contains(said), "{message}");
    }
    let model = RowKey { table: TableName::Models, id: exported.model.clone() };
    let alone = ExportRequest { source: model, ..good.clone() };
    assert_eq!(exported.problem(&alone).await.0, "source");
    let gone = RowKey { table: TableName::Adapters, id: "gone".to_owned() };
    let gone =
        world.studio.exports().plan(&ExportRequest { source: gone, ..good.clone() }).await.unwrap_err();
    assert_eq!(gone.code, ErrorCode::NotFound);

    let base: Value = serde_json::from_slice(&fs::read(world.path("base/config.json")).unwrap()).unwrap();
    let mut quantized = base.clone();
    quantized["quantization_config"] = json!({"quant_method": "bitsandbytes", "load_in_4bit": true});
    json_file(&world.path("base/config.json"), &quantized);
    let (field, message) = exported.problem(&good).await;
    assert!(field == "base" && message.contains("bitsandbytes"), "{message}");
    // It is merged into the model that was quantized, which the run says.
    let source = llama(&world.path("source"));
    let fields = json!({"type": "project", "name": "Source", "location": source});
    let source = id(&world.create(TableName::Models, fields).await.unwrap());
    let run = exported.started(&ExportRequest { base: Some(source), ..good.clone() }).await;
    assert!(world.studio.runs().report(&run).await.unwrap().export.unwrap().trained_quantized);

    json_file(&world.path("base/config.json"), &base);
    let (field, message) = exported.problem(&good).await;
    assert!(field == "to" && message.contains("Another export"), "{message}");
    let prompt = json!({"peft_type": "PROMPT_TUNING", "task_type": "CAUSAL_LM", "num_virtual_tokens": 4});
    json_file(&world.path("adapter/adapter_config.json"), &prompt);
    let tuned = exported.plan(&exported.request("other")).await;
    assert!(tuned.problems.iter().any(|problem| problem.message.contains("can't be merged")), "{tuned:?}");
}

#[tokio::test]
async fn an_export_outlives_its_adapter_and_is_removed_by_itself() {
    let exported = Exported::new().await;
    let (studio, store) = (&exported.world.studio, exported.world.studio.store());
    let run = exported.started(&exported.request("merged")).await;
    let report = studio.runs().report(&run).await.unwrap();
    assert_eq!((report.run.kind, report.jobs.len(), report.specification), (RunKind::Export, 0, None));
    let folder = std::path::PathBuf::from(report.folder);
    assert!(folder.join("job.json").exists());
    let refused = studio.exports().remove(&run).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::InUse);

    studio.runs().stop(&run).await.unwrap();
    let adapter = std::slice::from_ref(&exported.adapter);
    let deletion = store.delete(TableName::Adapters, adapter, Dependents::Detach).await.unwrap().deletion;
    store.purge(deletion).await.unwrap();
    studio.runs().sweep().await.unwrap();
    assert_eq!(studio.runs().list().await.unwrap().len(), 1, "the export is gone with its adapter");
    assert_eq!(studio.runs().retry(&run).await.unwrap().state, RunState::Queued);
    studio.runs().stop(&run).await.unwrap();

    let partial = exported.world.path(&format!(".merged.{run}.partial"));
    fs::create_dir(&partial).unwrap();
    studio.exports().remove(&run).await.unwrap();
    assert!(!folder.exists() && !partial.exists());
    assert_eq!(studio.runs().list().await.unwrap(), []);
    assert_eq!(studio.exports().report(&run).await.unwrap_err().code, ErrorCode::NotFound);
}

#[tokio::test]
async fn what_was_made_is_registered_once_and_has_a_lineage() {
    let exported = Exported::new().await;
    let (studio, store) = (&exported.world.studio, exported.world.studio.store());
    let merged = llama(&exported.world.path("merged"));
    let taken = json!({"type": "project", "name": "labels merged", "location": exported.world.path("base")});
    exported.world.create(TableName::Models, taken).await.unwrap();
    let run = exported.started(&exported.request("elsewhere")).await;
    for _ in 0..2 {
        exported.succeed(&run, &merged.display().to_string()).await.unwrap();
    }
    let report = studio.exports().report(&run).await.unwrap();
    let made = report.made.unwrap();
    assert_eq!(report.output, Some(merged.display().to_string()));
    assert_eq!(report.report.unwrap().facts["precision"], "bfloat16");
    let row = store.get(TableName::Models, &made.id).await.unwrap();
    assert_eq!(row.row["description"], "Merged from Tiny and labels.");
    assert_ne!(row.label, "labels merged");
    assert!(studio.runs().get(&run).await.unwrap().note.unwrap().contains(&row.label));

    let key = |table, id: &String| RowKey { table, id: id.clone() };
    let [base, adapter] =
        [key(TableName::Models, &exported.model), key(TableName::Adapters, &exported.adapter)];
    let edges = [
        LineageEdge { from: base.clone(), to: adapter.clone(), role: "Base model".to_owned() },
        LineageEdge { from: adapter.clone(), to: made.clone(), role: "Merged".to_owned() },
    ];
    for key in [&base, &adapter, &made] {
        let lineage = store.lineage(key.table, &key.id, 4).await.unwrap();
        let mut found = lineage.edges;
        found.sort_by_key(|edge| edge.role.clone());
        assert_eq!((found.as_slice(), lineage.nodes.len()), (&edges[..], 3), "from {key:?}");
    }
}
