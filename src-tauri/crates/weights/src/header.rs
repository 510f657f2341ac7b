//! Headers of safetensors files: the names, shapes and number formats of the tensors
//! (<https://huggingface.co/docs/safetensors>).

use std::{io::Read as _, path::Path};

use safetensors::{Dtype, tensor::Metadata};
use schema::{Error, Result};
use serde_json::Value;

use crate::{
    files::{open_regular, parse_error},
    json::{parse, pointer_error},
};

/// The limit of the format's reference implementation, in bytes.
const LARGEST_HEADER: u64 = 100_000_000;

/// Reads the header of one file. An error if its shapes and offsets contradict each other, or the file
/// is shorter than the header requires.
pub(crate) fn header(path: &Path) -> Result<Metadata> {
    let failed = |error| Error::file("read", path, &error);
    let mut file = open_regular(path)?;
    let bytes = file.metadata().map_err(failed)?.len();
    let cut = |needed: u64| parse_error(path, &format_args!("it is cut short at {bytes} of {needed} bytes"));
    let mut start = Vec::new();
    (&mut file).take(8).read_to_end(&mut start).map_err(failed)?;
    let Ok(length) = <[u8; 8]>::try_from(&*start) else { return Err(cut(8)) };
    let length = u64::from_le_bytes(length);
    if length > LARGEST_HEADER {
        (&mut file).take(64).read_to_end(&mut start).map_err(failed)?;
        return Err(if platform::is_lfs_pointer(&start) {
            pointer_error(path)
        } else {
            parse_error(path, &"it is not a safetensors file, or damaged at its start")
        });
    }
    if length + 8 > bytes {
        return Err(cut(length + 8));
    }
    let mut text = Vec::new();
    file.take(length).read_to_end(&mut text).map_err(failed)?;
    let header: Metadata = serde_json::from_slice(&text).map_err(|_| parse_error(path, &fault(&text)))?;
    let needed = header.data_len() as u64 + length + 8;
    if needed > bytes { Err(cut(needed)) } else { Ok(header) }
}

/// What is wrong with a header that the library refuses, in a part of a sentence.
fn fault(text: &[u8]) -> String {
    let Ok(tensors) = parse(text) else { return "its header is not that of a safetensors file".to_owned() };
    let named = tensors.iter().filter(|(name, _)| *name != "__metadata__");
    let found = named.into_iter().find_map(|(name, tensor)| tensor_fault(name, tensor));
    found.map_or_else(
        || "in its header, tensors overlap or leave gaps".to_owned(),
        |fault| format!("in its header, {fault}"),
    )
}

fn tensor_fault(name: &str, tensor: &Value) -> Option<String> {
    let list = |key: &str| -> Option<Vec<usize>> {
        let whole = |value: &Value| value.as_u64().and_then(|number| usize::try_from(number).ok());
        tensor.get(key)?.as_array()?.iter().map(whole).collect()
    };
    let dtype = tensor.get("dtype").and_then(Value::as_str).unwrap_or_default();
    let Ok(known) = serde_json::from_value::<Dtype>(dtype.into()) else {
        return Some(format!("the number format '{dtype}' of the tensor {name} is unknown"));
    };
    let (Some(shape), Some(offsets)) = (list("shape"), list("data_offsets")) else {
        return Some(format!("the tensor {name} has no shape or no place in the file"));
    };
    let numbers = shape.iter().try_fold(1_usize, |product, size| product.checked_mul(*size));
    let Some(bits) = numbers.and_then(|numbers| numbers.checked_mul(known.bitsize())) else {
        return Some(format!("the size of the tensor {name} is an overflow of 64 bits"));
    };
    let fits = matches!(*offsets, [start, end] if end.checked_sub(start) == Some(bits / 8));
    (!fits).then(|| format!("the bytes of the tensor {name} do not fit its shape"))
}
