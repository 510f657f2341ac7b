//! The sizes of experts that PEFT trains as parameters.

use super::architecture::{Experts, is_number};
use crate::Tensors;

/// The numbers that LoRA adds to the experts and routers of a model for each rank: inputs and outputs of each
/// matrix, as often as PEFT multiplies the rank.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct ExpertSizes {
    /// Of the two fused matrices of all experts.
    pub(super) halves: u64,
    /// Of the matrices that lead back, of all experts.
    pub(super) down: u64,
    /// Of the routers.
    pub(super) routers: u64,
}

impl ExpertSizes {
    /// The sizes by the shapes in the files, where experts are separate.
    pub(super) fn new(experts: Experts, tensors: &Tensors) -> Self {
        let [gate, up] = experts.halves();
        let mut sizes = Self::default();
        for (name, (_, shape)) in &tensors.shapes {
            let ([rows, columns], Some(name)) = (&shape[..], name.strip_suffix(".weight")) else { continue };
            let (rows, columns) = (*rows as u64, *columns as u64);
            let mut parts = name.rsplit('.');
            let (leaf, above, group) = (parts.next(), parts.next(), parts.next());
            let expert = group == Some("experts") && above.is_some_and(is_number);
            match leaf {
                // Twice the rank, of outputs twice as wide: half of the inputs are each one's share.
                Some(leaf) if expert && (leaf == gate || leaf == up) => {
                    sizes.halves = sizes.halves.saturating_add(columns + 2 * rows);
                }
                Some(leaf) if expert && leaf == experts.down() => {
                    sizes.down = sizes.down.saturating_add(rows + columns);
                }
                Some("gate") if !expert => sizes.routers = sizes.routers.saturating_add(rows + columns),
                _ => {}
            }
        }
        sizes
    }
}
