//! The types of configurations.

use schema::text_enum;

text_enum! {
    /// What a configuration configures.
    pub enum ConfigType {
        /// `transformers` training arguments.
        TrainingArguments = "training_arguments", "Training arguments";
        /// Quantisation by bitsandbytes.
        BitsandbytesConfig = "bitsandbytes_config", "Quantisation (bitsandbytes)";
        /// Text generation.
        GenerationConfig = "generation_config", "Generation";
        /// The LoRA adapter.
        LoraConfig = "lora_config", "LoRA";
        /// The configuration of a script of one's own.
        Custom = "custom", "Custom";
        /// An axolotl configuration, in YAML.
        Axolotl = "axolotl", "Axolotl (YAML)";
        /// The columns an axolotl dataset format asks for.
        AxolotlDatasetFormats = "axolotl_dataset_formats", "Axolotl dataset format";
    }
}
