//! What Git leaves in place of a file that Git LFS stores.

/// How such a pointer begins (<https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md>).
pub const LFS_POINTER: &[u8] = b"version https://git-lfs.github.com/spec/";

/// Whether the content of a file is that of a Git LFS pointer.
pub fn is_lfs_pointer(content: &[u8]) -> bool {
    content.starts_with(LFS_POINTER)
}
