//! The arguments that methods of training have each for itself (the configs of `trl`).

use super::losses;
use crate::{
    Setting, SettingGroup,
    SettingKind::{self, Switch},
};

pub(super) const SFT: SettingGroup =
    SettingGroup { title: "Supervised fine-tuning", method: Some("sft"), settings: SFT_ONLY };

pub(super) const DPO: SettingGroup =
    SettingGroup { title: "Preference (DPO)", method: Some("dpo"), settings: DPO_ONLY };

pub(super) const KTO: SettingGroup =
    SettingGroup { title: "Good and bad answers (KTO)", method: Some("kto"), settings: KTO_ONLY };

pub(super) const ORPO: SettingGroup =
    SettingGroup { title: "Preference (ORPO)", method: Some("orpo"), settings: ORPO_ONLY };

pub(super) const REWARD: SettingGroup =
    SettingGroup { title: "Reward model", method: Some("reward"), settings: REWARD_ONLY };

/// How close the model stays to the one that it is compared with.
const BETA: Setting = Setting::new(
    "beta",
    "Beta",
    "How strongly the model is held to its answers before the training. Choose 0.01 to 0.05 where it should change more, and 0.3 to 0.5 where it starts to write badly; a low beta costs skill in all else, a high one learns little.",
    SettingKind::POSITIVE,
    "0.1",
);

const REFERENCE_FIRST: Setting = Setting::new(
    "precompute_ref_log_probs",
    "Compare in advance",
    "Asks the model before the training what it thinks of all answers, and keeps that. Choose it for the whole model, where it saves the memory of a second copy; it costs one more pass over the rows at the start.",
    Switch,
    "false",
)
.advanced();

const SFT_ONLY: &[Setting] = &[Setting::new(
    "loss_type",
    "Loss",
    "How a wrong token counts. Choose dft if the model forgets what it knew, which costs some of what it would learn from rare answers; nll is right otherwise.",
    SettingKind::Explained { options: losses::SFT, several: false },
    "\"nll\"",
)
.advanced()];

const DPO_ONLY: &[Setting] = &[
    BETA,
    Setting::new(
        "loss_type",
        "Loss",
        "How the two answers of a row are compared. Choose another than sigmoid where its help fits your rows better; the learning rate and beta that work can then be others.",
        SettingKind::Explained { options: losses::DPO, several: true },
        "[\"sigmoid\"]",
    ),
    Setting::new(
        "label_smoothing",
        "Wrong labels",
        "The share of rows whose answers are taken to be the wrong way round, below 0.5; the losses robust, exo_pair, aot and aot_unpaired use it. Choose 0.1 where people disagreed about the answers; it costs clearness where they did not.",
        SettingKind::Number { above: None, min: Some(0.0), max: Some(0.5) },
        "0.0",
    )
    .advanced(),
    REFERENCE_FIRST,
];

const KTO_ONLY: &[Setting] = &[
    BETA,
    Setting::new(
        "loss_type",
        "Loss",
        "How an answer that is good or bad counts. Choose apo_zero_unpaired for a batch size of 1, which kto can't train with; kto costs a further pass for each batch and is the better tested one.",
        SettingKind::Explained { options: losses::KTO, several: false },
        "\"kto\"",
    ),
    Setting::new(
        "desirable_weight",
        "Weight of good answers",
        "How much good answers count. Choose more than 1 if there are fewer good answers than bad ones, so that the sum of both is about the same; it costs caution about the bad ones.",
        SettingKind::NOT_NEGATIVE,
        "1.0",
    ),
    Setting::new(
        "undesirable_weight",
        "Weight of bad answers",
        "How much bad answers count. Choose more than 1 if there are fewer bad answers than good ones, so that the sum of both is about the same; it costs some of what good ones teach.",
        SettingKind::NOT_NEGATIVE,
        "1.0",
    ),
    REFERENCE_FIRST,
];

const ORPO_ONLY: &[Setting] = &[Setting::new(
    "beta",
    "Beta",
    "How much the preference counts beside learning to write the chosen answers. Choose 0.05 to 0.3 where rejected answers are still written too often; too much costs fluency.",
    SettingKind::POSITIVE,
    "0.1",
)];

const REWARD_ONLY: &[Setting] = &[Setting::new(
    "center_rewards_coefficient",
    "Center the scores",
    "Draws the scores towards a mean of zero. Choose 0.01 where scores of different prompts are compared, or in reinforcement learning; it costs a little accuracy.",
    SettingKind::NOT_NEGATIVE,
    "null",
)];
