//! The most memory that a training takes at once, from the sizes of its model and what the libraries keep.
//!
//! The counts are those of the pinned transformers, PEFT and TRL: of the tensors that autograd saves for a
//! layer, and of those that TRL's loss holds. `cargo xtask test --memory` holds the sum to what real trainings
//! take.

use resources::Method;

use super::size::Size;

/// What a training takes, in bytes. The parts add up to the most that it takes at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Memory {
    /// Libraries, and what they allocate for good in their first steps.
    pub(crate) stack: u64,
    /// The weights that stay as they are, with the copy that a method compares with.
    pub(crate) weights: u64,
    /// The weights that are trained, their gradients, and what the optimizer holds.
    pub(crate) learning: u64,
    /// What is kept of the rows of a batch, and computed with them.
    pub(crate) rows: u64,
}

/// The processor's memory that torch, transformers and their libraries take, a tiny training included.
const STACK: u64 = 950 << 20;
/// The memory of a GPU that CUDA takes for itself.
const CONTEXT: u64 = 500 << 20;
/// Tokens and vocabulary of a tile, in which TRL computes the scores of tokens.
const TILE: [u64; 2] = [4096, 32_768];
/// Bytes for each score of a tile while TRL's loss goes back through it on a processor: eight numbers in 32 bits
/// at once, and a mask.
const SCORE_BACK: u64 = 33;
/// The same while it evaluates: four numbers, and masks.
const SCORE: u64 = 18;
/// Bytes for each score of ORPO, whose trainer holds the scores of all tokens, and several copies of them.
/// Six and a half numbers in 32 bits, measured.
const ORPO_SCORE: u64 = 26;

impl Memory {
    pub(crate) fn new(size: &Size) -> Self {
        let stack = if size.on_cpu { STACK } else { CONTEXT };
        let weights = match (size.full, size.copies()) {
            (true, false) => 0,
            (true, true) => product([size.model.parameters, 4]),
            (false, _) => size.frozen(),
        };
        let trained = size.trained();
        let (own, gradients) = (product([trained, 4]), product([trained, 4]));
        let held = product([trained, size.optimizer]);
        // While the loss is computed, while the last gradients are, and while the weights are updated.
        let summed = if size.accumulates || !size.full { gradients } else { 0 };
        let at_loss = sum([summed, size.kept(), size.at_loss()]);
        let at_end = sum([gradients, size.embedding_gradient().max(size.at_update())]);
        let evaluating = size.evaluating();
        let most = at_loss.max(at_end).max(evaluating);
        // Gradients once more where processes exchange them.
        let exchanged = if size.processes > 1 { gradients } else { 0 };
        let learning = sum([own, gradients, held, exchanged]);
        Self { stack, weights, learning, rows: sum([most.saturating_sub(gradients), size.holes()]) }
    }

    /// All that one process takes.
    pub(crate) fn total(&self) -> u64 {
        sum([self.stack, self.weights, self.learning, self.rows])
    }
}

impl Size {
    /// Bytes of the model's weights where they stay as they are.
    fn frozen(&self) -> u64 {
        let model = &self.model;
        let other = |parameters| product([parameters, if self.on_cpu { 4 } else { model.stored }]);
        let parameters = match self.method {
            // Its head gives one number.
            Method::Reward => model.parameters.saturating_sub(model.output),
            _ => model.parameters,
        };
        match self.bits {
            None => other(parameters),
            Some(bits) => {
                // A scale of 32 bits for each block of 64 weights, or of 8 bits where scales are quantized.
                let scales = match (bits, self.nested) {
                    (4, false) => model.linear / 16,
                    (4, true) => model.linear / 63,
                    _ => 0,
                };
                // What is not packed becomes 32 bits wide.
                let rest = product([parameters.saturating_sub(model.linear), 4]);
                sum([product([model.linear, bits]) / 8, scales, rest])
            }
        }
    }

    /// The tokens of a batch.
    fn tokens(&self) -> u64 {
        product([self.batch, self.answers(), self.length])
    }

    /// Bytes of a number of the hidden states that layers add to.
    fn residual(&self) -> u64 {
        if self.on_cpu || self.full || self.bits.is_some() { 4 } else { self.model.stored.max(2) }
    }

    /// Bytes of a number that layers compute.
    fn computed(&self) -> u64 {
        match self.bits {
            // bitsandbytes gives what it got: the hidden states.
            Some(_) => self.residual(),
            None if self.mixed => 2,
            None => self.residual(),
        }
    }

    /// Bytes that all layers keep for the backward pass of a batch, where they keep them.
    fn all_layers(&self) -> u64 {
        let model = &self.model;
        let (computed, layers) = (self.computed(), model.layers);
        let attended = if self.mixed { 2 } else { computed };
        let several = product([self.batch, self.answers()]) > 1;
        // Each of the two norms computes in 32 bits, and keeps what it scales where its weights are trained.
        let norms = product([2, model.hidden, if self.full { 8 } else { 4 }]);
        // Queries, keys, values and the result. Where rows of different lengths are masked, keys and values
        // are spread over all heads.
        let [queries, keys] = [model.attention, model.key_value];
        let attention = product([2, if several { product([2, queries]) } else { queries + keys }, attended]);
        let mlp = product([if model.gated { 3 } else { 2 }, model.intermediate, computed]);
        let a_layer = product([sum([norms, attention, mlp]), layers]);
        // The mask is made of numbers, for each layer anew.
        let masks = if several { product([self.length, attended, layers]) } else { 0 };
        product([self.tokens(), sum([a_layer, masks, self.inputs_of_linear()])])
    }

    /// Bytes that the linear layers of the model keep of what goes into them, for each token.
    fn inputs_of_linear(&self) -> u64 {
        let model = &self.model;
        let attended = product([model.attention, model.layers]);
        let own = match (self.full, self.on_cpu || !self.mixed) {
            (true, true) => product([self.inputs.distinct, 4]),
            // Each takes a copy in 16 bits, but the one behind attention, which has one.
            (true, false) => product([self.inputs.each.saturating_sub(attended), 2]),
            // What is dropped, and what is left.
            (false, true) if self.dropout => product([self.adapted.each, 8]),
            (false, true) => product([self.adapted.distinct, 4]),
            (false, false) => product([self.adapted.each, if self.dropout { 3 } else { 2 }]),
        };
        let in_eight_bits = if self.bits == Some(8) { product([self.inputs.each, 2]) } else { 0 };
        sum([own, in_eight_bits])
    }

    /// Bytes that are kept of a batch while the loss is computed.
    fn kept(&self) -> u64 {
        let model = &self.model;
        if self.checkpointing {
            return product([self.tokens(), model.hidden, model.layers, self.residual()]);
        }
        // Copies of the weights in 16 bits.
        let cast = if self.full && self.mixed { product([model.linear, 2]) } else { 0 };
        sum([self.all_layers(), cast])
    }

    /// Bytes that the loss takes, or going back through the last layer, beside what is kept.
    fn at_loss(&self) -> u64 {
        let again = if self.checkpointing { self.all_layers() / self.model.layers.max(1) } else { 0 };
        let back = sum([again, self.through_a_layer(self.tokens())]);
        let gradient = match self.method {
            Method::Reward => 0,
            _ if self.full => self.embeddings(),
            _ => 0,
        };
        let scores = self.scores(self.tokens(), SCORE_BACK);
        sum([gradient, self.at_head(self.tokens(), 2), scores.max(back)])
    }

    /// Bytes that a processor's allocator holds free, between blocks that are in use, as a share of what layers
    /// compute. With every block of its own (`MALLOC_MMAP_THRESHOLD_`) there are none, and the rest of the sum is
    /// what is measured. Measured with glibc 2.36, whose aligned blocks seldom fit into the hole of a block of the
    /// same size; the same training takes up to a tenth more or less of it each time.
    fn holes(&self) -> u64 {
        let layers = self.all_layers();
        if !self.on_cpu {
            0
        } else if self.full || !self.checkpointing {
            layers / 3 * 2
        } else if self.bits == Some(4) {
            // Weights are unpacked into the holes of the layer before.
            layers / 3
        } else {
            // A layer is computed again into the holes of the one before.
            layers / 2
        }
    }

    /// Bytes of gradients that are there at once on the way through a layer: three of the inner width.
    fn through_a_layer(&self, tokens: u64) -> u64 {
        let width = sum([product([3, self.model.intermediate]), product([2, self.model.hidden])]);
        product([tokens, width, self.computed()])
    }

    /// Bytes of the last hidden states: normed, as a copy, and their gradient.
    fn at_head(&self, tokens: u64, copies: u64) -> u64 {
        product([tokens, self.model.hidden, sum([product([copies, self.residual()]), 8])])
    }

    /// Bytes of the scores of the vocabulary.
    fn scores(&self, tokens: u64, each: u64) -> u64 {
        let vocabulary = self.model.vocabulary;
        let rows = tokens.min(TILE[0]);
        match self.method {
            Method::Reward => 0,
            Method::Orpo => product([tokens, vocabulary, ORPO_SCORE]),
            _ if self.on_cpu => product([rows, vocabulary.min(TILE[1]), each]),
            _ => {
                // A GPU's kernel works in one tile, and with a part of the weights in its precision.
                let number = if self.mixed { 2 } else { self.residual() };
                let cast =
                    if self.residual() == number { 0 } else { product([TILE[1], self.model.hidden, 2]) };
                sum([product([rows, TILE[1], number]), cast])
            }
        }
    }

    /// Bytes of the gradient of embeddings that share their weights with the output layer, which has one too.
    fn embedding_gradient(&self) -> u64 {
        if self.full && self.model.output == 0 { self.embeddings() } else { 0 }
    }

    /// Bytes that an update of the weights takes: copies of the largest weight, or of all at once. A fused
    /// optimizer makes none.
    fn at_update(&self) -> u64 {
        if self.at_once {
            return product([self.trained(), 4]);
        }
        if self.full && self.on_cpu && !self.fused { product([self.embeddings(), 2]) } else { 0 }
    }

    /// Bytes of the embeddings in 32 bits.
    fn embeddings(&self) -> u64 {
        product([self.model.vocabulary, self.model.hidden, 4])
    }

    /// Bytes that an evaluation takes: nothing is kept but what goes through a layer.
    fn evaluating(&self) -> u64 {
        let Some(batch) = self.evaluated else { return 0 };
        let tokens = product([batch, self.answers(), self.length]);
        let scores = self.scores(tokens, SCORE);
        sum([self.at_head(tokens, 2), scores.max(self.through_a_layer(tokens))])
    }
}

/// Saturating, because a form accepts any number.
pub(super) fn product<const N: usize>(numbers: [u64; N]) -> u64 {
    numbers.into_iter().fold(1, u64::saturating_mul)
}

pub(super) fn sum<const N: usize>(numbers: [u64; N]) -> u64 {
    numbers.into_iter().fold(0, u64::saturating_add)
}
