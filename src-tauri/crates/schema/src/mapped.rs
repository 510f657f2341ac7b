//! Resources as dictionaries of their set fields.

use serde_json::Value;

use crate::{Error, ErrorCode, Resource, Result, Row, with_article};

/// A resource as a dictionary of its set fields.
pub trait MappedDict: Sized {
    /// Reads a dictionary from column names to values. Keys that are no columns are ignored and null
    /// counts as unset. A value of the wrong type is an error.
    fn from_dict(dict: &Row) -> Result<Self>;
    /// The set fields, in declaration order.
    fn to_dict(&self) -> Row;
}

impl<R: Resource> MappedDict for R {
    fn from_dict(dict: &Row) -> Result<Self> {
        let known: Row = dict
            .iter()
            .filter(|(name, value)| R::TABLE.column(name).is_some() && !value.is_null())
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        R::deserialize(Value::Object(known)).map_err(|error| {
            Error::new(
                ErrorCode::Invalid,
                format!("This is not {}: {error}.", with_article(R::TABLE.singular)),
            )
        })
    }

    fn to_dict(&self) -> Row {
        match serde_json::to_value(self) {
            Ok(Value::Object(dict)) => dict,
            other => {
                tracing::error!("{:?} as a dictionary: {other:?}", R::TABLE);
                Row::new()
            }
        }
    }
}
