//! The shape of a linear layer, whatever form its numbers have in the files.

use safetensors::Dtype;

use crate::Tensors;

/// A layer of the files.
pub(super) struct FiledLayer<'a> {
    /// Its name in the files.
    pub(super) name: &'a str,
    /// Outputs and inputs, or as the family writes them; none where packed numbers don't show them.
    pub(super) shape: Option<[u64; 2]>,
}

/// The layers by their weights. `width` is that of the model's layers, which is one side of some packed weights.
pub(super) fn filed_layers(tensors: &Tensors, width: Option<u64>) -> impl Iterator<Item = FiledLayer<'_>> {
    tensors.shapes.iter().filter_map(move |(tensor, (dtype, shape))| {
        let [rows, columns] = shape[..] else { return None };
        let shape = [rows as u64, columns as u64];
        let layer = |ending| tensor.strip_suffix(ending);
        if let Some(name) = layer(".qweight") {
            return Some(FiledLayer { name, shape: of_groups(tensors, name, shape) });
        }
        if let Some(name) = layer(".weight_packed") {
            // Two numbers of four bits in each byte; words may hold four or eight.
            let shape = (*dtype == Dtype::U8).then(|| [shape[0], shape[1] * 2]);
            return Some(FiledLayer { name, shape });
        }
        if let Some(name) = layer(".W_q") {
            return Some(FiledLayer { name, shape: None });
        }
        // Some files name the layer alone.
        let name = layer(".weight").unwrap_or(tensor);
        let shape = match dtype {
            dtype if is_unpacked(*dtype) => Some(shape),
            Dtype::U8 if shape[1] == 1 => by_width(name, shape[0] * 2, width),
            _ => None,
        };
        Some(FiledLayer { name, shape })
    })
}

/// Whether a weight has the shape of its layer: some ways of quantizing pack several numbers into one.
pub(super) fn is_unpacked(dtype: Dtype) -> bool {
    matches!(
        dtype,
        Dtype::F16
            | Dtype::BF16
            | Dtype::F32
            | Dtype::F64
            | Dtype::F8_E4M3
            | Dtype::F8_E5M2
            // bitsandbytes in 8 bits.
            | Dtype::I8
    )
}

/// The shape of a layer of GPTQ, which packs inputs and numbers the group of each, or of AWQ, which packs
/// outputs. Both have a scale for each output.
fn of_groups(tensors: &Tensors, layer: &str, [rows, columns]: [u64; 2]) -> Option<[u64; 2]> {
    let shape = |part: &str| tensors.shapes.get(&format!("{layer}.{part}")).map(|(_, shape)| &shape[..]);
    let [_, outputs] = *shape("scales")? else { return None };
    let outputs = outputs as u64;
    if columns != outputs {
        return Some([outputs, rows]);
    }
    match *shape("g_idx")? {
        [inputs] => Some([outputs, inputs as u64]),
        _ => None,
    }
}

/// Layers whose inputs are as many as the layers of the model are wide.
const FROM_WIDTH: &[&str] =
    &["q_proj", "k_proj", "v_proj", "qkv_proj", "gate_proj", "up_proj", "gate_up_proj"];
/// Layers whose outputs are.
const TO_WIDTH: &[&str] = &["o_proj", "down_proj"];

/// The shape of a layer of so many numbers, which bitsandbytes packs into one row in 4 bits.
fn by_width(layer: &str, numbers: u64, width: Option<u64>) -> Option<[u64; 2]> {
    let leaf = layer.rsplit('.').next().unwrap_or_default();
    let width = width.filter(|width| *width > 0 && numbers.is_multiple_of(*width))?;
    if FROM_WIDTH.contains(&leaf) {
        Some([numbers / width, width])
    } else if TO_WIDTH.contains(&leaf) {
        Some([width, numbers / width])
    } else {
        None
    }
}
