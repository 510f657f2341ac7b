//! Which layers of the model a training changes.

use ::weights::{Architecture, ModelFacts, Modules, Trained};
use inspect::WeightsSource;
use resources::FineTuningJob;
use schema::{Result, column};
use serde_json::{Map, Value};

use super::{context::Preflight, plan::PlannedModules};
use run_folder::spec::Source;

const LORA: &str = column!(FineTuningJob, lora_config);
const MODEL: &str = column!(FineTuningJob, base_model_id);

impl Preflight<'_> {
    /// The properties of a model and its modules; of a model that is fetched first, what the Hub says.
    pub(super) async fn model_modules(&self, model: &Source) -> Result<(Option<ModelFacts>, Modules)> {
        let source = WeightsSource::Id(model.id.clone());
        let (facts, modules) = self.runs.inspector.modules(&source).await?;
        let fetched = self.fetches.iter().find(|fetch| fetch.name == model.source);
        let fetched = fetched.and_then(|fetch| fetch.model_type.clone());
        match (facts, fetched) {
            (None, Some(model_type)) => {
                let modules = Modules::from_model_type(&model_type);
                let facts = ModelFacts { model_type: Some(model_type), ..ModelFacts::default() };
                Ok((Some(facts), modules))
            }
            (facts, _) => Ok((facts, modules)),
        }
    }

    /// What is trained of a model with these LoRA settings. Refused where they match nothing, or the
    /// model's class can't be trained.
    pub(super) fn planned_modules(
        &mut self,
        facts: Option<&ModelFacts>,
        modules: &Modules,
        lora: &Map<String, Value>,
    ) -> Option<PlannedModules> {
        let model_type = facts.and_then(|facts| facts.model_type.as_deref());
        self.check_architecture(model_type);
        if !modules.are_known() {
            return None;
        }
        let trained = modules.trained(lora);
        for problem in &trained.problems {
            self.diagnostics.refuse(LORA, problem);
        }
        if let Some(why) = trained.uncounted.as_ref().filter(|_| trained.problems.is_empty()) {
            self.diagnostics.warn(LORA, why);
        }
        self.warn_of_modules(modules, &trained, lora);
        Some(PlannedModules {
            choices: modules.choices(),
            layers: trained.layers,
            trainable: trained.parameters.filter(|_| trained.problems.is_empty()),
            parameters: facts.and_then(|facts| facts.parameters),
        })
    }

    fn check_architecture(&mut self, model_type: Option<&str>) {
        let Some(model_type) = model_type else { return };
        let Some(architecture) = Architecture::find(model_type) else {
            let message = format!(
                "Models of the kind '{model_type}' are not known to write texts: whether one can be trained shows \
                 when it is loaded."
            );
            return self.diagnostics.warn(MODEL, message);
        };
        if architecture.refused.is_some() {
            let class = &architecture.class;
            let message = format!(
                "Models of the kind '{model_type}' can't be trained: the libraries fail with {class}. Choose another \
                 model."
            );
            self.diagnostics.refuse(MODEL, message);
        }
    }

    fn warn_of_modules(&mut self, modules: &Modules, trained: &Trained, lora: &Map<String, Value>) {
        let given = |name: &str| lora.get(name).is_some_and(|value| !value.is_null());
        let fused = modules.fused();
        if !fused.is_empty() && !given("target_parameters") {
            let message = format!(
                "The experts of this model are kept in tensors that target_modules doesn't reach, and stay as they \
                 are. To train them, name {} in target_parameters and set lora_dropout to 0.",
                fused.join(" and ")
            );
            self.diagnostics.warn(LORA, message);
        }
        let dropout = lora.get("lora_dropout").and_then(Value::as_f64).is_some_and(|share| share > 0.0);
        if trained.experts && dropout {
            let message = "PEFT trains the experts of this model as parameters, which works without dropout only: \
                           lora_dropout is taken as 0.";
            self.diagnostics.warn(LORA, message);
        }
        if trained.unties {
            let message = "The output layer of this model shares its weights with the embeddings. Trained apart, the \
                           two differ afterwards, and the adapter can't be merged into the model.";
            self.diagnostics.warn(LORA, message);
        }
    }
}
