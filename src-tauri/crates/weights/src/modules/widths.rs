//! How wide the linear layers of a model are: what a training keeps of them depends on it.

use std::collections::BTreeSet;

use super::{
    architecture::Kind,
    model_modules::{Module, Modules},
};

/// The numbers that go into some linear layers for each token, of all layers of the model together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Inputs {
    /// Those of each layer by itself.
    pub each: u64,
    /// Layers that stand side by side, such as the projections of queries, keys and values, get the same
    /// numbers: those count once.
    pub distinct: u64,
}

impl Inputs {
    /// The inputs of these modules; none where the shape of one is not known.
    pub(super) fn new<'a>(modules: impl Iterator<Item = &'a Module>) -> Option<Self> {
        let mut inputs = Self::default();
        let mut known = BTreeSet::new();
        for module in modules {
            let [_, width] = module.shape?;
            let place = module.name.rsplit_once('.').map_or("", |(place, _)| place);
            inputs.each = inputs.each.saturating_add(width);
            if known.insert((place, width)) {
                inputs.distinct = inputs.distinct.saturating_add(width);
            }
        }
        Some(inputs)
    }
}

impl Modules {
    /// The inputs of all linear layers but the output layer; none where their shapes are not known.
    pub fn inputs(&self) -> Option<Inputs> {
        Inputs::new(self.linear()).filter(|inputs| inputs.each > 0)
    }

    /// The number of parameters of all linear layers but the output layer, which are those that quantizing
    /// packs; none where their shapes are not known.
    pub fn linear_parameters(&self) -> Option<u64> {
        let mut sizes =
            self.linear().map(|module| module.shape.map(|[rows, columns]| rows.saturating_mul(columns)));
        let sum = sizes.try_fold(0_u64, |sum, size| Some(sum.saturating_add(size?)));
        sum.filter(|sum| *sum > 0)
    }

    /// The number of parameters of an output layer that does not share them with the embeddings.
    pub fn output_parameters(&self) -> u64 {
        let head = self.modules.iter().find(|module| module.kind == Kind::Head && module.filed);
        head.and_then(|head| head.shape).map_or(0, |[rows, columns]| rows.saturating_mul(columns))
    }

    /// Whether the layers multiply one projection with the activation of another, as SwiGLU does.
    pub fn is_gated(&self) -> bool {
        self.linear().any(|module| module.name.rsplit('.').next().is_some_and(|leaf| leaf.contains("gate")))
    }

    fn linear(&self) -> impl Iterator<Item = &Module> {
        self.modules.iter().filter(|module| matches!(module.kind, Kind::Linear | Kind::Kept))
    }
}
