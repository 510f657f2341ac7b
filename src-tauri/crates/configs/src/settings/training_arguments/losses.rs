//! The losses of `trl`, by method.

use crate::ExplainedOption;

/// Of supervised fine-tuning.
pub(super) const SFT: &[ExplainedOption] = &[
    ExplainedOption {
        value: "nll",
        help: "Each token counts by how unlikely it was. Choose it to teach something new; much of it can cost what the model knew before.",
    },
    ExplainedOption {
        value: "dft",
        help: "Tokens that were very unlikely count less (dynamic fine-tuning). Choose it on small or mixed sets of rows, to keep what the model knows; what is wholly new to it is learned more slowly.",
    },
];

/// Of direct preference optimization.
pub(super) const DPO: &[ExplainedOption] = &[
    ExplainedOption {
        value: "sigmoid",
        help: "The loss of the paper on DPO: the chosen answer should be likelier by far than the rejected one. Choose it first; on few or contradicting rows it overfits after an epoch or two.",
    },
    ExplainedOption {
        value: "hinge",
        help: "As sigmoid, but a pair that is separated well enough counts no more. Choose it where sigmoid overfits; hard pairs then take longer.",
    },
    ExplainedOption {
        value: "ipo",
        help: "Aims at a fixed distance between the two answers instead of an ever greater one. Choose it for pairs that differ little, or several epochs; beta then means that distance, and must be found anew.",
    },
    ExplainedOption {
        value: "exo_pair",
        help: "Moves the whole distribution of answers towards the preference. Choose it with many pairs of one prompt; it needs wrong labels of about 0.001, and is less tested.",
    },
    ExplainedOption {
        value: "nca_pair",
        help: "Also keeps the chosen answer from getting less likely. Choose it where answers get worse although margins grow; it separates the two answers more slowly.",
    },
    ExplainedOption {
        value: "robust",
        help: "Reckons with pairs that are the wrong way round. Choose it for noisy preferences, with wrong labels set to their share; on clean pairs it costs clearness.",
    },
    ExplainedOption {
        value: "bco_pair",
        help: "Judges each answer by itself as good or bad, and not only against the other. Choose it where chosen answers are good in themselves; pairs of two bad answers mislead it.",
    },
    ExplainedOption {
        value: "sppo_hard",
        help: "Pushes the likelihood of each answer towards a fixed value. Choose it in rounds, where the model's own answers were compared; in a single round it moves the model little.",
    },
    ExplainedOption {
        value: "aot",
        help: "Compares the answers of a batch in order of their rewards, not row by row. Choose it for large batches; with a batch of 1 it is the same as sigmoid.",
    },
    ExplainedOption {
        value: "aot_unpaired",
        help: "As aot, but chosen and rejected answers are ordered apart. Choose it for large batches where the two answers of a row have little in common; small batches make it noisy.",
    },
    ExplainedOption {
        value: "apo_zero",
        help: "Makes chosen answers likelier and rejected ones less likely. Choose it where chosen answers are better than what the model writes now; otherwise it teaches worse answers.",
    },
    ExplainedOption {
        value: "apo_down",
        help: "Makes both answers less likely, and the rejected one more so. Choose it where even chosen answers are worse than what the model writes now; otherwise it unlearns good ones.",
    },
    ExplainedOption {
        value: "discopop",
        help: "A loss that was found by a search, between sigmoid and an exponential one. Choose it to try something else where sigmoid stops early; it is little tested.",
    },
    ExplainedOption {
        value: "sft",
        help: "Learns to write the chosen answers and ignores the rejected ones. Choose it beside another loss, in a list, to keep answers fluent; alone it is supervised fine-tuning at a higher price.",
    },
    ExplainedOption {
        value: "sigmoid_norm",
        help: "As sigmoid, by the mean of an answer's tokens. Choose it where the model's answers get longer and longer; the learning rate or beta has to be higher.",
    },
];

/// Of Kahneman-Tversky optimization.
pub(super) const KTO: &[ExplainedOption] = &[
    ExplainedOption {
        value: "kto",
        help: "The loss of the paper on KTO, by how far the model has moved in all. Choose it first; it needs a batch size of 2 or more, and a further pass for each batch.",
    },
    ExplainedOption {
        value: "apo_zero_unpaired",
        help: "Makes good answers likelier and bad ones less likely, each by itself. Choose it for a batch size of 1, or to save time; good answers must be better than what the model writes now.",
    },
];
