//! The types of configs.

use schema::text_enum;

text_enum! {
    /// The type of a config.
    pub enum ConfigType {
        /// `transformers` training arguments.
        TrainingArguments = "training_arguments", "Training arguments";
        /// Quantization with bitsandbytes.
        BitsandbytesConfig = "bitsandbytes_config", "Quantization (bitsandbytes)";
        /// Text generation.
        GenerationConfig = "generation_config", "Generation";
        /// The LoRA adapter.
        LoraConfig = "lora_config", "LoRA";
        /// The config of a user's training script.
        Custom = "custom", "Custom";
        /// An axolotl config, in YAML.
        Axolotl = "axolotl", "Axolotl (YAML)";
        /// The columns of an axolotl dataset format.
        AxolotlDatasetFormats = "axolotl_dataset_formats", "Axolotl dataset format";
    }
}
