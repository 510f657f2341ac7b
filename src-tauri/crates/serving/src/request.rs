//! What is asked to be served.

use std::net::IpAddr;

use schema::{Error, ErrorCode, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// A model and adapters of it to be served, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct ServeRequest {
    /// The id of the model.
    pub model_id: String,
    /// The ids of adapters of it.
    #[serde(default)]
    pub adapter_ids: Vec<String>,
    /// The id or the name of the compute target on which the model is loaded; none for this machine. The endpoint is here.
    #[serde(default)]
    pub target: Option<String>,
    /// The address to listen on; none for this machine alone.
    #[serde(default)]
    pub listen: Option<String>,
    /// The port; 0 for a free one.
    #[serde(default)]
    pub port: u16,
    /// Loads the weights in fewer bits.
    #[serde(default)]
    pub quantization: Option<Quantization>,
    /// The origins whose pages may ask, as `https://example.org`; browsers refuse all others.
    #[serde(default)]
    pub allowed_origins: Vec<String>,
}

/// Fewer bits for the weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub enum Quantization {
    /// NF4 with double quantization.
    #[serde(rename = "4bit")]
    FourBit,
    /// LLM.int8.
    #[serde(rename = "8bit")]
    EightBit,
}

impl Quantization {
    /// The settings of bitsandbytes.
    pub(crate) fn settings(self) -> Map<String, Value> {
        let settings = match self {
            Self::FourBit => json!({
                "load_in_4bit": true, "bnb_4bit_quant_type": "nf4", "bnb_4bit_use_double_quant": true,
                "bnb_4bit_compute_dtype": "bfloat16",
            }),
            Self::EightBit => json!({"load_in_8bit": true}),
        };
        settings.as_object().cloned().unwrap_or_default()
    }
}

impl ServeRequest {
    /// The address that it names.
    pub(crate) fn address(&self) -> Result<IpAddr> {
        match self.listen.as_deref().map(str::trim) {
            None | Some("" | "localhost") => Ok(IpAddr::from([127, 0, 0, 1])),
            Some(text) => text.parse().map_err(|_| {
                Error::new(ErrorCode::Invalid, format!("'{text}' is not an IP address."))
                    .hint("Write one such as 127.0.0.1, or 0.0.0.0 for all networks of this machine.")
                    .on("listen")
            }),
        }
    }

    /// What the user should know before other machines can reach the endpoint; none where they can't.
    pub fn warning(&self) -> Option<String> {
        let address = self.address().ok().filter(|address| !address.is_loopback())?;
        Some(format!(
            "Other machines that reach {address} can use the model with the key. Requests and answers are not encrypted."
        ))
    }
}
