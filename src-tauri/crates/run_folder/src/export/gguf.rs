//! Settings of exports to GGUF and Ollama.

use schema::text_enum;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

text_enum! {
    /// The number format of most weights in a GGUF file.
    pub enum GgufType {
        /// 32 bits.
        F32 = "f32", "F32";
        /// 16 bits.
        F16 = "f16", "F16";
        /// 16 bits with the range of 32.
        Bf16 = "bf16", "BF16";
        /// Blocks of 32 weights of 8 bits.
        Q8 = "q8_0", "Q8_0";
        /// Blocks of 256 weights of 6 bits.
        Q6 = "q6_k", "Q6_K";
        /// Blocks of 256 weights of 5 bits, some of 6.
        Q5 = "q5_k_m", "Q5_K_M";
        /// Blocks of 256 weights of 4 bits, some of 6.
        Q4 = "q4_k_m", "Q4_K_M";
        /// Blocks of 256 weights of 3 bits, some of 4 and 5.
        Q3 = "q3_k_m", "Q3_K_M";
        /// Blocks of 256 weights of 2 bits, some of 3 and 4.
        Q2 = "q2_k", "Q2_K";
    }
}

text_enum! {
    /// What of an adapter and its base model is written as GGUF.
    pub enum GgufOf {
        /// The model, with the adapter merged into it if there is one.
        Merged = "merged", "The merged model";
        /// The adapter alone, which llama.cpp lays over its base model.
        Adapter = "adapter", "The adapter alone";
    }
}

/// How a model or an adapter is written as one GGUF file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct GgufSettings {
    /// The number format of the weights.
    pub r#type: GgufType,
    /// What is written.
    pub of: GgufOf,
}

/// How a folder for Ollama is written: a GGUF file and a Modelfile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct OllamaSettings {
    /// The number format of the weights.
    pub r#type: GgufType,
    /// The name of the model in Ollama, such as `ticket-labels:v2`. Empty in a request: one made of the name
    /// of the result.
    #[serde(default)]
    pub name: String,
    /// The system prompt of each conversation that has none.
    #[serde(default)]
    pub system: Option<String>,
    /// `PARAMETER` lines by name: numbers, texts, or lists of them.
    #[serde(default)]
    pub parameters: Map<String, Value>,
    /// Whether the model is also created in the Ollama at `host`.
    #[serde(default)]
    pub create: bool,
    /// The address of Ollama; none for that of `OLLAMA_HOST`, else the usual one on this machine.
    #[serde(default)]
    pub host: Option<String>,
}
