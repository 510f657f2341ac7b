//! A resource as a dictionary of its set fields, the same way for every resource.

use serde_json::Value;

use crate::{Error, ErrorCode, Resource, Result, Row};

/// A resource as a dictionary of its set fields.
pub trait MappedDict: Sized {
    /// From column names to values. A key that is no column is ignored, null counts as unset, and
    /// a value of the wrong type is an error that names it.
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
            Error::new(ErrorCode::Invalid, format!("This is not a {}: {error}.", R::TABLE.singular))
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
