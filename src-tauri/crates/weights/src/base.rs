//! The base model that an adapter names.

use std::path::Path;

use resources::{Model, hub_name_in_path, is_hub_name};

/// The base model that an adapter names (`base_model_name_or_path`): a Hub name or a folder.
#[derive(Debug, Clone, Copy)]
pub struct BaseModel<'a>(pub &'a str);

impl BaseModel<'_> {
    /// The name on the Hub, if this is one or a folder in the cache of the Hub.
    pub fn hub_name(&self) -> Option<String> {
        hub_name_in_path(self.0).or_else(|| is_hub_name(self.0).then(|| self.0.to_owned()))
    }

    /// Whether this row is the model. Case does not matter in Hub names.
    pub fn is(&self, model: &Model) -> bool {
        let location = model.location.as_deref();
        let cached = location.and_then(hub_name_in_path);
        let names = [model.huggingface_model_name.as_deref(), cached.as_deref()];
        let same_name = self
            .hub_name()
            .is_some_and(|wanted| names.into_iter().flatten().any(|name| name.eq_ignore_ascii_case(&wanted)));
        same_name
            || model.name.as_deref() == Some(self.0)
            || location.is_some_and(|at| same_folder(at, self.0))
    }
}

fn same_folder(one: &str, other: &str) -> bool {
    let real = |path: &str| Path::new(path).canonicalize().ok();
    // `Path` compares components, so a slash at the end does not matter.
    Path::new(one) == Path::new(other) || real(one).is_some_and(|one| Some(one) == real(other))
}
