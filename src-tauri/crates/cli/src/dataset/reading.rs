//! The arguments that say how a file is read.

use std::ffi::OsString;

use clap::{
    Args,
    builder::{OsStringValueParser, TypedValueParser},
};
use studio::{
    DatasetSource, Error,
    datasets::{Quote, ReadOptions, Separator, TextEncoding},
};

/// How a file is read; what is not given is found in its bytes.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "How the file is read")]
pub(crate) struct ReadArguments {
    /// The character between the fields of a CSV file, or `tab` [default: the one found]
    #[arg(long, value_name = "C|tab", value_parser = parse::<Separator>)]
    separator: Option<Separator>,
    /// The encoding of the text, such as `windows-1252` [default: UTF-8, or UTF-16 if it is]
    #[arg(long, value_name = "NAME", value_parser = parse::<TextEncoding>)]
    encoding: Option<TextEncoding>,
    /// How quotes are written within the fields of a CSV file: double or backslash [default: double]
    #[arg(long, value_name = "HOW", value_parser = parse::<Quote>)]
    quote: Option<Quote>,
}

/// The list that is read of a JSON file.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "How the file is read")]
pub(crate) struct ListArgument {
    /// The key of the list of rows, where a JSON file is one object
    #[arg(long, value_name = "KEY")]
    list: Option<String>,
}

fn parse<T: std::str::FromStr<Err = String>>(text: &str) -> Result<T, String> {
    text.parse()
}

impl ReadArguments {
    pub(crate) fn options(&self, list: &ListArgument) -> ReadOptions {
        self.with_list(list.list.clone())
    }

    pub(crate) fn with_list(&self, list: Option<String>) -> ReadOptions {
        let Self { separator, encoding, quote } = *self;
        ReadOptions { separator, encoding, quote, list, ..ReadOptions::default() }
    }

    pub(crate) fn source(&self, source: DatasetSource, list: &ListArgument) -> Result<DatasetSource, Error> {
        source.read_as(self.options(list))
    }
}

/// A file or a dataset: whatever looks like an id is one.
pub(crate) fn source_parser() -> impl TypedValueParser<Value = DatasetSource> {
    OsStringValueParser::new().map(|text: OsString| DatasetSource::from_text(text))
}
