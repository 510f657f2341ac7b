//! Folders, written as other programs write them.

use std::{fs, path::Path};

use safetensors::{Dtype, tensor::TensorView};
use tempfile::TempDir;

pub(crate) const LLAMA: &str = r#"{"architectures":["LlamaForCausalLM"],"model_type":"llama","vocab_size":32,
    "hidden_size":8,"num_hidden_layers":2,"max_position_embeddings":64}"#;

/// How a file begins whose content Git LFS has.
pub(crate) const POINTER: &str = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1234\n";

/// The content of a file.
#[derive(Clone, Copy)]
pub(crate) enum Content<'a> {
    Text(&'a str),
    Bytes(&'a [u8]),
    /// Tensors of 32-bit numbers.
    Tensors(&'a [(&'a str, &'a [usize])]),
    /// Tensors of another format.
    TensorsOf(Dtype, &'a [(&'a str, &'a [usize])]),
    /// An archive of PyTorch's, of that many bytes.
    PyTorch(usize),
}

/// The files of a folder, by name.
pub(crate) type Files<'a> = &'a [(&'a str, Content<'a>)];

/// A folder with these files; a name may have folders in it.
pub(crate) fn folder(files: Files<'_>) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        write(&folder.path().join(name), *content);
    }
    folder
}

pub(crate) fn write(path: &Path, content: Content<'_>) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    match content {
        Content::Text(text) => fs::write(path, text).unwrap(),
        Content::Bytes(bytes) => fs::write(path, bytes).unwrap(),
        Content::Tensors(tensors) => tensors_file(path, Dtype::F32, tensors),
        Content::TensorsOf(dtype, tensors) => tensors_file(path, dtype, tensors),
        Content::PyTorch(size) => {
            let mut archive = b"PK\x03\x04".to_vec();
            archive.resize(size - 22, 0);
            archive.extend(b"PK\x05\x06");
            archive.resize(size, 0);
            fs::write(path, archive).unwrap();
        }
    }
}

fn tensors_file(path: &Path, dtype: Dtype, tensors: &[(&str, &[usize])]) {
    let zeros = vec![0; 65_536];
    let views = tensors.iter().map(|(name, shape)| {
        let bytes = shape.iter().product::<usize>() * dtype.bitsize() / 8;
        ((*name).to_owned(), TensorView::new(dtype, shape.to_vec(), &zeros[..bytes]).unwrap())
    });
    fs::write(path, safetensors::serialize(views, None).unwrap()).unwrap();
}
