//! Fine-tuning jobs.

use platform::absolute;
use schema::{
    Check, Choice, FileScan, Id, Kind, Resource as _, Result, RowLookup, Rules, Stored, resource, text_enum,
};

use crate::{Adapter, Config, Dataset, Model, Prompt, path, settings_text::check_json_objects};

text_enum! {
    /// What trains.
    pub enum FineTuningFramework {
        /// transformers, PEFT and TRL.
        Legacy = "legacy", "Transformers and PEFT";
        /// axolotl.
        Axolotl = "axolotl", "Axolotl";
    }
}

resource! {
    /// Records of trainings: what went in, with which settings, and what the result is called.
    pub struct FineTuningJob {
        table: FineTuningJobs, since: 1, message: Some("FineTuningJobMetadata"),
        group: Work, icon: "IconRun",
        singular: "fine-tuning job", plural: "fine-tuning jobs", title: "Training",
        label: ["adapter_name"],
    }
    columns {
        /// A random UUID that never changes.
        id: Option<Id<FineTuningJob>> => "Identifier",
        /// The model to start from.
        base_model_id: Option<Id<Model>> => "Base model".required().listed(),
        /// The rows to learn from.
        dataset_id: Option<Id<Dataset>> => "Dataset".required().listed(),
        /// How a row becomes a text. Axolotl makes its own, and conversations and preferences need none.
        prompt_id: Option<Id<Prompt>> => "Prompt".listed(),
        /// How many workers train together, each in a process for each of its GPUs and in one at least.
        num_workers: Option<i64> => "Workers".required().at_least(1).default("1"),
        /// The job's identifier on Cloudera AI.
        cml_job_id: Option<String> => "Cloudera AI job".derived(),
        /// The adapter that came out of it.
        adapter_id: Option<Id<Adapter>> => "Adapter".derived().outcome(),
        /// Processor cores for each worker.
        num_cpu: Option<i64> => "CPU cores".required().at_least(1).default("2"),
        /// GPUs for each worker; 0 for none.
        num_gpu: Option<i64> => "GPUs".required().at_least(0).default("0"),
        /// Memory for each worker, in GiB.
        num_memory: Option<i64> => "Memory (GiB)".required().at_least(1).default("8"),
        /// How often training goes through the whole dataset.
        num_epochs: Option<i64> => "Epochs".required().at_least(1).default("1").listed(),
        /// The size of the first step, such as 0.0002.
        learning_rate: Option<f64> => "Learning rate".required().positive(None).default("0.0002").listed(),
        /// The folder the adapter is written to.
        out_dir: Option<String> => "Output folder".is(Kind::Folder),
        /// Kept for jobs of older versions.
        training_arguments_config_id: Option<Id<Config>> => "Training arguments (older)".derived(),
        /// Kept for jobs of older versions.
        model_bnb_config_id: Option<Id<Config>> => "Model quantization (older)".derived(),
        /// Kept for jobs of older versions.
        adapter_bnb_config_id: Option<Id<Config>> => "Adapter quantization (older)".derived(),
        /// Kept for jobs of older versions.
        lora_config_id: Option<Id<Config>> => "LoRA (older)".derived(),
        /// The training arguments as JSON.
        training_arguments_config: Option<String> => "Training arguments".is(Kind::Code),
        /// How the base model is quantized, as JSON.
        model_bnb_config: Option<String> => "Model quantization".is(Kind::Code),
        /// How the model is quantized while the adapter trains, as JSON.
        adapter_bnb_config: Option<String> => "Adapter quantization".is(Kind::Code),
        /// The LoRA settings as JSON.
        lora_config: Option<String> => "LoRA".is(Kind::Code),
        /// The part of the dataset to use: 1 is all of it.
        dataset_fraction: Option<f64> => "Dataset share".required().positive(Some(1.0)).default("1.0"),
        /// The part of those rows to train on; the rest is for evaluation. 1 keeps nothing back.
        train_test_split: Option<f64> => "Training share".required().positive(Some(1.0)).default("0.9"),
        /// A training script of your own.
        user_script: Option<String> => "Own script".is(Kind::File),
        /// The configuration for that script.
        user_config_id: Option<Id<Config>> => "Script config",
        /// What trains.
        framework_type: Option<Choice<FineTuningFramework>> => "Framework"
            .required().listed().default("legacy"),
        /// The axolotl configuration.
        axolotl_config_id: Option<Id<Config>> => "Axolotl config",
        /// The accelerator's label on Cloudera AI; 0 and -1 mean none.
        gpu_label_id: Option<i64> => "GPU label".derived(),
        /// What the adapter will be called: letters, digits and dashes.
        adapter_name: Option<String> => "Adapter name".required().unique().listed(),
    }
}

impl Rules for FineTuningJob {
    async fn derive(&mut self, _before: Option<&Self>, _files: &mut dyn FileScan) -> Result<()> {
        self.out_dir = self.out_dir.as_deref().map(absolute);
        // The worker runs in another folder.
        self.user_script = self.user_script.as_deref().map(absolute);
        Ok(())
    }

    async fn check(&self, check: &mut Check<'_>) -> Result<()> {
        let axolotl =
            self.framework_type.as_ref().and_then(Choice::known) == Some(FineTuningFramework::Axolotl);
        if axolotl
            && self.axolotl_config_id.is_none()
            && check.touches(&["framework_type", "axolotl_config_id"])
        {
            check.refuse("axolotl_config_id", "Axolotl needs a config of its own.");
        }
        path::check_folder(check, "out_dir", self.out_dir.as_deref());
        self.check_adapter_name(check).await?;
        let texts = [
            ("training_arguments_config", &self.training_arguments_config),
            ("model_bnb_config", &self.model_bnb_config),
            ("adapter_bnb_config", &self.adapter_bnb_config),
            ("lora_config", &self.lora_config),
        ];
        check_json_objects(check, &texts);
        Ok(())
    }

    /// The adapter name of a job whose training ended without an adapter may be used again.
    async fn keeps_unique_values(&self, rows: &mut dyn RowLookup) -> Result<bool> {
        let Some(id) = &self.id else { return Ok(true) };
        Ok(!rows.ended_without_adapter(id.as_str()).await?)
    }
}

impl FineTuningJob {
    async fn check_adapter_name(&self, check: &mut Check<'_>) -> Result<()> {
        let Some(name) = self.adapter_name.as_deref().filter(|_| check.touches(&["adapter_name"])) else {
            return Ok(());
        };
        let letters = name.replace('-', "");
        if letters.is_empty() || !letters.chars().all(char::is_alphanumeric) {
            check.refuse("adapter_name", "Use letters, digits and dashes only.");
            return Ok(());
        }
        let adapters = check.rows.rows_named(Adapter::NAME, "name", name).await?;
        // The adapter that this job created has its name.
        let foreign =
            |adapter: Stored<Adapter>| self.id.is_none() || adapter.typed.fine_tuning_job_id != self.id;
        if adapters.into_iter().next().map(Stored::from_row).is_some_and(foreign) {
            check.refuse("adapter_name", format!("An adapter is already called '{name}'."));
        }
        Ok(())
    }
}
