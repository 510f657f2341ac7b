//! The chat template of a training.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use prompts::chat::{BUNDLED, ChatTemplate, TemplateError, TemplateSource};
use schema::{Error, Result};

use super::context::Preflight;
use run_folder::spec::{ChatSpec, Source};

/// The field that chooses the template.
const FIELD: &str = "chat_template";

/// The bundled template for models without one.
pub(super) const PLAIN: &str = "plain";

/// What a model's folder has for rendering conversations.
#[derive(Debug, Clone, Default)]
pub(super) struct OwnTemplate {
    /// The text of the template; none where the folder has none.
    pub(super) template: Option<String>,
    special_tokens: BTreeMap<String, String>,
}

impl Preflight<'_> {
    /// What the folder of a model has for rendering conversations; none where its files are not on this
    /// machine. `with_tools` chooses among several templates.
    pub(super) async fn own_template(
        &mut self,
        model: &Source,
        with_tools: bool,
    ) -> Result<Option<OwnTemplate>> {
        let folder = PathBuf::from(&model.source);
        if !folder.is_dir() {
            return Ok(None);
        }
        let found = platform::blocking("reading a chat template", move || find(&folder, with_tools)).await;
        self.diagnostics.or_refuse(FIELD, found)
    }

    /// The template with that name: none for the model's own, the name of one that ships with the program, or
    /// the path of a file. Refused where there is none, or it can't be parsed.
    pub(super) async fn template_source(
        &mut self,
        chosen: Option<&str>,
        model: &Source,
        own: Option<OwnTemplate>,
    ) -> Result<Option<TemplateSource>> {
        let Some(own) = own else {
            // Rows are rendered after it was fetched, and the template is looked for then.
            if self.is_awaited(model) {
                return Ok(None);
            }
            let name = &model.name;
            let message = format!(
                "Conversations are rendered with the tokens of '{name}', which is not on this machine. Fetch it first."
            );
            self.diagnostics.refuse(FIELD, message);
            return Ok(None);
        };
        let chosen = match chosen {
            None if own.template.is_none() => {
                let message = format!(
                    "'{}' has no chat template. Plain roles write its conversations, with tokens that it has already; \
                     another template can be chosen.",
                    model.name
                );
                self.diagnostics.warn(FIELD, message);
                Some(PLAIN)
            }
            chosen => chosen,
        };
        let text = match chosen {
            None => own.template,
            Some(name) => match BUNDLED.iter().find(|bundled| bundled.name == name) {
                Some(bundled) => Some(bundled.text.to_owned()),
                None => self.template_file(Path::new(name))?,
            },
        };
        let Some(text) = text else { return Ok(None) };
        let source = TemplateSource {
            text,
            name: chosen.unwrap_or(ChatSpec::OWN_TEMPLATE).to_owned(),
            special_tokens: own.special_tokens,
            now: jiff::Zoned::now().strftime("%Y-%m-%dT%H:%M:%S").to_string(),
        };
        self.find_renderer().await;
        if let Err(error) = ChatTemplate::parse_with(&source, self.other.clone()) {
            let way_out = match error {
                TemplateError::Unsupported { .. } => " With the Python environment of Settings it can.",
                _ => "",
            };
            self.diagnostics.refuse(FIELD, format!("{error}{way_out}"));
            return Ok(None);
        }
        Ok(Some(source))
    }

    fn template_file(&mut self, path: &Path) -> Result<Option<String>> {
        self.inputs.add_file(path);
        let read = std::fs::read_to_string(path).map_err(|error| Error::file("read", path, &error));
        self.diagnostics.or_refuse(FIELD, read)
    }
}

fn find(folder: &Path, with_tools: bool) -> Result<OwnTemplate> {
    Ok(match ::weights::chat_template(folder, with_tools)? {
        Some(found) => OwnTemplate { template: Some(found.text), special_tokens: found.special_tokens },
        None => OwnTemplate { template: None, special_tokens: ::weights::special_tokens(folder)? },
    })
}
