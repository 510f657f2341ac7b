//! What is known of models and adapters before they are tried, and conversations that begin and end in files.

use std::{fs, path::Path};

use prompts::{Value as Cell, chat::conversation};
use serde_json::{Value, json};
use studio::{
    playground::{TemplateOrigin, TrialConversation, TrialOutline, TrialWay},
    prompts,
    schema::TableName,
};

use crate::world::{World, id, row};

/// A model with a chat template, and adapters of it.
struct Tried {
    world: World,
    model: String,
}

const JOB: &str = "2c8f3c1e-6a0b-4f0e-9a53-0d6f5a3b7c11";

impl Tried {
    async fn new(template: Option<&str>) -> Self {
        let world = World::new().await;
        let folder = world.path("model");
        write(&folder, "config.json", &json!({"architectures": ["LlamaForCausalLM"], "model_type": "llama"}));
        if let Some(text) = template {
            fs::write(folder.join("chat_template.jinja"), text).unwrap();
        }
        let fields = json!({"type": "project", "name": "Tiny", "location": folder});
        let model = id(&world.create(TableName::Models, fields).await.unwrap());
        Self { world, model }
    }

    /// An adapter of the model that was made elsewhere, for that task.
    async fn adapter(&self, name: &str, task: &str, template: Option<&str>) -> String {
        let folder = self.world.path(name);
        write(&folder, "adapter_config.json", &json!({"peft_type": "LORA", "task_type": task, "r": 2}));
        if let Some(text) = template {
            fs::write(folder.join("chat_template.jinja"), text).unwrap();
        }
        self.adapter_row(json!({"type": "project", "name": name, "location": folder})).await
    }

    async fn adapter_row(&self, mut fields: Value) -> String {
        fields["model_id"] = json!(self.model);
        id(&self.world.create(TableName::Adapters, fields).await.unwrap())
    }

    /// An adapter of a training here, whose frozen job has these fields.
    async fn trained(&self, job: Value) -> String {
        let source = json!({"id": "m", "name": "Tiny", "source": "/tiny"});
        let mut spec = json!({
            "version": 1, "id": JOB, "name": "first", "kind": "training", "framework": "legacy",
            "dataset": {"id": "d", "name": "rows", "path": "/rows"}, "prompt": null, "seed": 1,
            "tracking": {"uri": "", "experiment": ""}, "rows": null, "model": source,
            "selection": {"dataset_fraction": 1.0, "train_test_split": 0.9, "sample": null, "features": []},
            "training_arguments": {}, "lora": {}, "quantization": null, "axolotl": null, "script": null,
            "output": {"adapter": "/out", "checkpoints": "/steps"},
            "adapter": {"name": "first", "register": true},
        });
        spec.as_object_mut().unwrap().extend(row(job));
        write(&self.world.path("runs").join(JOB), "job.json", &spec);
        let (dataset, model) = (self.world.dataset().await, self.model.clone());
        let prompt = self.world.prompt(&dataset).await;
        let fields = json!({
            "id": JOB, "base_model_id": model, "dataset_id": dataset, "prompt_id": prompt, "adapter_name": "first",
        });
        self.world.create(TableName::FineTuningJobs, fields).await.unwrap();
        let folder = self.world.path("first");
        write(&folder, "adapter_config.json", &json!({"peft_type": "LORA", "r": 2}));
        self.adapter_row(json!({
            "type": "project", "name": "first", "location": folder, "fine_tuning_job_id": JOB,
        }))
        .await
    }

    async fn outline(&self, adapters: &[String]) -> studio::Result<TrialOutline> {
        self.world.studio.playground().outline_trial(&self.model, adapters).await
    }

    /// Where the templates of the model and these adapters come from.
    async fn origins(&self, adapters: &[String]) -> Vec<Option<TemplateOrigin>> {
        self.outline(adapters).await.unwrap().targets.into_iter().map(|target| target.template).collect()
    }
}

fn write(folder: &Path, name: &str, content: &Value) {
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join(name), content.to_string()).unwrap();
}

fn chat(system: &str) -> Value {
    let template = json!({"text": "{{ messages }}", "name": "plain", "special_tokens": {}, "now": "2026-11-28T13:50:00"});
    json!({"chat": {"template": template, "train_on": null, "system_prompt": system}})
}

#[tokio::test]
async fn an_adapter_is_asked_by_the_template_it_was_trained_with() {
    use TemplateOrigin::{Adapter, Model, OtherAdapter, Training};
    let tried = Tried::new(Some("{{ messages[0] }}")).await;
    let first = tried.trained(chat("Be brief.")).await;
    let own = tried.adapter("own", "CAUSAL_LM", Some("{{ messages }}")).await;
    let bare = tried.adapter("bare", "CAUSAL_LM", None).await;
    let all = [first.clone(), own, bare.clone()];
    assert_eq!(tried.origins(&all).await, [Some(Model), Some(Training), Some(Adapter), Some(Model)]);
    let outline = tried.outline(&all).await.unwrap();
    assert_eq!((outline.way, outline.system_prompt.as_deref()), (TrialWay::Chat, Some("Be brief.")));
    assert_eq!(outline.targets[1].template_name.as_deref(), Some("plain"));

    fs::remove_file(tried.world.path("model/chat_template.jinja")).unwrap();
    assert_eq!(
        tried.origins(&[bare.clone(), first]).await,
        [Some(OtherAdapter), Some(OtherAdapter), Some(Training)]
    );
    assert_eq!(tried.origins(&[bare]).await, [None, None]);
}

#[tokio::test]
async fn the_way_of_asking_is_that_of_the_training() {
    let tried = Tried::new(Some("{{ messages }}")).await;
    assert_eq!(tried.outline(&[]).await.unwrap().way, TrialWay::Chat);
    let prompt = json!({
        "prompt": {"id": "p", "name": "ask", "input_template": "{a}", "completion_template": "{b}",
        "training_template": null},
    });
    let outline = tried.outline(&[tried.trained(prompt).await]).await.unwrap();
    assert_eq!((outline.way, outline.prompt_id.as_deref()), (TrialWay::Prompt, Some("p")));
    assert_eq!(Tried::new(None).await.outline(&[]).await.unwrap().way, TrialWay::Prompt);
}

#[tokio::test]
async fn reward_models_are_not_tried() {
    let tried = Tried::new(Some("{{ messages }}")).await;
    let elsewhere = tried.adapter("rates", "SEQ_CLS", None).await;
    let here = tried.trained(json!({"method": "reward"})).await;
    let playground = tried.world.studio.playground();
    let mut found = playground.reward_models(&tried.model).await.unwrap();
    let mut wanted = vec![elsewhere.clone(), here.clone()];
    found.adapters.sort();
    wanted.sort();
    assert_eq!((found.models, found.adapters), (Vec::<String>::new(), wanted));
    for adapter in [elsewhere, here] {
        let error = tried.outline(&[adapter]).await.unwrap_err();
        assert!(error.message.ends_with("is a reward model: it rates answers and writes none."), "{error:?}");
    }
    let config = json!({"architectures": ["LlamaForSequenceClassification"], "model_type": "llama"});
    write(&tried.world.path("model"), "config.json", &config);
    assert!(tried.outline(&[]).await.unwrap_err().message.starts_with("'Tiny' is a reward model"));
    let found = playground.reward_models("").await.unwrap();
    assert_eq!((found.models, found.adapters), (vec![tried.model.clone()], Vec::<String>::new()));
}

#[tokio::test]
async fn a_conversation_that_is_saved_is_read_as_a_row() {
    let world = World::new().await;
    let tool = json!({"type": "function", "function": {"name": "find", "parameters": {"z": 1, "a": 2}}});
    let call =
        json!({"id": "aaaaaaaaa", "type": "function", "function": {"name": "find", "arguments": {"n": 7}}});
    let messages = [
        json!({"role": "system", "content": "Be brief."}),
        json!({"role": "user", "content": "Wo ist 7? 🎭\n"}),
        json!({"role": "assistant", "content": "", "tool_calls": [call]}),
        json!({"role": "tool", "content": "here", "name": "find", "tool_call_id": "aaaaaaaaa"}),
        json!({"role": "assistant", "content": "<think>\nWell.\n</think>\n\nHier."}),
    ];
    let held = TrialConversation { messages: messages.map(row).into(), tools: vec![row(tool)] };
    let file = world.path("held.jsonl");
    held.clone().save(file.clone()).await.unwrap();

    let text = fs::read_to_string(&file).unwrap();
    assert!(text.ends_with("}\n") && text.lines().count() == 1, "{text}");
    let line = Cell::from(serde_json::from_str::<Value>(&text).unwrap());
    conversation(line.as_object().unwrap(), None).unwrap();
    let fields = json!({"type": "project_jsonl", "name": "held", "location": file});
    let dataset = world.create(TableName::Datasets, fields).await.unwrap();
    let read = world.studio.playground().conversation_of_row(&id(&dataset), 1).await.unwrap();
    assert_eq!((read.conversation, read.last), (Some(held), true));
    let behind = world.studio.playground().conversation_of_row(&id(&dataset), 2).await.unwrap();
    assert_eq!((behind.conversation, behind.problem), (None, None));
}

#[tokio::test]
async fn a_row_that_holds_no_conversation_says_so() {
    let world = World::new().await;
    let dataset = world.dataset().await;
    let read = world.studio.playground().conversation_of_row(&dataset, 1).await.unwrap();
    assert_eq!(read.conversation, None);
    assert!(read.problem.unwrap().starts_with("There is no conversation"));
}
